/** Two months of PRISM's invoices compared, as the API shows them (J5). */
import { z } from 'zod'
import { amountSchema, daySchema, moneySchema, periodSchema } from '#lib/billing/types.ts'
import { month, oneOf, page, search, text } from './fields.ts'

const fields = {
  /** The other month; left out: the one before, of which there is an invoice. */
  against: month.optional(),
  /** A row for each customer or for each product; with one of them named, for each of its subscriptions. */
  by: oneOf(['customer', 'product']).default('customer'),
  customer: text('a customer’s id', { most: 100, least: 0 }).default(''),
  product: text('a product', { most: 500, least: 0 }).default(''),
  search: search.default(''),
}
export const reconciliationListQuerySchema = z.object(fields)
export type ReconciliationListQuery = z.infer<typeof reconciliationListQuerySchema>
export const reconciliationQuerySchema = z.object({ ...fields, page })
export type ReconciliationQuery = z.infer<typeof reconciliationQuerySchema>

const partSchema = z.object({
  reason: z.enum(['new', 'ended', 'more', 'fewer', 'price', 'cost', 'other', 'rounding', 'unread']),
  from: daySchema.nullable(),
  /** In words, as `2 fewer from 20 Jul 2026 (10 → 8)`. */
  text: z.string(),
  /** What it makes of the difference, later less earlier. */
  amount: amountSchema,
})

const rowSchema = z.object({
  /** Unique among the rows. */
  key: z.string(),
  /** `''`: of no customer that is known; of a product’s row, of several. */
  tenantId: z.string(),
  customer: z.string(),
  /** `''`: of several. What was upgraded, extended or renewed is one row with what it goes on as: `Basic → Premium`. */
  product: z.string(),
  /** `''`: of several, or of none; with another id that it goes on under: both, with ` → ` between. */
  subscriptionId: z.string(),
  earlier: amountSchema,
  later: amountSchema,
  /** Later less earlier; the sum of its parts, exactly. */
  difference: amountSchema,
  /** Price less cost, of the later month. */
  margin: moneySchema,
  /** What ConnectWise’s additions bill of it in the later month, retail; `null`: no sync of that month has it. */
  billed: moneySchema.nullable(),
  parts: z.array(partSchema),
})
export type ReconciledRow = z.infer<typeof rowSchema>

export const reconciliationSchema = z.object({
  /** The month that comes first, and the other. */
  earlier: periodSchema,
  later: periodSchema,
  /** Months that can be compared, the newest first. */
  months: z.array(periodSchema),
  currency: z.string(),
  by: z.enum(['customer', 'product']),
  customer: z.object({ id: z.string(), name: z.string() }).nullable(),
  product: z.string().nullable(),
  /** Of all rows that there are, not of this page alone; with a search, of those that fit. */
  total: z.object({ earlier: amountSchema, later: amountSchema, difference: amountSchema }),
  rows: z.array(rowSchema),
  page: z.number().int(),
  pageSize: z.number().int(),
  count: z.number().int(),
})
export type ReconciliationContent = z.infer<typeof reconciliationSchema>
