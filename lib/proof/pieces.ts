/** What an agreement's additions put on its invoices, month by month, as they were read before each (docs/billing-rules.md, "Days billed"). */
import { hold, isEverActive } from '#lib/billing/additions.ts'
import { billHeld } from '#lib/billing/bill.ts'
import { isOnNoInvoice } from '#lib/billing/billed-days.ts'
import { addMonths, periodOf } from '#lib/billing/days.ts'
import type { Decimal } from '#lib/billing/decimal.ts'
import type { Addition, Agreement, Period } from '#lib/billing/types.ts'
import { type BillingRule, billingRules, priceIn } from './billing-rules.ts'
import type { SecondFacts } from './second-facts.ts'

/** What an invoice has, or would have, of an addition for a month. */
export interface Piece {
  /** The last month of the invoice; `null`: it is on none so far. */
  readonly on: Period | null
  readonly month: Period
  readonly additionId: number
  readonly catalogItemId: number
  readonly price: Decimal
  readonly addition: Addition
}

/** It was invoiced by when the agreement was read first. */
export const isBlind = ({ readFrom }: SecondFacts, period: Period): boolean =>
  readFrom !== null && period <= periodOf(readFrom)

/** Whether the amounts of invoices from one month to another would be others by a rule's opposite. */
export const ruleUse = (
  pieces: readonly Piece[],
  { agreement: { startDate } }: SecondFacts,
): ((rule: BillingRule, from: Period, to: Period) => boolean) => {
  const users = new Map<BillingRule, Period[]>()
  for (const { on, month, addition } of pieces) {
    if (on === null) continue
    for (const rule of billingRules)
      if (
        rule === 'catch-up'
          ? on !== month
          : !priceIn(addition, startDate, month, rule).eq(priceIn(addition, startDate, month))
      )
        users.set(rule, [...(users.get(rule) ?? []), on])
  }
  return (rule, from, to) => (users.get(rule) ?? []).some((on) => on >= from && on <= to)
}

/** Every piece of every addition, from the first synced month or its start on, up to the last synced month or `upTo`. */
export const piecesOf = (facts: SecondFacts, first: Period, upTo?: Period): Piece[] => {
  const { agreement, months, additions } = facts
  const last = upTo ?? months.at(-1)?.period ?? first
  const billed = new Set<string>()
  const pieces: Piece[] = []
  const put = (addition: Addition, on: Period | null, through: Period, from?: Period): void => {
    if (isOnNoInvoice(addition)) return
    const held = hold(addition, agreement as Agreement, undefined)
    if (!isEverActive(held)) return
    const end = held.end === null || periodOf(held.end) > through ? through : periodOf(held.end)
    const start = periodOf(held.start)
    for (
      let month = from !== undefined && from > start ? from : start;
      month <= end;
      month = addMonths(month, 1)
    ) {
      const key = `${addition.id} ${month}`
      if (billed.has(key)) continue
      billed.add(key)
      const { id: additionId, catalogItemId } = addition
      pieces.push({ on, month, additionId, catalogItemId, addition, price: billHeld(held, month).price })
    }
  }
  const seenFirst = facts.read[0]?.additions ?? additions
  for (const [month, there] of blindMonths(facts, first))
    for (const addition of seenFirst) if (!facts.created.has(addition.id)) put(addition, month, there)
  // Where several months were invoiced between two readings each has an invoice of its own.
  let before = facts.readFrom === null ? null : periodOf(facts.readFrom)
  for (const { through, additions: then } of facts.read) {
    const to = periodOf(through)
    for (let on = before === null ? to : addMonths(before, 1); on <= to; on = addMonths(on, 1))
      for (const addition of then) put(addition, on, on)
    before = to
  }
  for (const addition of additions) put(addition, null, last)
  return pieces
}

/**
 * Months that were invoiced before the agreement was read: the additions that were there by then are taken to be on those invoices as
 * they were read first. The months before them are on earlier ones.
 */
const blindMonths = ({ readFrom }: SecondFacts, first: Period): [Period, Period][] => {
  if (readFrom === null) return []
  const last = periodOf(readFrom)
  const before = addMonths(first, -1)
  const months: [Period, Period][] = [[before, before < last ? before : last]]
  for (let month = first; month <= last; month = addMonths(month, 1)) months.push([month, month])
  return months
}
