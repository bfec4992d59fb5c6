import { z } from 'zod'
import { appliedPeriodPlanSchema } from '#db/values.ts'
import { periodSchema, statusSchema } from '#lib/billing/types.ts'

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
}

export const runsSchema = z.object({
  runs: z.array(z.object(runFields)),
  page: z.number().int(),
  pageSize: z.number().int(),
})

/** One agreement of a run, its subscriptions under their periods. */
export const runCustomerSchema = z.object({
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
  periods: z.array(appliedPeriodPlanSchema),
})

export const runSchema = z.object({
  ...runFields,
  stopRequestedBy: z.string().nullable(),
  progress: z.object({ done: z.number().int(), total: z.number().int() }),
  customers: z.array(runCustomerSchema),
})
