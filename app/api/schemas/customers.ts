import { z } from 'zod'
import { customerSorts, customerStates } from '#db/queries/customers.ts'
import { amountSchema, periodSchema, statusSchema } from '#lib/billing/types.ts'
import { flag, month, oneOf, page, prismId, queriedId, recordId, search } from './fields.ts'
import { firstSyncSchema } from './pod.ts'

const sorts = customerSorts.flatMap((column) => [column, `-${column}`] as const)

export const customersQuerySchema = z.object({
  search: search.default(''),
  state: oneOf(['', ...customerStates]).default(''),
  /** A column, with `-` in front for descending. */
  sort: oneOf(['name', ...sorts]).default('name'),
  page,
})
export type CustomersQuery = z.infer<typeof customersQuerySchema>

export const mappingInputSchema = z.strictObject({
  companyId: recordId,
  agreementId: recordId,
  syncEnabled: flag,
  /** Where the mapping moves: from which month on the new agreement bills, or that what is open on the old one stays. */
  takesOver: month.optional(),
  leave: flag.optional(),
})

/** Clearing: the last month that is billed on the agreement, or that what is open there stays. */
export const clearQuerySchema = z
  .strictObject({
    end: month.optional(),
    leave: z.literal('true', 'Say true, or leave it out.').optional(),
  })
  .refine(({ end, leave }) => end === undefined || leave === undefined, {
    message: 'Choose a last month, or that everything stays as it is.',
    path: ['end'],
  })

export const consequencesQuerySchema = z.strictObject({ agreementId: queriedId.optional() })

export const mappingSchema = z.object({
  companyId: z.number().int(),
  companyName: z.string(),
  agreementId: z.number().int(),
  agreementName: z.string(),
  syncEnabled: z.boolean(),
})

export const customerSchema = z.object({
  tenantId: z.string(),
  name: z.string(),
  domain: z.string(),
  /** `attention`: its Sync is on, and its last result is a Warning or an Error. */
  state: z.enum(['unmapped', 'mapped', 'syncing', 'attention']),
  /** A sync of it waits or is under way. */
  running: z.boolean(),
  mapping: mappingSchema.nullable(),
  /** Which invoice its first sync would take (E6). */
  firstSync: firstSyncSchema,
  lastResult: z.object({ runId: z.uuid(), status: statusSchema, finishedAt: z.iso.datetime() }).nullable(),
})
export type Customer = z.infer<typeof customerSchema>

export const customersSchema = z.object({
  customers: z.array(customerSchema),
  page: z.number().int(),
  pageSize: z.number().int(),
  total: z.number().int(),
})
export type Customers = z.infer<typeof customersSchema>

export const mappedCustomerSchema = z.object({
  tenantId: z.string(),
  mapping: mappingSchema,
  firstSync: firstSyncSchema,
})

export const nextPeriodSchema = z.strictObject({ first: month })

export const skipInputSchema = z.strictObject({
  subscriptionId: prismId('a subscription’s id'),
  period: month,
})
/** `skipped` is what was invoiced in the month that nobody bills now. */
export const skippedSchema = z.object({
  subscriptionId: z.string(),
  period: periodSchema,
  skipped: amountSchema,
})
