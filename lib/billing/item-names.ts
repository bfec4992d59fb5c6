/**
 * Which product a catalog item is of, and how its term is billed, as PRISM Connect named items: SKU and Product ID begin with the
 * motion, what stands between is not known (docs/facts/microsoft.md, "Motions"). An item without Vendor SKU is told by its
 * Product ID.
 */
import { type SkuKey, skuKey } from './keys.ts'
import { type Cycle, isMonthlyCycle, isYearTerm, type Motion } from './motion.ts'
import type { CatalogItem } from './types.ts'

export interface NamedProduct {
  /** `''`: none. */
  readonly sku: SkuKey
  /** `null`: the item does not say. */
  readonly motion: Motion | null
}

const prefixed = /^p(\d+)([my]):([ma])[^a-z0-9]*([a-z0-9].*)$/
const monthsOfYear = 12

const namedBy = (text: string): NamedProduct => {
  const sku = skuKey(text)
  const found = sku.startsWith('p') ? prefixed.exec(sku) : null
  if (found === null) return { sku, motion: null }
  const [, length, unit, billed, rest = ''] = found
  const isLong = unit === 'y' || Number(length) >= monthsOfYear
  return { sku: skuKey(rest), motion: billed === 'a' ? 'annual' : isLong ? 'long-term' : 'monthly' }
}

export const namedProduct = ({
  vendorSku,
  identifier,
}: Pick<CatalogItem, 'vendorSku' | 'identifier'>): NamedProduct => {
  const bySku = namedBy(vendorSku)
  if (bySku.motion !== null) return bySku
  const byIdentifier = namedBy(identifier)
  return bySku.sku === '' ? byIdentifier : { sku: bySku.sku, motion: byIdentifier.motion }
}

/** `null`: the line does not say. */
export const motionOf = (line: Partial<Cycle>): Motion | null => {
  const { billingCycle = null, termDuration = null, termUnit = null } = line
  if (billingCycle === null) return null
  const cycle = { billingCycle, termDuration, termUnit }
  if (!isMonthlyCycle(cycle)) return 'annual'
  if (termUnit === null) return null
  return isYearTerm(cycle) ? 'long-term' : 'monthly'
}
