import { inboxQuerySchema, inboxSchema } from '#app/api/schemas/inbox.ts'
import type { Contracts } from './contract.ts'

export const inbox = {
  'GET /api/inbox': {
    id: 'inbox',
    does: 'What waits for a person, by cause, what is about most money first, each with the calls that answer it (J1).',
    access: 'customers.read',
    onScreen: 'shown',
    query: inboxQuerySchema,
    reply: inboxSchema,
  },
} as const satisfies Contracts
