import { fileQuery } from '#app/api/schemas/file-query.ts'
import { renewalsQuerySchema, renewalsSchema, termEndInputSchema } from '#app/api/schemas/renewals.ts'
import type { Contracts } from './contract.ts'
import { anyId, program } from './in-path.ts'

export const renewals = {
  'GET /api/programs/{program}/renewals': {
    id: 'renewals',
    does: 'Terms that end soon with their price now and to come, and what waits of annual terms (J12).',
    access: 'invoices.read',
    path: { program },
    query: renewalsQuerySchema,
    reply: renewalsSchema,
  },
  'GET /api/programs/{program}/renewals/csv': {
    id: 'renewalsCsv',
    does: 'All of these lists as one table, as CSV (J12).',
    access: 'invoices.read',
    path: { program },
    query: fileQuery(renewalsQuerySchema),
    reply: 'csv',
  },
  'PUT /api/programs/{program}/subscriptions/{subscriptionId}/term-end': {
    id: 'setTermEnd',
    does: 'Says when a subscription’s term ends, or takes that back (J12).',
    access: 'invoices.decide',
    path: { program, subscriptionId: anyId },
    body: termEndInputSchema,
    reply: 'nothing',
  },
} as const satisfies Contracts
