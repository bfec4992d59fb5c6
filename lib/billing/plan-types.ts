/** A plan: a month of an agreement, subscription by subscription, with every cent of its difference. */
import { z } from 'zod'
import { changeSchema, createCatalogItemChangeSchema, createChangeSchema } from './changes.ts'
import { findingSchema, statusSchema, stepSchema } from './finding-types.ts'
import { carriedLineSchema } from './records.ts'
import { amountSchema, daySchema, periodSchema, quantitySchema } from './values.ts'

/**
 * invoiced - billed = the sum of all other terms, each computed on its own (docs/billing-rules.md,
 * "What must hold"); totals, price and cost.
 */
export const termSchema = z.enum([
  /** An addition of an annual subscription (F4). */
  'annualAddition',
  /** An addition whose subscription is ignored, refused, contested or not synced here. */
  'aside',
  /** An addition that no invoice explains. */
  'unknown',
  /** An addition of which a person said that it is nobody's, stays, or when it ends. */
  'nobodys',
  /** An addition that a person has to cancel (F9). */
  'leftOver',
  /** An addition with a reserved serial number. */
  'reserved',
  /** The correction by which ConnectWise's bill equals PRISM's (J10): the rounding with the other sign. */
  'exactAmounts',
  /** What ConnectWise has billed otherwise, as somebody changed an addition around its invoice, or PRISM's own came after it. */
  'drift',
  /** What was written under a price rule (J11): PRISM's price less the rule's, price only. */
  'priceRule',
  /** What waits for a person. */
  'waiting',
  /** Of a month that a person skipped or passed over. */
  'skipped',
  /** Of a month before the subscription's first one here. */
  'beforeStart',
  /** Of a subscription that is billed in another way, as a person said. */
  'billedElsewhere',
  /** Of a customer that moved to another agreement. */
  'movedAway',
])
export type Term = z.infer<typeof termSchema>

export const reconciliationSchema = z.object({
  invoiced: amountSchema,
  billed: amountSchema,
  ignored: amountSchema,
  failed: amountSchema,
  priceChange: amountSchema,
  asAdopted: amountSchema,
  edited: amountSchema,
  notBilled: amountSchema,
  rounding: amountSchema,
  unexplained: amountSchema,
  /** What else is billed, or not, by name; left out where it is nothing. */
  terms: z.partialRecord(termSchema, amountSchema).optional(),
})
export type Reconciliation = z.infer<typeof reconciliationSchema>

/** Why a plan waits for a person (docs/billing-rules.md, "Waits"). */
export const waitQuestionSchema = z.enum([
  /** The month came after a later one was good, and ConnectWise has invoiced it, or that is not known. */
  'late',
  /** Nothing of the customer is billed here yet, and ConnectWise has invoiced the month: how is it to begin? */
  'first-sync',
  /** The invoice changes so much that a person should look first (F18). */
  'guard',
  /** It is not known how ConnectWise billed one of its additions on days that the plan looks at. */
  'billed',
  /** An earlier month of it waits for a person's answer. */
  'earlier',
])
export type WaitQuestion = z.infer<typeof waitQuestionSchema>

/** A line of an annual invoice of which a person is asked whether it is billed here, with what a yes would write. */
export const askedLineSchema = z.object({
  line: carriedLineSchema,
  /** Of the file; `null`: the invoice does not have it any more. */
  row: z.number().int().nullable(),
  /**
   * Its addition was deleted; an earlier invoice has the same line; a person's addition may bill it; it gives back what is not
   * billed here.
   */
  why: z.enum(['missing', 'twice', 'by-hand', 'credit']),
  /** Says it to people. */
  finding: findingSchema,
  changes: z.array(createChangeSchema),
})
export type AskedLine = z.infer<typeof askedLineSchema>

export const subscriptionPlanSchema = z.object({
  /**
   * A subscription and product, by the month or of an annual invoice; the end of one whose customer moved away; the agreement's Azure;
   * the credits and adjustments of a subscription and product (F1); an addition that is left over (F9), or that is left as it is.
   */
  kind: z.enum(['subscription', 'annual', 'closing', 'azure', 'credit', 'leftover', 'addition']),
  /** Empty for Azure, left-overs, and additions that name none. */
  subscriptionId: z.string(),
  tenantId: z.string(),
  product: z.object({
    productId: z.string(),
    sku: z.string(),
    name: z.string(),
    catalogItemId: z.number().int().nullable(),
  }),
  status: statusSchema,
  findings: z.array(findingSchema),
  /** What is written; nothing where the plan waits. */
  changes: z.array(changeSchema),
  /** Nothing is written before a person answered; `changes` is what a yes would send. */
  waits: z.object({ question: waitQuestionSchema, changes: z.array(changeSchema) }).optional(),
  /** What the annual invoice charges, line by line, with the days of each term. */
  annualLines: z
    .array(z.object({ quantity: quantitySchema, first: daySchema, last: daySchema, amount: amountSchema }))
    .optional(),
  /** Lines of an annual invoice of which nothing is written before a person answered. */
  askedLines: z.array(askedLineSchema).optional(),
  /** Where it begins, decided at its first sync: to be remembered before anything of it is written. */
  begins: z.union([periodSchema, z.literal('elsewhere')]).optional(),
  /** The period lies before one that is good already: what is written stays inside it, and it holds no other one back. */
  late: z.boolean().optional(),
  /** Quantity on the last day before the period, then through it. */
  quantityBefore: quantitySchema,
  steps: z.array(stepSchema),
  invoiced: amountSchema,
  billed: amountSchema,
  reconciliation: reconciliationSchema,
})
export type SubscriptionPlan = z.infer<typeof subscriptionPlanSchema>

export const ignoredLineSchema = z.object({
  subscriptionId: z.string(),
  tenantId: z.string(),
  offerName: z.string(),
  reason: z.enum(['annual', 'azure-off', 'tenant-off']),
  first: daySchema,
  last: daySchema,
  amount: amountSchema,
})
export type IgnoredLine = z.infer<typeof ignoredLineSchema>

export const periodPlanSchema = z.object({
  /** Of an annual invoice, the month in which PRISM issued it. */
  period: periodSchema,
  invoiceId: z.string(),
  /** It is of an annual invoice (J9): when PRISM issued it. `invoiceId` is PRISM's, then. */
  annual: z.object({ issuedOn: daySchema }).optional(),
  /** Catalog items to create first; where one fails, its subscriptions are not written. */
  catalogItems: z.array(createCatalogItemChangeSchema),
  subscriptions: z.array(subscriptionPlanSchema),
  ignored: z.array(ignoredLineSchema),
  /** Findings of the agreement as a whole, and additions that are only listed. */
  findings: z.array(findingSchema),
  totals: reconciliationSchema,
})
export type PeriodPlan = z.infer<typeof periodPlanSchema>

export const planSchema = z.object({ agreementId: z.number().int(), periods: z.array(periodPlanSchema) })
export type Plan = z.infer<typeof planSchema>
