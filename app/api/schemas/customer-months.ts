/** A customer's usage months, and who did what about it. */
import { z } from 'zod'
import { amountSchema, daySchema, periodSchema, statusSchema } from '#lib/billing/types.ts'
import { periodOutcomeSchema } from '#lib/ledger/outcome.ts'
import { auditSchema } from './audit.ts'
import { costOptional } from './cost-optional.ts'
import { idInAddress, page, prismId } from './fields.ts'
import { momentSchema, namedSchema } from './pod.ts'
import { secondProofSchema } from './second-proof.ts'

export const customerMonthsQuerySchema = z.object({ page })

export const customerMonthQuerySchema = z.object({
  /** Where the customer was mapped to another agreement then; left out: the newest that has the month. */
  agreementId: idInAddress.optional(),
  /** The annual invoice of that month (J9), by PRISM’s id; left out: the month itself. */
  invoiceId: prismId('an invoice’s id').optional(),
})

const customerMonthSchema = z.object({
  period: periodSchema,
  /** It is an annual invoice of that month (J9), with PRISM’s id. */
  annual: z.object({ invoiceId: z.string(), issuedOn: daySchema }).nullable(),
  agreement: namedSchema,
  companyName: z.string(),
  /** The customer’s own, where the agreement bills several: of what syncs, as PRISM invoiced it. */
  invoiced: amountSchema,
  /** What its additions bill of the month. */
  billed: amountSchema,
  /** Price; the reasons of a difference each with its part. */
  verdict: z.object({
    tone: z.enum(['good', 'warn', 'bad']),
    sentence: z.string(),
    terms: z.array(z.object({ amount: z.string(), reason: z.string() })),
  }),
  /** The worst of its subscriptions. */
  status: statusSchema,
  /** Whether ConnectWise has invoiced the month; `null`: it does not say. */
  isBilled: z.boolean().nullable(),
  /** What ConnectWise itself says of the agreement’s month, all its customers together (J6); `null`: that was not compared. */
  second: secondProofSchema.nullable(),
  syncedAt: momentSchema,
  actor: z.string(),
  runId: z.uuid(),
})

/** The newest month first, each as its last sync left it. */
export const customerMonthsSchema = costOptional(
  z.object({
    months: z.array(customerMonthSchema),
    page: z.number().int(),
    pageSize: z.number().int(),
    total: z.number().int(),
  }),
)
export type CustomerMonths = z.infer<typeof customerMonthsSchema>

export const customerMonthDetailSchema = costOptional(
  customerMonthSchema.extend({
    /** Whether the agreement bills other customers, too, which are left out here. */
    isShared: z.boolean(),
    outcome: periodOutcomeSchema,
  }),
)
export type CustomerMonthDetail = z.infer<typeof customerMonthDetailSchema>

export const customerEventsQuerySchema = z.object({ page })

const syncedSchema = z.object({
  id: z.uuid(),
  at: momentSchema,
  actor: z.string(),
  agreementName: z.string(),
  status: statusSchema,
  /** Why it was stopped or waits. */
  note: z.string().nullable(),
  firstPeriod: periodSchema.nullable(),
  lastPeriod: periodSchema.nullable(),
  /** What it was: a sync, the undo of one, or edits set back. */
  kind: z.enum(['sync', 'undo', 'set-back']),
})

/** What people did about the customer, and its syncs; the newest first. */
export const customerEventsSchema = z.object({
  events: z.array(
    z.discriminatedUnion('of', [
      z.object({ of: z.literal('audit'), event: auditSchema.shape.events.element }),
      z.object({ of: z.literal('sync'), event: syncedSchema }),
    ]),
  ),
  page: z.number().int(),
  /** Whether there are older ones. */
  hasMore: z.boolean(),
})
export type CustomerEvents = z.infer<typeof customerEventsSchema>
