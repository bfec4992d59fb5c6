/**
 * The second proof (J6; docs/billing-rules.md, "The second proof"): what the plans of an agreement's months say that its additions bill,
 * against what ConnectWise says that it invoiced, cumulated since the first month that was synced, as what a sync adds to a month that
 * is invoiced already comes with the next invoice. Prices alone: the header of an invoice has no cost.
 */
import { lastDay, periodOf } from '#lib/billing/days.ts'
import { type Decimal, decimal, money, sum, zero } from '#lib/billing/decimal.ts'
import { invoicedThrough } from '#lib/billing/timeline.ts'
import type { Money, Period } from '#lib/billing/types.ts'
import { billingRules, type InstanceRule } from './billing-rules.ts'
import { invoiceTerms } from './invoice-terms.ts'
import { isBlind, type Piece, piecesOf, ruleUse } from './pieces.ts'
import type { OwnInvoice, SecondFacts } from './second-facts.ts'

/**
 * Why ConnectWise invoiced otherwise than the plans say; invoiced - billed is their sum.
 * - `carried`: of months that were invoiced already; it comes with the next invoice
 * - `changed`: the program's additions bill otherwise than when they were planned: somebody changed them
 * - `others`: additions that are none of the program's
 * - `earlier`: of months before the first one that was synced. `later`: of a One-Time agreement's later annual invoices
 * - `amended`: the invoice was changed in ConnectWise after it was read
 * - `unread`: what an invoice made before the agreement was read has beyond the additions as they were read first
 * - `lost`: additions that are on no line of the invoice. `lines`: lines of another amount, or of what no addition bills
 */
export const secondTerms = [
  'unexplained',
  'lost',
  'lines',
  'amended',
  'changed',
  'others',
  'unread',
  'earlier',
  'later',
  'carried',
] as const
export type SecondTerm = (typeof secondTerms)[number]
export type SecondTermAmounts = Readonly<Partial<Record<SecondTerm, Money>>>

export interface SecondMonth {
  readonly period: Period
  /**
   * `not-invoiced`: ConnectWise has not invoiced it, or does not say; `missing`: it has, and none of its invoices was read;
   * `blind`: it was invoiced before the agreement was read, so that nobody can say what of.
   */
  readonly state: 'compared' | 'blind' | 'missing' | 'not-invoiced'
  /** The month from which on it is cumulated. */
  readonly since: Period
  /** Of its own invoices; `null`: there is none. */
  readonly invoiced: Money | null
  /** Since that month. */
  readonly billedSoFar: Money
  readonly invoicedSoFar: Money
  /** Only those that are not 0. */
  readonly terms: SecondTermAmounts
  /** Rules by whose opposite another amount would be expected by now, in the order of `billingRules`. */
  readonly depends: readonly InstanceRule[]
}

/** One for each synced month, oldest first. */
export const secondProof = (facts: SecondFacts): SecondMonth[] => {
  const byMonth = Map.groupBy(facts.invoices, ({ period }) => period)
  const base = baseOf(facts, (period) => byMonth.has(period))
  if (base === undefined) return []
  const through = invoicedThrough(facts)
  const pieces = piecesOf(facts, base)
  const dependsOn = ruleUse(pieces, facts)
  let isAnyMissing = false
  return facts.months.map(({ period }): SecondMonth => {
    const own = byMonth.get(period) ?? []
    const isFrom = (each: { readonly period: Period }): boolean =>
      each.period >= base && each.period <= period
    const billed = sum(facts.months.filter(isFrom).map((each) => decimal(each.billed)))
    const invoices = facts.invoices.filter(isFrom)
    const isInvoiced = through !== null && through >= lastDay(period)
    isAnyMissing ||= period >= base && isInvoiced && own.length === 0
    const state = !isInvoiced
      ? 'not-invoiced'
      : isAnyMissing || period < base
        ? 'missing'
        : isBlind(facts, period)
          ? 'blind'
          : 'compared'
    const isCompared = state === 'compared' || state === 'blind'
    return {
      period,
      state,
      since: base,
      invoiced: own.length === 0 ? null : money(sum(own.map(({ price }) => decimal(price)))),
      billedSoFar: money(billed),
      invoicedSoFar: money(sum(invoices.map(({ price }) => decimal(price)))),
      terms: isCompared ? termsOf({ facts, pieces, first: base, period, billed, invoices }) : {},
      depends: isCompared ? billingRules.filter((rule) => dependsOn(rule, base, period)) : [],
    }
  })
}

/**
 * From which month on it is cumulated: the first one that was synced, without those that were invoiced before the agreement was read and
 * of which no invoice is to be had. `undefined`: no month was synced.
 */
const baseOf = (facts: SecondFacts, hasInvoice: (period: Period) => boolean): Period | undefined =>
  (
    facts.months.findLast((_, at) => {
      const before = facts.months[at - 1]
      return before !== undefined && isBlind(facts, before.period) && !hasInvoice(before.period)
    }) ?? facts.months[0]
  )?.period

/** What the next invoice is to have by what was read last. */
export const nextInvoicePrice = (facts: SecondFacts): Money | null => {
  const { nextInvoiceDate, months } = facts
  const [first] = months
  if (nextInvoiceDate === null || first === undefined) return null
  const next = periodOf(nextInvoiceDate)
  const open = piecesOf(facts, first.period < next ? first.period : next, next)
  return money(sum(open.filter(({ on, month }) => on === null && month <= next).map(({ price }) => price)))
}

interface TermsInput {
  readonly facts: SecondFacts
  readonly pieces: readonly Piece[]
  readonly first: Period
  readonly period: Period
  readonly billed: Decimal
  readonly invoices: readonly OwnInvoice[]
}

const termsOf = ({ facts, pieces, first, period, billed, invoices }: TermsInput): SecondTermAmounts => {
  const sumOf = (is: (piece: Piece) => boolean): Decimal => sum(pieces.filter(is).map(({ price }) => price))
  const isCounted = ({ additionId }: Piece): boolean => facts.counted.has(additionId)
  const isOn = ({ on }: Piece): boolean => on !== null && on >= first && on <= period
  const isOf = ({ month }: Piece): boolean => month >= first && month <= period
  const all = sumOf((piece) => isCounted(piece) && isOf(piece))
  const terms: Record<SecondTerm, Decimal> = {
    carried: zero.minus(sumOf((piece) => isCounted(piece) && isOf(piece) && !isOn(piece))),
    changed: all.minus(billed),
    others: sumOf((piece) => !isCounted(piece) && isOn(piece)),
    earlier: sumOf((piece) => isCounted(piece) && !isOf(piece) && isOn(piece)),
    amended: zero,
    unread: zero,
    lost: zero,
    lines: zero,
    unexplained: zero,
    later: zero,
  }
  for (const [on, own] of Map.groupBy(invoices, (each) => each.period)) {
    const expected = pieces.filter((piece) => piece.on === on)
    addTerms(terms, invoiceTerms(own, expected, isBlind(facts, on)))
  }
  return shownTerms(terms)
}

export const addTerms = (
  terms: Record<SecondTerm, Decimal>,
  more: Readonly<Partial<Record<SecondTerm, Decimal>>>,
): void => {
  for (const term of secondTerms) terms[term] = terms[term].plus(more[term] ?? zero)
}

export const shownTerms = (terms: Readonly<Record<SecondTerm, Decimal>>): SecondTermAmounts =>
  Object.fromEntries(secondTerms.flatMap((term) => (terms[term].eq(0) ? [] : [[term, money(terms[term])]])))
