/** PRISM's arithmetic (docs/facts/prism.md, "Amounts"), in decimals. */
import { Big } from 'big.js'

// A constructor of its own: precision and rounding of big.js are settings of the constructor.
const Decimal = Big()
// Enough that a quotient of cents by days is never cut at a half-cent.
Decimal.DP = 30
Decimal.RM = Decimal.roundHalfUp

/** Unit price x quantity x days / days in the month, half-cents up, by exact days [inferred: half up; exact days]. */
export function lineAmount(unit: string, quantity: number, days: number, ofDays: number): string {
  return trimmed(new Decimal(unit).times(quantity).times(days).div(ofDays).round(2, Decimal.roundHalfUp))
}

/** Active days / days in the month, cut (not rounded) at 9 decimals. */
export function billableRatio(days: number, ofDays: number): string {
  return trimmed(new Decimal(days).div(ofDays).round(9, Decimal.roundDown))
}

/** As the file writes decimals: no trailing zeros, no exponent. */
export function trimmed(value: string | Big): string {
  return new Decimal(value).toFixed()
}
