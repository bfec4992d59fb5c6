import { z } from 'zod'
import { periodSchema, ruleScopeSchema, ruleTermsSchema, writtenRuleSchema } from '#lib/billing/types.ts'
import { moneySchema, quantitySchema } from '#lib/billing/values.ts'
import { month, prismId, search, text } from './fields.ts'

/** Rules that one answer lists. */
export const MOST_RULES = 500
/** Subscriptions that a preview lists. */
export const MOST_PREVIEWED = 50

const PERCENT = 'Enter a percentage from 0 to 1000 of up to two decimals, for example 12.5.'
const PRICE = 'Enter a price from 0 to 999999.99 of up to two decimals, for example 22.60.'
const termsInputSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('cost-plus'),
      percent: z
        .string(PERCENT)
        .trim()
        .regex(/^\d{1,4}(\.\d{1,2})?$/, PERCENT)
        .refine((value) => Number(value) <= 1000, PERCENT),
    }),
    z.strictObject({
      kind: z.literal('fixed'),
      unitPrice: z
        .string(PRICE)
        .trim()
        .regex(/^\d{1,6}(\.\d{1,2})?$/, PRICE)
        .pipe(moneySchema),
    }),
    z.strictObject({ kind: z.literal('keep') }),
  ],
  { error: 'Choose cost-plus, fixed or keep.' },
)

const places = {
  /** Left out or null: all customers. */
  tenantId: prismId('a customer’s id').nullable().default(null),
  /** Left out or null: all products. */
  sku: text('a product’s SKU', { most: 100 }).nullable().default(null),
  /** The month from which on it holds, for what runs on into it, too; left out or null: each new quantity. */
  from: month.nullable().default(null),
}

export const ruleInputSchema = z.strictObject({ ...places, terms: termsInputSchema })

export const rulesQuerySchema = z.object({
  search: search.default(''),
  /** Those that this customer can have: its own, products’ and the program’s. */
  tenantId: prismId('a customer’s id').optional(),
})

/** The page of the rules: `for` and `sku` begin one for a customer or a product. */
export const rulesPageQuerySchema = z.object({
  search: search.default(''),
  for: text('a customer’s id', { least: 0, most: 100 }).default(''),
  sku: text('a product’s SKU', { least: 0, most: 100 }).default(''),
})

const ruleSchema = z.object({
  id: z.uuid(),
  customer: z.object({ id: z.string(), name: z.string() }).nullable(),
  product: z.object({ sku: z.string(), name: z.string() }).nullable(),
  scope: ruleScopeSchema,
  from: periodSchema.nullable(),
  terms: ruleTermsSchema,
  changedBy: z.string(),
  changedAt: z.iso.datetime(),
})
export type ShownRule = z.infer<typeof ruleSchema>

export const savedRuleSchema = z.object({ rule: ruleSchema })

export const rulesSchema = z.object({
  /** Of the whole program first, then of products, then of customers; the first of `count`. */
  rules: z.array(ruleSchema),
  count: z.number().int(),
  currency: z.string(),
  /** The margin guard of the program, per cent of the price; `null`: it is off. */
  marginPercent: z.string().nullable(),
})
export type ShownRules = z.infer<typeof rulesSchema>

export const rulePreviewInputSchema = z
  .strictObject({
    /** A rule as it would be saved. */
    rule: ruleInputSchema.optional(),
    /** The id of a rule as if it were removed. */
    remove: z.uuid('Choose a rule by its id.').optional(),
  })
  .refine(
    ({ rule, remove }) => (rule === undefined) !== (remove === undefined),
    'Send either a rule, or the id of one to remove.',
  )

/** Money is retail, of the first month that ConnectWise has not invoiced and no invoice has decided. */
const previewedSchema = z.object({
  agreementId: z.number().int(),
  customer: z.object({ id: z.string(), name: z.string() }),
  subscriptionId: z.string(),
  product: z.string(),
  quantity: quantitySchema,
  before: writtenRuleSchema.nullable(),
  after: writtenRuleSchema.nullable(),
  prices: z.array(z.object({ cost: moneySchema, prism: moneySchema, written: moneySchema })),
  /** What it bills a month as it is, and with the change. */
  now: moneySchema,
  changed: moneySchema,
  /** What its quantity would bill a month at the price with the change, whenever that is written. */
  atRule: moneySchema,
  creates: z.number().int(),
  ends: z.number().int(),
  /** It takes hold a month later, as what runs on begins only then. */
  isLater: z.boolean(),
  isBelowCost: z.boolean(),
  isBelowMargin: z.boolean(),
})

export const rulePreviewSchema = z.object({
  /** The usage month of the invoice that it is by; `null`: there is none yet. */
  period: periodSchema.nullable(),
  /** When the agreement that was read longest ago was read. */
  readAt: z.iso.datetime().nullable(),
  /** Agreements that were never read, of which nothing is told. */
  unread: z.number().int(),
  subscriptions: z.number().int(),
  customers: z.number().int(),
  now: moneySchema,
  changed: moneySchema,
  atRule: moneySchema,
  /** Additions that the next syncs create and end. */
  creates: z.number().int(),
  ends: z.number().int(),
  /** Subscriptions of which it takes hold a month later. */
  later: z.number().int(),
  belowCost: z.number().int(),
  belowMargin: z.number().int(),
  currency: z.string(),
  /** Those whose amount a month would move most; the first of `subscriptions`. */
  rows: z.array(previewedSchema),
})
export type ShownRulePreview = z.infer<typeof rulePreviewSchema>
