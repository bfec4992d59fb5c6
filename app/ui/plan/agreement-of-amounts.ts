import { amountText, difference, isNegative, isZero, magnitude } from '#app/ui/kit/money.ts'
import type { Amount, Reconciliation } from './shown.ts'

type Side = 'price' | 'cost'

/** Cost is asked for only where it is there. */
const of = (amount: Amount, side: Side): string => amount[side] ?? '0'

/** In the order in which a clerk should look at them. What each is called is in term-texts.ts, which few bills need. */
const FIXED = [
  'failed',
  'notBilled',
  'edited',
  'asAdopted',
  'priceChange',
  'rounding',
  'unexplained',
] as const
/** What is billed, or not, for a reason that has a name; what bars the verdict from being good comes first. */
const NAMED = [
  'priceRule',
  'waiting',
  'unknown',
  'leftOver',
  'skipped',
  'beforeStart',
  'drift',
  'aside',
  'annualAddition',
  'nobodys',
  'billedElsewhere',
  'movedAway',
  'exactAmounts',
  'reserved',
] as const
export type ShownTerm = (typeof FIXED)[number] | (typeof NAMED)[number]
/** Those that are meant: the bill is as it should be. A correction is as long as it bills the rounding. */
const MEANT: readonly string[] = ['priceRule', 'rounding']
/** Those that say that the bill may be wrong. */
const OPEN: readonly string[] = ['waiting', 'unknown', 'leftOver', 'movedAway']

export const ROUNDING = 'is rounding: ConnectWise rounds each unit, PRISM each line'

export interface Verdict {
  readonly tone: 'good' | 'warn' | 'bad'
  readonly sentence: string
  /** Every term that is not zero, where more than rounding is between the two figures. */
  readonly terms: readonly { readonly term: ShownTerm; readonly amount: string }[]
}

/**
 * What PRISM invoiced of the lines that are synced; ignored lines are shown apart (docs/billing-rules.md,
 * "The proof").
 */
export const invoicedOfSynced = (totals: Reconciliation, side: Side): string =>
  difference(of(totals.invoiced, side), of(totals.ignored, side))

/**
 * Says whether the invoice and the additions agree, and what lies between them where they do not. `failing` and `waiting`: how many
 * subscriptions could not be synced, and wait for a person; where there are any, equal totals are no agreement.
 */
export function verdict(totals: Reconciliation, side: Side = 'price', failing = 0, waiting = 0): Verdict {
  const terms = [
    ...FIXED.map((term) => ({ term, amount: of(totals[term], side) })),
    ...NAMED.flatMap((term) => {
      const amount = totals.terms?.[term]
      return amount === undefined ? [] : [{ term, amount: of(amount, side) }]
    }),
  ].filter(({ amount }) => !isZero(amount))
  const corrected = correctedRounding(terms)
  const others = terms.filter(
    ({ term }) => term !== 'rounding' && (term !== 'exactAmounts' || corrected === null),
  )
  if (others.length === 0 && failing + waiting > 0) {
    const totalsAre =
      terms.length === 0 || corrected !== null
        ? 'The totals are equal'
        : 'The totals differ by rounding alone'
    return { tone: 'warn', sentence: `${totalsAre}, but ${openText(failing, waiting)}.`, terms: [] }
  }
  if (others.length === 0 && corrected !== null) {
    const cents = amountText(magnitude(corrected))
    return {
      tone: 'good',
      sentence: `Agrees. To the cent: a correction bills ${cents} of rounding.`,
      terms: [],
    }
  }
  if (others.length === 0) {
    const rounding = terms[0]
    const cents = rounding ? `${amountText(magnitude(rounding.amount))} ${ROUNDING}.` : 'To the cent.'
    return { tone: 'good', sentence: `Agrees. ${cents}`, terms: [] }
  }
  const gap = difference(invoicedOfSynced(totals, side), of(totals.billed, side))
  const sentence = isZero(gap)
    ? 'The totals are equal, but not for one reason:'
    : `PRISM invoiced ${amountText(magnitude(gap))} ${isNegative(gap) ? 'less' : 'more'} than the additions bill:`
  const isBad = ({ term }: { readonly term: ShownTerm }): boolean =>
    term === 'unexplained' || term === 'failed' || OPEN.includes(term)
  const isMeant = others.every(({ term }) => MEANT.includes(term)) && failing + waiting === 0
  return {
    tone: isMeant ? 'good' : others.some(isBad) ? 'bad' : 'warn',
    sentence,
    terms: terms.map(({ term, amount }) => ({ term, amount: amountText(amount) })),
  }
}

/** What a correction bills of rounding, where it is all of the rounding (docs/billing-rules.md, "Exact amounts"); else `null`. */
function correctedRounding(
  terms: readonly { readonly term: ShownTerm; readonly amount: string }[],
): string | null {
  const amountOf = (of: ShownTerm): string => terms.find(({ term }) => term === of)?.amount ?? '0'
  const correction = amountOf('exactAmounts')
  const left = difference('0', amountOf('rounding'))
  return !isZero(correction) && isZero(difference(correction, left)) ? left : null
}

function openText(failing: number, waiting: number): string {
  const many = (count: number): string => (count === 1 ? 'one subscription' : `${count} subscriptions`)
  const failed = failing === 0 ? [] : [`${many(failing)} could not be synced`]
  const waits = waiting === 0 ? [] : [`${many(waiting)} ${waiting === 1 ? 'waits' : 'wait'} for a person`]
  return [...failed, ...waits].join(', and ')
}
