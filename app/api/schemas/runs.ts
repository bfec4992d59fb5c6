import { z } from 'zod'
import { runPointSchema } from '#lib/billing/run-points.ts'
import { amountSchema, moneySchema, periodSchema, statusSchema } from '#lib/billing/types.ts'
import { periodOutcomeSchema } from '#lib/ledger/outcome.ts'
import { oneOf, page, programSlug, recordId, search } from './fields.ts'
import { guardFoundSchema } from './invoices.ts'
import { firstProgram } from './programs.ts'

export const runsQuerySchema = z.object({
  program: programSlug.default(firstProgram),
  kind: oneOf(['customers', 'products']).optional(),
  page,
})

/**
 * `headings`: without the subscriptions of its customers and without its products. `progress`: how far it is and nothing that
 * grows with it, for who asks each second.
 */
export const runDetails = ['all', 'headings', 'progress'] as const
export const runQuerySchema = z.object({ detail: oneOf(runDetails).default('all') })

const moment = z.iso.datetime()
const stateSchema = z.enum(['queued', 'running', 'finished'])

const runFields = {
  id: z.uuid(),
  program: z.string(),
  kind: z.enum(['customers', 'products']),
  trigger: z.enum(['schedule', 'hand', 'pod', 'api']),
  actor: z.string(),
  state: stateSchema,
  status: statusSchema.nullable(),
  note: z.string().nullable(),
  firstPeriod: periodSchema.nullable(),
  lastPeriod: periodSchema.nullable(),
  createdAt: moment,
  startedAt: moment.nullable(),
  finishedAt: moment.nullable(),
  /** The sync that it takes back; `null`: it takes none back. */
  undoes: z.uuid().nullable(),
  /** Whether it set back what somebody edited by hand, and synced nothing. */
  setsBack: z.boolean(),
}

const AGREEMENTS = 'Name 1 to 1,000 agreements by their ids, or none.'
/** Left out: every agreement that the sync wrote to. */
export const undoInputSchema = z.object({
  agreementIds: z.array(recordId, AGREEMENTS).min(1, AGREEMENTS).max(1000, AGREEMENTS).optional(),
})

const shownRunSchema = z.object(runFields)
export type ShownRun = z.infer<typeof shownRunSchema>

export const runsSchema = z.object({
  runs: z.array(shownRunSchema),
  page: z.number().int(),
  pageSize: z.number().int(),
})

export const runSearchSchema = z.object({
  program: programSlug.default(firstProgram),
  search: search.default(''),
  page,
})

/** Agreements of syncs in which a search was found. */
export const foundRunsSchema = z.object({
  found: z.array(
    z.object({
      runId: z.uuid(),
      createdAt: moment,
      trigger: shownRunSchema.shape.trigger,
      actor: z.string(),
      agreementId: z.number().int(),
      companyName: z.string(),
      agreementName: z.string(),
      status: statusSchema.nullable(),
      firstPeriod: periodSchema.nullable(),
      lastPeriod: periodSchema.nullable(),
      /** What of it was found: a message with its product; `null`: its customer, or a subscription or product that it has. */
      message: z.string().nullable(),
      product: z.string().nullable(),
    }),
  ),
  page: z.number().int(),
  /** Whether there are older ones. */
  hasMore: z.boolean(),
  /** Older syncs are just being read in, and may be found later. */
  isReadingIn: z.boolean(),
})
export type FoundRuns = z.infer<typeof foundRunsSchema>

/** One agreement of a run, its subscriptions under their periods. */
export const runAgreementSchema = z.object({
  agreementId: z.number().int(),
  agreementName: z.string(),
  companyId: z.number().int(),
  companyName: z.string(),
  tenantIds: z.array(z.string()),
  state: stateSchema,
  status: statusSchema.nullable(),
  message: z.string().nullable(),
  detail: z.string().nullable(),
  remedy: z.string().nullable(),
  reference: z.string().nullable(),
  doing: z.string().nullable(),
  /** Empty where only headings were asked for. */
  periods: z.array(periodOutcomeSchema),
})
export type RunAgreement = z.infer<typeof runAgreementSchema>

const causePointSchema = runPointSchema.extend({
  agreementId: z.number().int(),
  agreementName: z.string(),
  companyName: z.string(),
  tenantIds: z.array(z.string()).readonly(),
  /** Retail, of all its months together, never negative; `null`: it is about no amount. */
  amount: moneySchema.nullable(),
})
export type CausePoint = z.infer<typeof causePointSchema>

/** Errors or Warnings that say the same, whoever’s they are. */
const causeSchema = z.object({
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  /** What all of its points say to do; `''`: each says its own. */
  remedy: z.string(),
  customers: z.number().int(),
  amount: moneySchema.nullable(),
  points: z.array(causePointSchema).readonly(),
})

const amountsSchema = z.object({ unitCost: moneySchema, unitPrice: moneySchema })

const productResultSchema = z.object({
  sku: z.string(),
  name: z.string(),
  status: statusSchema,
  what: z.enum(['created', 'updated', 'failed', 'noted']),
  catalogItemId: z.number().int().nullable(),
  before: amountsSchema.nullable(),
  after: amountsSchema.nullable(),
  message: z.string().nullable(),
  remedy: z.string().nullable(),
})

export const runSchema = z.object({
  ...runFields,
  stopRequestedBy: z.string().nullable(),
  /** What it is doing now; of a run over customers, what one of those under way is. */
  doing: z.string().nullable(),
  progress: z.object({ done: z.number().int(), total: z.number().int() }),
  /** What was synced of its customers: an entry for each agreement, with the tenants that are mapped to it. */
  customers: z.array(runAgreementSchema),
  /** What is wrong in it, the largest first. */
  causes: z.array(causeSchema),
  /** Of a run over products: what came of all; `null` before it is finished. */
  counts: z
    .object({
      created: z.number().int(),
      updated: z.number().int(),
      unchanged: z.number().int(),
      failed: z.number().int(),
    })
    .nullable(),
  /** Invoices of its months of which the guards hold something of its agreements still (F18). */
  guards: z.array(guardFoundSchema.extend({ invoiceId: z.string(), period: periodSchema })),
  /** What invoices of its months charge that no customer is known of. */
  unclaimed: z.array(z.object({ invoiceId: z.string(), period: periodSchema, amount: amountSchema })),
  /** Of a run over products: those that were written, or about which there is something to say. */
  products: z.array(productResultSchema),
})
export type RunContent = z.infer<typeof runSchema>
