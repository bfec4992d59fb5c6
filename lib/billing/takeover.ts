/**
 * What a person is asked before a mapping moves or is cleared (E5): what stays open on the agreement, what it bills a month, and
 * from which month another agreement takes over. Pure, so that what is shown is what is written.
 */
import { hold, isCounted } from './additions.ts'
import { unfitness } from './agreement-rules.ts'
import { billHeld } from './bill.ts'
import { addMonths, firstDay, laterOf, periodOf } from './days.ts'
import { amount, sumPairs } from './decimal.ts'
import type { BySubscription } from './keys.ts'
import { additionsOfTenant, closingsOf } from './moving.ts'
import { productLookup } from './products.ts'
import { mustEnd } from './still-wrong.ts'
import { invoicedThrough } from './timeline.ts'
import type { Agreement, Amount, Change, Day, Period, Quantity, Situation, StillBilled } from './types.ts'

/** Why another agreement takes over with this month and not an earlier one. */
export type TakeoverReason =
  /** ConnectWise has invoiced the months before on the old one. */
  | 'invoiced'
  /** The months before were synced there. */
  | 'synced'
  /** It is the first month that the customer syncs at all. */
  | 'first'
  /** The new one can carry no earlier month. */
  | 'fit'

export interface Takeover {
  readonly from: Period
  readonly because: TakeoverReason
}

export interface TakeoverInput {
  /** The agreement that it leaves, as it is read now; `null` where ConnectWise has it no more. */
  readonly situation: Situation | null
  readonly tenantId: string
  /** The newest month in which a subscription of it was good there; `null`: none. */
  readonly lastGood: Period | null
  /** The first month that it is planned for there; the newest invoice's, or today's, where none is known. */
  readonly first: Period
  /** The agreement that takes over; `null` where none does. */
  readonly target: Pick<Situation, 'agreement' | 'currency'> | null
}

/** Months that are tried for one that the new agreement can carry. */
const MOST_MONTHS = 24

/**
 * The first month that another agreement may take over with: after what ConnectWise has invoiced of the customer's additions
 * and after what was synced there. `null` where the new one can carry none of the next two years.
 */
export const earliestTakeover = (input: TakeoverInput): Takeover | null => {
  const { situation, tenantId, lastGood, first, target } = input
  const through = situation === null ? null : invoicedThrough(situation.agreement)
  const candidates: Takeover[] = [
    { from: first, because: 'first' },
    ...(lastGood === null ? [] : [{ from: addMonths(lastGood, 1), because: 'synced' } as const]),
    ...(situation === null || through === null || !hasAdditions(situation, tenantId)
      ? []
      : [{ from: addMonths(periodOf(through), 1), because: 'invoiced' } as const]),
  ]
  const latest = candidates.reduce((last, each) => (each.from > last.from ? each : last))
  return target === null ? latest : firstFit(latest, target)
}

/** Of an agreement on which it never had any, nothing that is invoiced is its. */
const hasAdditions = (situation: Situation, tenantId: string): boolean =>
  additionsOfTenant(situation, tenantId).some(({ addition }) =>
    isCounted(hold(addition, situation.agreement, undefined)),
  )

const firstFit = (
  earliest: Takeover,
  { agreement, currency }: Pick<Situation, 'agreement' | 'currency'>,
): Takeover | null => {
  for (let i = 0; i < MOST_MONTHS; i += 1) {
    const from = addMonths(earliest.from, i)
    if (isFit(agreement, from, currency)) return i === 0 ? earliest : { from, because: 'fit' }
  }
  return null
}

/** Also one that begins inside the month cannot carry it: nothing on it starts earlier. */
const isFit = (agreement: Agreement, from: Period, currency: string): boolean =>
  agreement.startDate <= firstDay(from) &&
  (agreement.billStartDate === null || agreement.billStartDate <= firstDay(from)) &&
  unfitness(agreement, from, currency).length === 0

// ───────────────────────────── what stays open ─────────────────────────────

/** An addition of the customer that goes on after its last month there. */
export interface OpenAddition {
  readonly additionId: number
  readonly subscriptionId: string
  readonly product: string
  readonly quantity: Quantity
  /** Its first and last day; `null`: open. */
  readonly start: Day
  readonly end: Day | null
  /** What it bills of a whole month. */
  readonly monthly: Amount
  /** What ends it. */
  readonly change: Change
}

/** What would go on there after the month, and how each is ended. @param until the last month there */
export const openAfter = (situation: Situation, tenantId: string, until: Period): OpenAddition[] => {
  const lookup = productLookup(situation)
  return closingsOf(situation, { id: tenantId, name: '', syncs: true, until }).map(
    ({ subscriptionId, addition, change }) => {
      const item = lookup.item(addition.catalogItemId)
      return {
        additionId: addition.id,
        subscriptionId,
        product: (item && lookup.bySku(item.vendorSku)?.name) ?? item?.identifier ?? `${addition.id}`,
        quantity: addition.quantity,
        start: addition.effectiveDate ?? situation.agreement.startDate,
        end: addition.cancelledDate,
        monthly: monthlyOf(situation, [addition.id], until),
        change,
      }
    },
  )
}

const monthlyOf = ({ additions, agreement }: Situation, ids: readonly number[], until: Period): Amount => {
  const bills = additions
    .filter(({ id }) => ids.includes(id))
    .map((addition) => hold(addition, agreement, undefined))
    .map((held) => billHeld({ ...held, end: null }, monthAfter(until, held.start)))
  return amount(sumPairs(bills))
}

/** The first whole month of it after the last one there. */
const monthAfter = (until: Period, start: Day): Period =>
  periodOf(laterOf(firstDay(addMonths(until, 1)), firstDay(addMonths(periodOf(start), 1))))

/** What still bills a customer's subscriptions there after its last month, by subscription. */
export const stillBilledOf = (
  situation: Situation | null,
  tenantId: string,
  until: Period,
): BySubscription<StillBilled> => {
  if (situation === null) return {}
  const bySubscription = Map.groupBy(
    openAfter(situation, tenantId, until),
    ({ subscriptionId }) => subscriptionId,
  )
  return Object.fromEntries(
    [...bySubscription].map(([id, open]) => {
      const additionIds = open.map((each) => each.additionId)
      const { price } = monthlyOf(situation, additionIds, until)
      const stillWrong = mustEnd(
        open.map(({ additionId, start, end }) => ({ id: additionId, start, end })),
        firstDay(addMonths(until, 1)),
      )
      return [id, { agreementName: situation.agreement.name, additionIds, price, stillWrong }]
    }),
  )
}
