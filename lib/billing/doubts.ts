/**
 * Days of which it is not known how ConnectWise billed them (docs/billing-rules.md, "Days billed"): an
 * addition was changed or deleted between the readings around an invoice, and no time tells on which side of
 * it. It is asked only where both readings bill different amounts on the days that a plan looks at.
 */
import type { CountedAddition } from './additions.ts'
import { billHeld } from './bill.ts'
import { heldAdditions } from './billed-days.ts'
import { addMonths, periodOf } from './days.ts'
import { addPair, amount, isZeroPair, type Pair, subtractPair, sumPairs, zeroPair } from './decimal.ts'
import * as findings from './findings.ts'
import { type SubscriptionKey, subscriptionKey } from './keys.ts'
import type { Window } from './timeline.ts'
import type { AskedInvoice, BilledDoubt, Day, Finding, Period, Situation } from './types.ts'

/** A doubt with what the addition would be either way. */
export interface Doubt extends Pick<BilledDoubt, 'additionId'> {
  /** Of the invoice: the last day of the last month that it covers. */
  readonly through: Day
  readonly isDeleted: boolean
  readonly itemId: number
  /** As additions name a subscription. */
  readonly serial: SubscriptionKey
  /** The pieces of the addition if the invoice billed it as it was read before. */
  readonly before: readonly CountedAddition[]
  /** The same if it billed it as it was read afterwards. */
  readonly after: readonly CountedAddition[]
}

/** Every doubt that nobody answered. @param held the additions as they count meanwhile, by `heldAdditions` */
export const doubtsOf = (situation: Situation, held: readonly CountedAddition[]): Doubt[] =>
  (situation.invoices ?? []).flatMap(({ through, additions, doubts = [] }) =>
    doubts.map(({ additionId, after }) => {
      const known = after ?? additions.find(({ id }) => id === additionId)
      return {
        additionId,
        through,
        isDeleted: after === null,
        itemId: known?.catalogItemId ?? 0,
        serial: subscriptionKey(known?.serialNumber ?? ''),
        before: held.filter(({ id }) => id === additionId),
        after: asReadAfter(situation, additionId, through),
      }
    }),
  )

const asReadAfter = (situation: Situation, id: number, invoice: Day): CountedAddition[] => {
  const isIts = (each: { readonly id: number }): boolean => each.id === id
  return heldAdditions({
    agreement: situation.agreement,
    owned: situation.owned,
    additions: situation.additions.filter(isIts),
    invoices: (situation.invoices ?? []).map(({ through, additions, doubts = [] }) => {
      const doubt = through === invoice ? doubts.find(({ additionId }) => additionId === id) : undefined
      if (doubt === undefined) return { through, additions: additions.filter(isIts) }
      return { through, additions: doubt.after === null ? [] : [doubt.after] }
    }),
  })
}

/** Asks about each doubt of which both readings bill different amounts in a window. */
export const askBilled = (doubts: readonly Doubt[], window: Window): Finding[] =>
  doubts.flatMap((doubt) => {
    const asked = askedOf(doubt, window)
    return asked === null ? [] : [findings.billedInDoubt(asked, doubt.isDeleted)]
  })

const askedOf = ({ additionId, through, before, after }: Doubt, window: Window): AskedInvoice | null => {
  let [one, other] = [zeroPair, zeroPair]
  let differs = false
  for (let month = window.period; month <= periodOf(window.horizon); month = addMonths(month, 1)) {
    const [as, or] = [billedIn(before, month), billedIn(after, month)]
    if (isZeroPair(subtractPair(as, or))) continue
    differs = true
    one = addPair(one, as)
    other = addPair(other, or)
  }
  return differs ? { additionId, through, before: amount(one), after: amount(other) } : null
}

const billedIn = (held: readonly CountedAddition[], month: Period): Pair =>
  sumPairs(held.map((each) => billHeld(each, month)))
