/**
 * At which prices a change of quantity is written (F17, docs/billing-rules.md, "Prices").
 *
 * Each answer depends only on what is active on the change's day, so that planning again after a part of it was written
 * gives the rest of it.
 */
import { type CountedAddition, netByPrice, priceKey } from './additions.ts'
import { amount, type Decimal, decimal, type Pair, pair, quantity, zero } from './decimal.ts'
import { atPrism, isUnderRule, type Pricer } from './price-rules.ts'
import type { PricedQuantity } from './timeline.ts'
import type { Lot } from './types.ts'

/** A part of a change: a signed quantity at one unit price, with where that price came from. */
export interface Share {
  readonly unit: Pair
  readonly quantity: Decimal
  readonly lots: readonly Lot[]
}

const least = (a: Decimal, b: Decimal): Decimal => (a.lt(b) ? a : b)

/** A share of so many at PRISM's unit price, as it is written. */
const createdShare = (prism: Pair, count: Decimal, pricer: Pricer): Share => {
  const { unit, rule } = pricer(prism)
  const lot: Lot = {
    quantity: quantity(count),
    origin: 'created',
    prism: amount(prism),
    set: amount(unit),
    ...(rule === null ? {} : { rule }),
  }
  return { unit, quantity: count, lots: [lot] }
}

/** The lots of an addition, one lot of the first's origin where a person has changed its quantity since. */
export const lotsOf = (held: CountedAddition): readonly Lot[] => {
  const [lot] = held.lots
  if (lot === undefined) {
    return [
      {
        quantity: quantity(held.quantity),
        origin: 'adopted',
        prism: amount(held.unit),
        set: amount(held.unit),
      },
    ]
  }
  const total = held.lots.reduce((all, each) => all.plus(each.quantity), zero)
  return total.eq(held.quantity) ? held.lots : [{ ...lot, quantity: quantity(held.quantity) }]
}

/**
 * What is active by PRISM's prices: what was written under a price rule counts at PRISM's price of then, so that neither a rule nor an
 * edited unit price is a reason to write; all else at the price that it has.
 */
const netByPrism = (active: readonly CountedAddition[]): ReadonlyMap<string, Decimal> => {
  const nets = new Map<string, Decimal>()
  const add = (key: string, count: Decimal): Map<string, Decimal> =>
    nets.set(key, (nets.get(key) ?? zero).plus(count))
  for (const held of active) {
    if (!isUnderRule(held)) add(priceKey(held.unit), held.quantity)
    else
      for (const lot of lotsOf(held))
        add(priceKey(lot.rule ? pair(lot.prism) : held.unit), decimal(lot.quantity))
  }
  return nets
}

/** An increase: in ascending order of price, each gets what the invoice has more of it than is active; the rest goes to the highest. */
const increase = (
  change: Decimal,
  active: readonly CountedAddition[],
  prices: readonly PricedQuantity[],
  pricer: Pricer,
): Share[] => {
  const nets = netByPrism(active)
  let rest = change
  const counts = prices.map((entry) => {
    const missing = entry.quantity.minus(nets.get(entry.key) ?? zero)
    const count = missing.gt(0) ? least(missing, rest) : zero
    rest = rest.minus(count)
    return count
  })
  return prices.flatMap((entry, i) => {
    const own = counts[i] ?? zero
    const count = i === prices.length - 1 ? own.plus(rest) : own
    return count.gt(0) ? [createdShare(entry.unit, count, pricer)] : []
  })
}

/** What is left of each positive addition once the negative ones of its price are taken off, last started first. */
interface Piece {
  readonly held: CountedAddition
  readonly key: string
  readonly left: Decimal
}

const latestFirst = (a: CountedAddition, b: CountedAddition): number =>
  a.startedOn > b.startedOn ? -1 : a.startedOn < b.startedOn ? 1 : b.id - a.id

const piecesOf = (active: readonly CountedAddition[]): Piece[] =>
  netByPrice(active).flatMap(({ key, members }) => {
    let taken = members.reduce(
      (total, held) => (held.quantity.lt(0) ? total.minus(held.quantity) : total),
      zero,
    )
    const positive = members.filter((held) => held.quantity.gt(0)).sort(latestFirst)
    return positive.flatMap((held) => {
      const off = least(taken, held.quantity)
      taken = taken.minus(off)
      const left = held.quantity.minus(off)
      return left.gt(0) ? [{ held, key, left }] : []
    })
  })

const byLatestThenDearest = (a: Piece, b: Piece): number => {
  if (a.held.startedOn !== b.held.startedOn) return a.held.startedOn > b.held.startedOn ? -1 : 1
  return (
    b.held.unit.price.cmp(a.held.unit.price) ||
    b.held.unit.cost.cmp(a.held.unit.cost) ||
    b.held.id - a.held.id
  )
}

const negated = (lot: Lot, count: Decimal): Lot => ({ ...lot, quantity: quantity(count.times(-1)) })

/** Takes `count` off the lots of an addition, last lot first. */
const takenLots = (held: CountedAddition, count: Decimal): Lot[] => {
  let rest = count
  const taken: Lot[] = []
  for (const lot of [...lotsOf(held)].reverse()) {
    if (!rest.gt(0)) break
    const size = decimal(lot.quantity)
    if (!size.gt(0)) continue
    const part = least(size, rest)
    rest = rest.minus(part)
    taken.push(negated(lot, part))
  }
  const [lot] = lotsOf(held)
  if (rest.gt(0) && lot) taken.push(negated(lot, rest))
  return taken
}

/** A decrease takes back what was billed: last started first, then dearest first, at its own price; one share a price. */
const decrease = (change: Decimal, active: readonly CountedAddition[]): Share[] => {
  let rest = change.abs()
  const shares = new Map<string, { unit: Pair; quantity: Decimal; lots: Lot[] }>()
  for (const piece of piecesOf(active).sort(byLatestThenDearest)) {
    if (!rest.gt(0)) break
    const part = least(piece.left, rest)
    rest = rest.minus(part)
    const share = shares.get(piece.key) ?? { unit: piece.held.unit, quantity: zero, lots: [] }
    share.quantity = share.quantity.minus(part)
    share.lots.push(...takenLots(piece.held, part))
    shares.set(piece.key, share)
  }
  return [...shares.values()]
}

/** Nets every price to zero. */
const clear = (active: readonly CountedAddition[]): Share[] =>
  netByPrice(active)
    .filter(({ net }) => !net.eq(0))
    .map(({ unit, net, members }) => ({
      unit,
      quantity: net.times(-1),
      lots: members.flatMap((held) => lotsOf(held).map((lot) => negated(lot, decimal(lot.quantity)))),
    }))

/**
 * The additions that bring what is active on a day to its target, one a price; none where it is there already. A quantity
 * of zero nets every price to zero, so that a subscription that ended leaves nothing billed, whatever the prices were.
 * @param target the quantity after it. @param active what is active on its day, the plan's own included.
 * @param prices the invoice's prices of that day. @param pricer how they are written
 */
export const sharesTo = (
  target: Decimal,
  active: readonly CountedAddition[],
  prices: readonly PricedQuantity[],
  pricer: Pricer = atPrism,
): Share[] => {
  if (target.eq(0)) return clear(active)
  const change = active.reduce((rest, held) => rest.minus(held.quantity), target)
  if (change.eq(0)) return []
  return change.gt(0) ? increase(change, active, prices, pricer) : decrease(change, active)
}
