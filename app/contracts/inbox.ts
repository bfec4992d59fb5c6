import { costOptional } from '#app/api/schemas/cost-optional.ts'
import { fileQuery } from '#app/api/schemas/file-query.ts'
import { inboxListQuerySchema, inboxQuerySchema, inboxSchema } from '#app/api/schemas/inbox.ts'
import { startedRunSchema } from '#app/api/schemas/jobs.ts'
import { agreedPriceSchema, mutedSchema, muteInputSchema, mutesSchema } from '#app/api/schemas/mutes.ts'
import { previewSchema } from '#lib/billing/plan-money.ts'
import type { Contracts } from './contract.ts'
import { anyId, program, uuid } from './in-path.ts'

export const inbox = {
  'GET /api/inbox': {
    id: 'inbox',
    does: 'What waits for a person, by cause, what is about most money first, each with the calls that answer it (J1).',
    access: 'customers.read',
    onScreen: 'shown',
    query: inboxQuerySchema,
    reply: inboxSchema,
  },
  'GET /api/inbox/csv': {
    id: 'inboxCsv',
    does: 'All that waits for a person and fits, item by item, as CSV (J1).',
    access: 'customers.read',
    onScreen: 'shown',
    query: fileQuery(inboxListQuerySchema),
    reply: 'csv',
  },
  'GET /api/programs/{program}/mutes': {
    id: 'mutes',
    does: 'What is muted: of which customer, why and until when (J3).',
    access: 'program.read',
    path: { program },
    reply: mutesSchema,
  },
  'POST /api/programs/{program}/customers/{tenantId}/mutes': {
    id: 'mute',
    does: 'Mutes what stays of one customer and cause: it leaves the inbox and all counts until its time is over or its amount changes (J3).',
    access: 'customers.mute',
    onScreen: 'customer',
    path: { program, tenantId: anyId },
    body: muteInputSchema,
    reply: mutedSchema,
  },
  'DELETE /api/programs/{program}/customers/{tenantId}/mutes/{id}': {
    id: 'unmute',
    does: 'Takes a mute back: what it hid waits again.',
    access: 'customers.mute',
    onScreen: 'customer',
    path: { program, tenantId: anyId, id: uuid },
    reply: 'nothing',
  },
  'GET /api/programs/{program}/customers/{tenantId}/price/{subscriptionId}': {
    id: 'previewPrice',
    does: 'What a sync would write if PRISM’s price were billed where an addition has another one (J3).',
    access: 'customers.sync',
    onScreen: 'customer',
    path: { program, tenantId: anyId, subscriptionId: anyId },
    reply: costOptional(previewSchema),
  },
  'POST /api/programs/{program}/customers/{tenantId}/price/{subscriptionId}': {
    id: 'billPrice',
    does: 'Bills PRISM’s price from the day that was offered on, by the sync that it starts (J3).',
    access: 'customers.sync',
    onScreen: 'customer',
    path: { program, tenantId: anyId, subscriptionId: anyId },
    body: agreedPriceSchema,
    reply: startedRunSchema,
    status: 202,
  },
} as const satisfies Contracts
