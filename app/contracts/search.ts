import { searchQuerySchema, searchSchema } from '#app/api/schemas/search.ts'
import type { Contracts } from './contract.ts'

export const search = {
  'GET /api/search': {
    id: 'search',
    does: 'Customers, companies, agreements, subscriptions, products, invoices, runs, messages and pages with all the words (J15).',
    access: 'program.read',
    query: searchQuerySchema,
    reply: searchSchema,
  },
} as const satisfies Contracts
