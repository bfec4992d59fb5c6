/** What becomes of the additions that an agreement has when a customer begins here (E6, F5, F9). */
import { z } from 'zod'
import { findingSchema } from './finding-types.ts'
import { reconciliationSchema } from './plan-types.ts'
import { amountSchema, daySchema, moneySchema, periodSchema, quantitySchema } from './values.ts'

export const cutoverFateSchema = z.enum([
  /** It bills a subscription as it is; from now on it is ours. At most its serial number is written. */
  'adopted',
  /** It becomes ours, and another one with PRISM’s quantity or price follows it. */
  'replaced',
  /** It is ended, and nothing follows it. */
  'ended',
  /** It was ours before. */
  'ours',
  /** What it bills is not written before a person has said what it is, or has settled what the reason names. */
  'blocked',
  /** It is left as it is until a person has said what it is; nothing waits for that. */
  'asked',
  /** It is left as it is, for the reason. */
  'left',
  /** Its product was never on PRISM’s price list: it is not looked at. */
  'other-product',
  /** It does not bill from the month on. */
  'over',
])
export type CutoverFate = z.infer<typeof cutoverFateSchema>

/** What a person can say of an addition (docs/billing-rules.md, "Each addition"). */
export const cutoverActionSchema = z.enum(['subscription', 'ends', 'nobody', 'stays'])
export type CutoverAction = z.infer<typeof cutoverActionSchema>

export const cutoverAdditionSchema = z.object({
  additionId: z.number().int(),
  fate: cutoverFateSchema,
  /** The subscription that it is matched with, or that its serial number names, in lower case; `''`: none. */
  subscriptionId: z.string(),
  /** What its catalog item is called in ConnectWise. */
  product: z.string(),
  quantity: quantitySchema,
  unitPrice: moneySchema,
  effectiveDate: daySchema.nullable(),
  /** As it is, and as it will be. */
  serialNumber: z.object({ before: z.string(), after: z.string() }),
  cancelledDate: z.object({ before: daySchema.nullable(), after: daySchema.nullable() }),
  /** What it bills of the first month, as it is and as it will be. */
  bills: z.object({ before: amountSchema, after: amountSchema }),
  /** Why it is blocked, asked about, or left. */
  reason: findingSchema.nullable(),
  /** It is called as a subscription that would be created beside it. */
  isNamesake: z.boolean(),
  actions: z.array(cutoverActionSchema),
})
export type CutoverAddition = z.infer<typeof cutoverAdditionSchema>

export const cutoverSubscriptionSchema = z.object({
  subscriptionId: z.string(),
  tenantId: z.string(),
  product: z.string(),
  /** `waits`: nothing of it is written before a person answered. */
  state: z.enum(['ready', 'waits', 'blocked']),
  additionIds: z.array(z.number().int()),
  /** Additions that are created for it, in all planned months. */
  creates: z.number().int(),
  invoiced: amountSchema,
  bills: z.object({ before: amountSchema, after: amountSchema }),
  /** Why it waits or is blocked. */
  reason: findingSchema.nullable(),
})
export type CutoverSubscription = z.infer<typeof cutoverSubscriptionSchema>

export const cutoverReviewSchema = z.object({
  /** The first month that is planned. */
  period: periodSchema,
  additions: z.array(cutoverAdditionSchema),
  subscriptions: z.array(cutoverSubscriptionSchema),
  /** The agreement’s bill of the month as it is, and as it will be. */
  bills: z.object({ before: amountSchema, after: amountSchema }),
  /** What of the bill as it will be is of additions that the plan does not look at. */
  apart: amountSchema,
  /** The difference from PRISM’s invoice, by name; its `billed` and `apart` are the bill as it will be. */
  totals: reconciliationSchema,
})
export type CutoverReview = z.infer<typeof cutoverReviewSchema>
