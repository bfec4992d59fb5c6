/** Values that are stored as JSON and are no part of the billing core. */
import { z } from 'zod'
import type { Agreement, Money } from '#lib/billing/types.ts'

/** F18; `null` switches a guard off, a share is 0..1. */
export const guardsSchema = z.object({
  endedShare: z.number().min(0).max(1).nullable(),
  totalShare: z.number().min(0).max(1).nullable(),
})
export type Guards = z.infer<typeof guardsSchema>

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

/** A company as ConnectWise last gave it. */
export interface ReadCompany {
  readonly id: number
  readonly identifier: string
  readonly name: string
  /** `''` where it has none. */
  readonly website: string
}

/** One of its agreements. */
export interface CompanyAgreement extends Agreement {
  readonly type: string
}

/** A customer whose names or domains are a company's, and what of them. */
export interface LikelyTenant {
  readonly program: string
  readonly tenantId: string
  readonly reasons: readonly string[]
}
