/** Additions that were there before and are taken over (F5). */
import { type CountedAddition, comparePrices, isActiveOn, priceKey } from './additions.ts'
import { laterOf } from './days.ts'
import { amount, quantity } from './decimal.ts'
import { subscriptionKey } from './keys.ts'
import type { Timeline, Window } from './timeline.ts'
import type { Change, Lot } from './types.ts'

/** The price that PRISM had for an addition when it is adopted: its own where the invoice has it, else the lowest that no other addition bills. */
export const baseline = (
  held: CountedAddition,
  all: readonly CountedAddition[],
  timeline: Timeline,
  window: Window,
): Lot => {
  const own: Lot = {
    quantity: quantity(held.quantity),
    origin: 'adopted',
    prism: amount(held.unit),
    set: amount(held.unit),
  }
  const from = laterOf(held.start, window.first)
  const segment = timeline.find((each) => each.last >= from && each.prices.length > 0)
  if (segment === undefined || segment.prices.some((entry) => entry.key === priceKey(held.unit))) return own
  const taken = new Set(
    all.filter((each) => isActiveOn(each, segment.first)).map(({ unit }) => priceKey(unit)),
  )
  const free = segment.prices
    .filter((entry) => !taken.has(entry.key))
    .sort((a, b) => comparePrices(a.unit, b.unit))
  const price = free[0] ?? segment.prices[segment.prices.length - 1]
  return price ? { ...own, prism: amount(price.unit) } : own
}

/** The writes and keeps that make matched additions ours (F5). */
export const adopt = (held: readonly CountedAddition[], subscriptionId: string): Change[] =>
  held
    .filter((each) => each.writable)
    .flatMap((each): Change[] => {
      const before = each.addition
      if (before === null) return []
      const lots = [...each.lots]
      if (subscriptionKey(before.serialNumber) !== subscriptionKey(subscriptionId)) {
        return [
          {
            kind: 'update',
            reason: { rule: 'adopt' },
            additionId: before.id,
            before,
            set: { serialNumber: subscriptionId },
            lots,
          },
        ]
      }
      return each.ours
        ? []
        : [{ kind: 'keep', reason: { rule: 'adopt' }, additionId: before.id, addition: before, lots }]
    })
