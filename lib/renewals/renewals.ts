/**
 * What is coming of terms of a year or more (J12): when they end and at what price they go on, which seats can still be given back,
 * what is in paid extension, and which annual charges go to no agreement.
 */
import {
  amount,
  decimal,
  mapPair,
  type Pair,
  pair,
  roundToCents,
  subtractPair,
  sumPairs,
} from '#lib/billing/decimal.ts'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import { isMonthlyCycle, isYearTerm } from '#lib/billing/motion.ts'
import type { Amount, Day, InvoiceLine, Quantity } from '#lib/billing/types.ts'
import { isExtension, surchargeIn } from './extension.ts'
import { daysLater, termEnd, termMonths } from './terms.ts'

/** Seats can be given back within so many days of when they were added (docs/facts/microsoft.md, "Terms"). */
export const giveBackDays = 7

/** What is known of a subscription. */
export interface RenewalFacts {
  readonly subscriptionId: SubscriptionKey
  readonly tenantId: string
  readonly customer: string
  /** As PRISM lists it; its lines name it better. */
  readonly product: string
  /** `null` where PRISM gives none. */
  readonly firstPurchased: Day | null
  /** When its term ends, as a person said; `null`: nobody did. */
  readonly saidEnd: Day | null
  /** Whether PRISM lists it now: one that it does not, or of which it lists none, has ended. */
  readonly isListed: boolean
  /** As PRISM lists it now; `null` where it gives none. */
  readonly listedQuantity: Quantity | null
  /** Its lines on the newest invoice that has any, in the order of the file. */
  readonly lines: readonly InvoiceLine[]
  /** Of one of it, by today's price list; `null` where that has no such product. */
  readonly listed: Amount | null
  /** Why its annual charges are billed nowhere; `null`: they are, or it has none. */
  readonly unbilled: Unbilled | null
  /** Seats that were added of late, oldest first. */
  readonly added: readonly Added[]
}

/**
 * `motion-off`: the program's option leaves them out. `not-mapped`, `sync-off`: as the customer is. Of terms that are billed at once:
 * `issued-before` these terms were switched on, and the customer's One-Time agreement is not there or does not sync.
 */
export type Unbilled =
  | 'motion-off'
  | 'not-mapped'
  | 'sync-off'
  | 'issued-before'
  | 'no-one-time-agreement'
  | 'one-time-sync-off'

/** More of a subscription than a look had found before it. */
export interface Added {
  readonly seats: Quantity
  /** The day of the look that found them fewer: they were added then or later. `null`: the subscription is new. */
  readonly after: Day | null
  /** The day of the look that found them. */
  readonly seenOn: Day
}

interface Named extends Pick<RenewalFacts, 'subscriptionId' | 'tenantId' | 'customer'> {
  readonly product: string
}

/** A term that ends. Amounts are without tax: a month of it where it is billed by the month, else the whole term. */
export interface Renewal extends Named {
  /** The last day of the term. */
  readonly endsOn: Day
  /** Whether a person said so; else it is counted from the first purchase. */
  readonly isSaid: boolean
  readonly months: number
  readonly billedBy: 'month' | 'term'
  readonly quantity: Quantity
  readonly now: Amount
  /** As today's price list has it; `null` where that does not tell: the product is not on it, or it is not billed by the month. */
  readonly next: Amount | null
  readonly difference: Amount | null
}

export interface GiveBack extends Named {
  readonly seats: Quantity
  /** The last day on which they can surely be given back. */
  readonly until: Day
}

export interface Extended extends Named {
  readonly quantity: Quantity
  /** A month. */
  readonly now: Amount
  /** The least of it that the extension adds. */
  readonly surcharge: Amount
}

export interface UnbilledTerm extends Named {
  readonly why: Unbilled
  /** On its newest invoice. */
  readonly charged: Amount
}

export interface Outlook {
  /** By the day on which they end. */
  readonly renewals: readonly Renewal[]
  /** Terms of a year or more of which nothing tells when they end. */
  readonly withoutEnd: readonly Named[]
  readonly giveBacks: readonly GiveBack[]
  readonly extended: readonly Extended[]
  readonly unbilled: readonly UnbilledTerm[]
}

/** @param within days from today on of which the renewals are given */
export const outlookOf = (facts: readonly RenewalFacts[], today: Day, within: number): Outlook => {
  const until = daysLater(today, within)
  const charged = facts.flatMap((each) => {
    const line = lastOf(each.lines)
    return line === undefined ? [] : [{ each, line, ends: endOf(each, line, today) }]
  })
  const terms = charged.filter(({ line }) => isYearTerm(line) && !isExtension(line.offerName))
  const running = terms.filter(({ each }) => isRunning(each))
  return {
    renewals: running
      .flatMap(({ each, line, ends }) =>
        ends !== null && ends >= today && ends <= until ? [renewalOf(each, line, ends)] : [],
      )
      .sort((a, b) => compare(a.endsOn, b.endsOn) || compareNamed(a, b)),
    withoutEnd: running
      .flatMap(({ each, line, ends }) => (ends === null ? [named(each, line)] : []))
      .sort(compareNamed),
    giveBacks: facts
      .flatMap((each) => giveBacksOf(each, today))
      .sort((a, b) => compare(a.until, b.until) || compareNamed(a, b)),
    extended: charged.flatMap(({ each, line }) => extendedOf(each, line)).sort(compareNamed),
    unbilled: terms.flatMap(({ each, line }) => unbilledOf(each, line)).sort(compareNamed),
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))
const compareNamed = (a: Named, b: Named): number =>
  compare(a.customer, b.customer) ||
  compare(a.product, b.product) ||
  compare(a.subscriptionId, b.subscriptionId)

/** The one that is charged last: of several on that day, the last of the file. */
const lastOf = (lines: readonly InvoiceLine[]): InvoiceLine | undefined =>
  lines.reduce<InvoiceLine | undefined>(
    (last, line) => (last && last.last > line.last ? last : line),
    undefined,
  )

const named = ({ subscriptionId, tenantId, customer }: RenewalFacts, { offerName }: InvoiceLine): Named => ({
  subscriptionId,
  tenantId,
  customer,
  product: offerName,
})

const isRunning = ({ isListed, listedQuantity }: RenewalFacts): boolean => isListed && listedQuantity !== '0'

/** What a person said holds until that day is past; then terms are counted on from it. */
const endOf = ({ firstPurchased, saidEnd }: RenewalFacts, line: InvoiceLine, today: Day): Day | null => {
  const months = termMonths(line)
  if (saidEnd !== null && (saidEnd >= today || months === null)) return saidEnd
  if (months === null) return null
  if (saidEnd !== null) return termEnd(daysLater(saidEnd, 1), months, today)
  return firstPurchased === null ? null : termEnd(firstPurchased, months, today)
}

const ofSeats = (unit: Amount, quantity: Quantity): Pair =>
  mapPair(pair(unit), (value) => roundToCents(value.times(decimal(quantity))))

const renewalOf = (facts: RenewalFacts, line: InvoiceLine, endsOn: Day): Renewal => {
  const quantity = facts.listedQuantity ?? line.quantity
  const byMonth = isMonthlyCycle(line)
  const now = ofSeats({ cost: line.unitCost, price: line.unitPrice }, quantity)
  // Of which term the list's price is, is not known; those billed at once cost another one.
  const next = byMonth && facts.listed !== null ? ofSeats(facts.listed, quantity) : null
  return {
    ...named(facts, line),
    endsOn,
    isSaid: facts.saidEnd !== null,
    months: termMonths(line) ?? 0,
    billedBy: byMonth ? 'month' : 'term',
    quantity,
    now: amount(now),
    next: next && amount(next),
    difference: next && amount(subtractPair(next, now)),
  }
}

const giveBacksOf = (facts: RenewalFacts, today: Day): GiveBack[] => {
  const line = lastOf(facts.lines)
  const of = { subscriptionId: facts.subscriptionId, tenantId: facts.tenantId, customer: facts.customer }
  return facts.added.flatMap(({ seats, after, seenOn }) => {
    const from = after ?? facts.firstPurchased ?? seenOn
    const until = daysLater(from, giveBackDays - 1)
    return until >= today ? [{ ...of, product: line?.offerName ?? facts.product, seats, until }] : []
  })
}

const extendedOf = (facts: RenewalFacts, line: InvoiceLine): Extended[] => {
  if (!isExtension(line.offerName) || !isRunning(facts)) return []
  const quantity = facts.listedQuantity ?? line.quantity
  const now = ofSeats({ cost: line.unitCost, price: line.unitPrice }, quantity)
  return [{ ...named(facts, line), quantity, now: amount(now), surcharge: amount(mapPair(now, surchargeIn)) }]
}

const unbilledOf = (facts: RenewalFacts, line: InvoiceLine): UnbilledTerm[] => {
  if (facts.unbilled === null) return []
  return [{ ...named(facts, line), why: facts.unbilled, charged: amount(sumPairs(facts.lines.map(pair))) }]
}
