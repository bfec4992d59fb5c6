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
  'PUT /api/programs/{program}/subscriptions/{subscriptionId}/term-end': {
    id: 'setTermEnd',
    does: 'Says when a subscription’s term ends, or takes that back (J12).',
    access: 'invoices.decide',
    path: { program, subscriptionId: anyId },
    body: termEndInputSchema,
    reply: 'nothing',
  },
} as const satisfies Contracts
