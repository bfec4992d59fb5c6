/**
 * Paid extension: a term that was neither renewed nor cancelled goes on by the month, dearer, under SKUs of its own
 * (docs/facts/microsoft.md, "Terms").
 */
import { centDecimals, type Decimal, decimal } from '#lib/billing/decimal.ts'

/**
 * Whether a product is one of them. PRISM has no field for it, so that its name tells. [inferred: Microsoft calls it "Extended
 * Service Term"]
 */
export const isExtension = (productName: string): boolean =>
  /\bextended\s+(service\s+)?term\b|\(EST\)/i.test(productName)

/** What Microsoft adds to a price in it, where the product has a monthly plan; without one it is 23 %. */
const surchargePercent = 3

/** What of an amount is the least that the extension adds: the surcharge of a product with a monthly plan, to the cent. */
export const surchargeIn = (amount: Decimal): Decimal =>
  amount.times(decimal(surchargePercent)).dividedBy(100 + surchargePercent, centDecimals)
