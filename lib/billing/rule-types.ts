/** What price rules and the margin guard say (J11, docs/billing-rules.md, "Price rules"). */
import { z } from 'zod'
import { moneySchema, periodSchema } from './values.ts'

const centsSchema = moneySchema.refine(
  (value) => /^\d{1,9}(\.\d{1,2})?$/.test(value),
  'An amount of up to two decimals.',
)
export const percentSchema = z.string().regex(/^\d{1,4}(\.\d{1,2})?$/, 'A percentage of up to two decimals.')

/** What a price rule says (J11): of a unit, in the connection's currency. */
export const ruleTermsSchema = z.discriminatedUnion('kind', [
  /** PRISM's unit cost and so many per cent of it, half up to cents. */
  z.object({ kind: z.literal('cost-plus'), percent: percentSchema }),
  z.object({ kind: z.literal('fixed'), unitPrice: centsSchema }),
  /** The price that the subscription has in ConnectWise already; where it has none, PRISM's. */
  z.object({ kind: z.literal('keep') }),
])
export type RuleTerms = Readonly<z.infer<typeof ruleTermsSchema>>

export const ruleScopeSchema = z.enum(['customer-product', 'customer', 'product', 'program'])

/** The rule under which something was written, as it was then. */
export const writtenRuleSchema = z.object({ scope: ruleScopeSchema, terms: ruleTermsSchema })
export type WrittenRule = Readonly<z.infer<typeof writtenRuleSchema>>

/** `tenantId` and `sku` name what it is for; neither: the whole program. */
export const priceRuleSchema = z.object({
  /** Another one each time what it says is changed. */
  id: z.string(),
  tenantId: z.string().nullable(),
  sku: z.string().nullable(),
  /**
   * `null`: for each new quantity, and no addition that is there is ended for it. A month: for what begins then or later, and what
   * runs on into it at another price is replaced once.
   */
  from: periodSchema.nullable(),
  terms: ruleTermsSchema,
})
export type PriceRule = Readonly<z.infer<typeof priceRuleSchema>>

/** The margin that the guard asks for, as per cent of the price. */
const MARGIN = 'Enter a percentage from 0 to 99.99 of up to two decimals, or null for off.'
export const marginPercentSchema = z.string(MARGIN).regex(/^\d{1,2}(\.\d{1,2})?$/, MARGIN)
