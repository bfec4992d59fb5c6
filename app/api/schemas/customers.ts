import { z } from 'zod'
import { customerSorts, customerStates } from '#db/mappings/customers.ts'
import { amountSchema, moneySchema, periodSchema, quantitySchema, statusSchema } from '#lib/billing/types.ts'
import { followsSchema } from './answers.ts'
import { agreementFindingSchema } from './connectwise.ts'
import { flag, idInAddress, month, oneOf, page, prismId, recordId, search, yesOrNo } from './fields.ts'

const sorts = customerSorts.flatMap((column) => [column, `-${column}`] as const)

const CUSTOMERS = 'Name from 1 to 1000 customers by their ids, or leave them out for all that wait.'
const begin = oneOf(['next', 'catch-up', 'elsewhere'])

/** Which customers, whatever the page. */
export const customersListQuerySchema = z.object({
  search: search.default(''),
  state: oneOf(['', ...customerStates]).default(''),
})
export type CustomersListQuery = z.infer<typeof customersListQuerySchema>

export const customersQuerySchema = customersListQuerySchema.extend({
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
  /** How it begins where ConnectWise has invoiced its first month already; `null`: as the program says; left out: as before. */
  begin: begin.nullable().optional(),
  /** Where Sync is switched on again, which of the months missed meanwhile are synced; left out: all. */
  missed: oneOf(['latest', 'all']).optional(),
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

export const consequencesQuerySchema = z.strictObject({ agreementId: idInAddress.optional() })

/** Whether the other customers that are mapped to the agreement are taken as if their Sync was on, too. */
export const planQuerySchema = z.strictObject({ others: yesOrNo.default('no') })

/** Which invoice the first sync takes (E6); `null` where no stored invoice contains the tenant. */
export const firstSyncSchema = z.object({ invoiceId: z.string(), period: periodSchema }).nullable()

export const mappingSchema = z.object({
  companyId: z.number().int(),
  companyName: z.string(),
  agreementId: z.number().int(),
  agreementName: z.string(),
  syncEnabled: z.boolean(),
})

/** Terms of a customer that are billed at once (J9). */
export const annualTermsSchema = z.object({
  /** Whether the program carries them. */
  isOn: z.boolean(),
  /** Its One-Time agreement. */
  mapping: mappingSchema.nullable(),
  /** What annual invoices charge and nobody bills, as it has none, or its Sync is off; at RRP. */
  waits: moneySchema.nullable(),
})
export type AnnualTerms = z.infer<typeof annualTermsSchema>

export const oneTimeInputSchema = z.strictObject({
  companyId: recordId,
  agreementId: recordId,
  syncEnabled: flag,
})
const leftOneTime = z
  .object({ agreementName: z.string(), additions: z.number().int() })
  .nullable()
  .describe('Additions of ours on the agreement that it left: they stay, as each is invoiced once.')
export const oneTimeMappedSchema = z.object({
  tenantId: z.string(),
  oneTime: mappingSchema,
  left: leftOneTime,
})
export const oneTimeClearedSchema = z.object({ left: leftOneTime })

export const customerSchema = z.object({
  tenantId: z.string(),
  name: z.string(),
  domain: z.string(),
  /** `attention`: its Sync is on, and its last result is a Warning or an Error. */
  state: z.enum(['unmapped', 'mapped', 'syncing', 'attention']),
  /** A sync of it waits or is under way. */
  running: z.boolean(),
  mapping: mappingSchema.nullable(),
  /** Terms that are billed at once; `null` where they are off and it has none. */
  annual: annualTermsSchema.nullable(),
  /** Which invoice its first sync would take (E6). */
  firstSync: firstSyncSchema,
  /** An invoice has it that no sync of it took up yet. */
  isBehind: z.boolean(),
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

/** An answer for many customers at once; of all that wait for it where none is named. */
export const beginInputSchema = z.strictObject({
  tenantIds: z.array(prismId('a customer’s id'), CUSTOMERS).min(1, CUSTOMERS).max(1000, CUSTOMERS).optional(),
  begin,
})
/** `runId` is `null` where nobody waits, or Sync is off. */
export const begunSchema = z.object({ tenantIds: z.array(z.string()), runId: z.uuid().nullable() })

export const beginningQuerySchema = z.object({ agreementId: idInAddress })

export const mappingWritesQuerySchema = z.object({ companyId: idInAddress, agreementId: idInAddress })
/** What would be sent to ConnectWise, in its order. */
export const mappingWritesSchema = z.object({
  writes: z.array(z.object({ kind: z.enum(['createCatalogItem', 'create', 'end', 'update', 'delete']) })),
})
export type MappingWrites = z.infer<typeof mappingWritesSchema>

/** What a customer's next sync on an agreement would take, before it is enabled (E6). */
export const beginningSchema = z.object({
  /** Before a first sync the months to sync, later those missed since the last one; oldest first, each with its amount at RRP. */
  months: z.array(z.object({ period: periodSchema, price: moneySchema })),
  /** Whether no month of it was synced on this agreement yet. */
  isFirst: z.boolean(),
  /** Whether ConnectWise has invoiced the latest of the months; `null`: it does not say. */
  isInvoiced: z.boolean().nullable(),
  /** What other agreements of the company bill of it already, a month at their prices. */
  alsoBilled: z.array(
    z.object({
      agreementName: z.string(),
      additionId: z.number().int(),
      product: z.string(),
      quantity: quantitySchema,
      price: moneySchema,
    }),
  ),
  /** As was said of the customer, and as the program says. */
  begin: begin.nullable(),
  byDefault: begin,
  /** What speaks against the customer on the agreement, by the customer's own first month, and what is worth knowing (A5). */
  findings: z.array(agreementFindingSchema),
})
export type Beginning = z.infer<typeof beginningSchema>

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
  ...followsSchema.shape,
})
/** `planned` is what is invoiced in the month that is planned again now. */
export const unskippedSchema = z.object({
  subscriptionId: z.string(),
  period: periodSchema,
  planned: amountSchema,
  ...followsSchema.shape,
})
