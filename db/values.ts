/** Values that are stored as JSON and are no part of the billing core. */
import { z } from 'zod'
import type { Money } from '#lib/billing/types.ts'
import { changeSchema, periodPlanSchema, subscriptionPlanSchema } from '#lib/billing/types.ts'

/** F18; `null` switches a guard off, a share is 0..1. */
export const guardsSchema = z.object({
  endedShare: z.number().min(0).max(1).nullable(),
  totalShare: z.number().min(0).max(1).nullable(),
})
export type Guards = z.infer<typeof guardsSchema>

/**
 * What became of a change. `not-sent`: an earlier change of its subscription failed, its product could not be created, or the
 * sync was stopped; `unknown`: ConnectWise gave no answer, and its additions could not be read since.
 */
export const outcomeSchema = z.enum(['kept', 'done', 'refused', 'unknown', 'lost', 'not-sent'])
export type Outcome = z.infer<typeof outcomeSchema>

/** A change as it was applied; `additionId` of what was created, `message` exact where it was refused (F8). */
export const appliedChangeSchema = z.object({
  change: changeSchema,
  outcome: outcomeSchema,
  additionId: z.number().int().nullable(),
  message: z.string().nullable(),
})
export type AppliedChange = z.infer<typeof appliedChangeSchema>

export const appliedSubscriptionSchema = subscriptionPlanSchema.extend({
  applied: z.array(appliedChangeSchema),
})
export type AppliedSubscription = z.infer<typeof appliedSubscriptionSchema>

/** A period's plan with the outcome of each change beside it. */
export const appliedPeriodPlanSchema = periodPlanSchema.extend({
  appliedCatalogItems: z.array(appliedChangeSchema),
  subscriptions: z.array(appliedSubscriptionSchema),
})
export type AppliedPeriodPlan = z.infer<typeof appliedPeriodPlanSchema>

export const preflightCheckIds = [
  'misc-items',
  'category',
  'subcategory',
  'product-type',
  'unit-of-measure',
  'permissions',
] as const
export type PreflightCheckId = (typeof preflightCheckIds)[number]

/** One check of how ConnectWise is prepared (A1-A6), as it was found. */
export interface PreflightCheck {
  readonly id: PreflightCheckId
  readonly title: string
  /** `unknown`: ConnectWise did not let us look. */
  readonly state: 'ok' | 'failed' | 'unknown'
  /** What it is needed for. */
  readonly meaning: string
  /** What was found, in one sentence. */
  readonly found: string
  /** The records or permissions that are wrong, by name. */
  readonly items: readonly string[]
  /** What Fix would do; `null` where only a person can. */
  readonly fix: string | null
  /** Where it is in ConnectWise. */
  readonly path: string
}

/** Unit cost and unit price of a catalog item. */
export interface Amounts {
  readonly unitCost: Money
  readonly unitPrice: Money
}

/** What came of a run over products. */
export interface ProductRunCounts {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly failed: number
}

/** The intent of writing cost and price of a linked item (D3). */
export interface UpdateCatalogItem {
  readonly kind: 'updateCatalogItem'
  readonly sku: string
  readonly catalogItemId: number
  readonly before: Amounts
  readonly after: Amounts
}
