/**
 * Additions while a plan is made: the ones ConnectWise holds and the ones the plan adds, in one shape.
 *
 * `E(d)` (docs/billing-rules.md, "Terms") is `quantityOn`: the sum of the counted additions active on a day.
 * An addition counts when its quantity is not 0 and it is not cancelled before it starts; the cancelled date
 * is its last active day.
 */
import { isMonthEnd } from './days.ts'
import { type Decimal, decimal, type Pair, sum, zero } from './decimal.ts'
import type { Addition, Agreement, BillCustomer, CarriedLine, Day, Lot, OwnedAddition } from './types.ts'

/** What a step or a replacement copies from the addition it adjusts (F19). */
export interface Terms {
  readonly billCustomer: BillCustomer
  readonly taxable: boolean
  readonly invoiceDescription: string
  readonly invoiceGrouping: Addition['invoiceGrouping']
}

/** An addition while a month is planned, or the piece of it that is still to be billed; one that the plan creates, too. */
export interface CountedAddition extends Terms {
  /** ConnectWise's id; negative for one that the plan creates. */
  readonly id: number
  /** First and last day of it, or of the piece of it that this is (billed-days.ts); `null`: open. */
  readonly start: Day
  readonly end: Day | null
  /** Its effective date, whatever piece of it this is. */
  readonly startedOn: Day
  readonly quantity: Decimal
  readonly lessIncluded: Decimal
  readonly unit: Pair
  /** Created or adopted by our ledger. */
  readonly ours: boolean
  /** Created by us. */
  readonly created: boolean
  readonly lots: readonly Lot[]
  /** The one line of an invoice that it carries, where that is all that it is for. */
  readonly carries?: CarriedLine
  /** What ConnectWise holds, or held where it is deleted; `null` for one that the plan creates. */
  readonly addition: Addition | null
  /** Whether it is known that ConnectWise has invoiced it. */
  readonly billed: boolean
  /** Whether a change of it can be written: true for one piece of each addition that ConnectWise holds. */
  readonly writable: boolean
}

/** Equal for equal unit cost and price. */
export const priceKey = (unit: Pair): string => `${unit.price.toFixed()}|${unit.cost.toFixed()}`

/** Ascending by price, then cost. */
export const comparePrices = (a: Pair, b: Pair): number => a.price.cmp(b.price) || a.cost.cmp(b.cost)

export const hold = (
  addition: Addition,
  agreement: Agreement,
  owned: OwnedAddition | undefined,
): CountedAddition => {
  const unit = { cost: decimal(addition.unitCost), price: decimal(addition.unitPrice) }
  const startedOn = addition.effectiveDate ?? agreement.startDate
  return {
    id: addition.id,
    start: startedOn,
    startedOn,
    end: addition.cancelledDate,
    quantity: decimal(addition.quantity),
    lessIncluded: decimal(addition.lessIncluded),
    unit,
    ours: owned !== undefined,
    created: owned?.created ?? false,
    lots: owned?.lots ?? [],
    ...(owned?.carries === undefined ? {} : { carries: owned.carries }),
    billCustomer: addition.billCustomer,
    taxable: addition.taxable,
    invoiceDescription: addition.invoiceDescription,
    invoiceGrouping: addition.invoiceGrouping,
    addition,
    billed: false,
    writable: true,
  }
}

/** An addition cancelled before it starts bills nothing. */
export const isEverActive = (held: CountedAddition): boolean => held.end === null || held.end >= held.start

export const isCounted = (held: CountedAddition): boolean => !held.quantity.eq(0) && isEverActive(held)

export const isActiveOn = (held: CountedAddition, day: Day): boolean =>
  held.start <= day && (held.end === null || held.end >= day)

export const isActiveWithin = (held: CountedAddition, first: Day, last: Day): boolean =>
  held.start <= last && (held.end === null || held.end >= first)

export const activeOn = (all: readonly CountedAddition[], day: Day): CountedAddition[] =>
  all.filter((held) => isActiveOn(held, day))

export const quantityOn = (all: readonly CountedAddition[], day: Day): Decimal => {
  let total = zero
  for (const held of all) if (isActiveOn(held, day)) total = total.plus(held.quantity)
  return total
}

/**
 * True where it ends inside a month, which ConnectWise cannot prorate (docs/facts/connectwise.md,
 * "Proration").
 */
export const endsInsideMonth = (held: CountedAddition, first: Day, last: Day): boolean =>
  held.end !== null && held.end >= first && held.end <= last && !isMonthEnd(held.end)

/** Earliest start first, lowest id on equal dates, the pieces of one addition in order. */
export const byStart = (a: CountedAddition, b: CountedAddition): number => {
  if (a.startedOn !== b.startedOn) return a.startedOn < b.startedOn ? -1 : 1
  return a.id - b.id || (a.start < b.start ? -1 : a.start > b.start ? 1 : 0)
}

/** Net quantity per price of the given additions, in ascending order of price. */
export const netByPrice = (
  all: readonly CountedAddition[],
): { unit: Pair; key: string; net: Decimal; members: CountedAddition[] }[] => {
  const nets = new Map<string, { unit: Pair; key: string; members: CountedAddition[] }>()
  for (const held of all) {
    const key = priceKey(held.unit)
    const entry = nets.get(key)
    if (entry) entry.members.push(held)
    else nets.set(key, { unit: held.unit, key, members: [held] })
  }
  return [...nets.values()]
    .map((entry) => ({ ...entry, net: sum(entry.members.map((held) => held.quantity)) }))
    .sort((a, b) => comparePrices(a.unit, b.unit))
}
