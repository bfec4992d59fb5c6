import { z } from 'zod'
import { daySchema, periodSchema, statusSchema } from '#lib/billing/types.ts'
import { periodOutcomeSchema } from '#lib/ledger/outcome.ts'
import { agreementFindingSchema } from './connectwise.ts'
import { costOptional } from './cost-optional.ts'
import { firstSyncSchema } from './customers.ts'
import { prismId } from './fields.ts'
import { inboxSchema } from './inbox.ts'
import { secondProofSchema } from './second-proof.ts'
import { suggestedCustomerSchema } from './suggestions.ts'

export const momentSchema = z.iso.datetime()
export const programNameSchema = z.object({ slug: z.string(), name: z.string() })
export const namedSchema = z.object({ id: z.number().int(), name: z.string() })

export const mappedTenantSchema = z.object({
  id: z.string(),
  name: z.string(),
  domain: z.string(),
  syncs: z.boolean(),
  firstSync: firstSyncSchema,
  /** Which of its first two months it is in, in which its additions are checked before they are invoiced (G6); `null`: none. */
  checkMonth: z.union([z.literal(1), z.literal(2)]).nullable(),
})

/** A tenant that was mapped to the agreement and is no more (E5). */
export const movedTenantSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The last month that is billed here; `null`: what it has here was left as it is. */
  until: periodSchema.nullable(),
  /** Where it is mapped now; `null`: nowhere. */
  goesTo: z.string().nullable(),
  /** Nothing of it is left to write here. */
  isDone: z.boolean(),
})
export type MovedTenant = z.infer<typeof movedTenantSchema>

/** The last finished sync of the agreement. */
export const syncResultSchema = z.object({
  runId: z.uuid(),
  finishedAt: momentSchema,
  actor: z.string(),
  status: statusSchema,
  /** Why it was stopped or waits (G2). */
  note: z.string().nullable(),
  /** An error of the agreement as a whole. */
  message: z.string().nullable(),
  detail: z.string().nullable(),
  remedy: z.string().nullable(),
  reference: z.string().nullable(),
  /** Newest month first. */
  periods: z.array(costOptional(periodOutcomeSchema)),
})

export const syncProgressSchema = z.object({
  runId: z.uuid(),
  state: z.enum(['queued', 'running']),
  done: z.number().int(),
  total: z.number().int(),
  doing: z.string().nullable(),
  /** `null` while it waits for its turn. */
  startedAt: momentSchema.nullable(),
  stopping: z.boolean(),
})

/** What who looks may do here: `skip` is for the organisation's own people, `seeCost` whether the amounts have it. */
export const maySchema = z.object({
  sync: z.boolean(),
  map: z.boolean(),
  skip: z.boolean(),
  seeCost: z.boolean(),
  undo: z.boolean(),
})

export const podContentSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('mapped'),
    program: programNameSchema,
    agreement: namedSchema,
    company: namedSchema,
    currency: z.string(),
    /** It is a One-Time agreement, whose periods are annual invoices (J9). */
    isOneTime: z.boolean(),
    programEnabled: z.boolean(),
    lastCheckedAt: momentSchema.nullable(),
    tenants: z.array(mappedTenantSchema),
    moved: z.array(movedTenantSchema),
    result: syncResultSchema.nullable(),
    running: syncProgressSchema.nullable(),
    /** The sync that wrote to the agreement last, where it can be undone (J2); `null`: there is none. */
    undoes: z.uuid().nullable(),
    /** What of the agreement waits for a person, or was decided by one; `null`: nothing. */
    todo: inboxSchema.nullable(),
    /** What ConnectWise itself says of the newest month (J6); `null`: that was not compared. */
    second: secondProofSchema.nullable(),
    may: maySchema,
  }),
  z.object({
    state: z.literal('unmapped'),
    /** When ConnectWise was read for it. */
    readAt: momentSchema,
    /** The one that it would be mapped for. */
    program: programNameSchema,
    agreement: namedSchema,
    company: namedSchema,
    /** What speaks against mapping it, and what is only worth knowing (A5). */
    findings: z.array(agreementFindingSchema),
    /** The customers that may be the company, the likeliest first. */
    suggested: z.array(suggestedCustomerSchema),
    /** What to search for among the others. */
    search: z.string(),
    moved: z.array(movedTenantSchema),
    /** What is left of customers that were mapped to it; `null`: nothing. */
    todo: inboxSchema.nullable(),
    may: maySchema,
  }),
])
export type PodContent = z.infer<typeof podContentSchema>
export type MappedContent = Extract<PodContent, { state: 'mapped' }>
export type UnmappedContent = Extract<PodContent, { state: 'unmapped' }>
export type SyncResult = z.infer<typeof syncResultSchema>
export type SyncProgress = z.infer<typeof syncProgressSchema>

const syncedMonthSchema = z.object({
  period: periodSchema,
  /** It is an annual invoice of that month (J9), with PRISM’s id. */
  annual: z.object({ invoiceId: z.string(), issuedOn: daySchema }).nullable(),
  syncedAt: momentSchema,
  actor: z.string(),
})
export const agreementMonthQuerySchema = z.object({
  /** The annual invoice of that month (J9), by PRISM’s id; left out: the month itself. */
  invoiceId: prismId('an invoice’s id').optional(),
})
/** Of an agreement, the newest first: each with its last sync. */
export const agreementMonthsSchema = z.object({ months: z.array(syncedMonthSchema) })
export const agreementMonthSchema = syncedMonthSchema.extend({ outcome: costOptional(periodOutcomeSchema) })

/** What keeps the next sync from the agreement; empty where nothing does. */
export const agreementFitnessSchema = z.object({ findings: z.array(agreementFindingSchema) })

/**
 * A verified member's session: with `token` its pod acts on the record that it was asked for. The cookie that is set beside it
 * only looks, so that the first response of the next page holds its content.
 */
export const podSessionSchema = z.object({
  member: z.object({ id: z.string(), name: z.string() }),
  token: z.string(),
  expiresAt: momentSchema,
  /** How long that is from now, whatever the reader's clock says. */
  seconds: z.number().int(),
  /** Whether the browser's cookie was another member's: what it made the server show was theirs. */
  wasOther: z.boolean(),
})
export type PodSession = z.infer<typeof podSessionSchema>
