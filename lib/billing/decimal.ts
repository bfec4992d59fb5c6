/** Decimal arithmetic for quantities and money: exact sums and products, one named rounding rule. */
import { Decimal, type DecimalSource } from './exact.ts'
import type { Amount, Money, Quantity } from './types.ts'

export type { Decimal }
export const decimal = (value: DecimalSource): Decimal => Decimal.of(value)
export const zero: Decimal = Decimal.of(0)

/** Canonical text: plain notation without trailing zeros, so that equal values are equal strings. */
export const money = (value: Decimal): Money => value.toFixed() as Money
export const quantity = (value: Decimal): Quantity => value.toFixed() as Quantity

export const centDecimals = 2

/**
 * Half up on the magnitude, two decimals: PRISM's lines (docs/facts/prism.md, "Amounts") and ConnectWise's
 * prorated units (docs/facts/connectwise.md, "Proration") [inferred].
 */
export const roundToCents = (value: Decimal): Decimal => value.round(centDecimals)

/** Decimals that a value is cut to where ConnectWise cannot hold all of it. */
const heldDecimals = 8

/**
 * The value as ConnectWise can hold it: it stores doubles, so one that a double does not give back is cut half up to 8 decimals,
 * and to fewer where its whole part leaves no room for them.
 */
export const holdable = (value: Decimal): Decimal => {
  for (let decimals = heldDecimals, held = value; ; decimals -= 1) {
    if (held.isDouble() || decimals < -heldDecimals) return held
    held = value.round(decimals)
  }
}

export const sum = (values: Iterable<Decimal>): Decimal => {
  let total = zero
  for (const value of values) total = total.plus(value)
  return total
}

/** Cost and price side by side, as decimals. */
export interface Pair {
  readonly cost: Decimal
  readonly price: Decimal
}
export const zeroPair: Pair = { cost: zero, price: zero }
export const pair = (amount: Amount): Pair => ({ cost: decimal(amount.cost), price: decimal(amount.price) })
export const amount = (value: Pair): Amount => ({ cost: money(value.cost), price: money(value.price) })
export const mapPair = (a: Pair, f: (value: Decimal) => Decimal): Pair => ({
  cost: f(a.cost),
  price: f(a.price),
})
export const addPair = (a: Pair, b: Pair): Pair => ({
  cost: a.cost.plus(b.cost),
  price: a.price.plus(b.price),
})
export const subtractPair = (a: Pair, b: Pair): Pair => ({
  cost: a.cost.minus(b.cost),
  price: a.price.minus(b.price),
})
export const timesPair = (a: Pair, factor: Decimal): Pair => mapPair(a, (value) => value.times(factor))
export const sumPairs = (values: Iterable<Pair>): Pair => {
  let total = zeroPair
  for (const value of values) total = addPair(total, value)
  return total
}
export const isZeroPair = (value: Pair): boolean => value.cost.eq(0) && value.price.eq(0)
