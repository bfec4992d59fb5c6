/**
 * The second proof of a One-Time agreement (J6, J9; docs/billing-rules.md, "The second proof"): what the plans of its annual invoices say
 * that its additions bill, against what ConnectWise says that it invoiced. Each addition is on one invoice, whenever that is made.
 */
import { isOnNoInvoice } from '#lib/billing/billed-days.ts'
import { type Decimal, decimal, money, sum, zero } from '#lib/billing/decimal.ts'
import type { Addition, Agreement, Day, Money, Period } from '#lib/billing/types.ts'
import { onceRules, priceOnce } from './billing-rules.ts'
import { invoiceTerms } from './invoice-terms.ts'
import { addTerms, type SecondMonth, type SecondTerm, type SecondTermAmounts, shownTerms } from './second.ts'
import type { OwnInvoice } from './second-facts.ts'

/** An invoice that ConnectWise made of the agreement. */
export interface OnceInvoice extends OwnInvoice {
  /** The day that it was made for: it bills what begins by then and was not billed before. */
  readonly day: Day
  /** As they were read last before it; `null`: it was made before the agreement was read. */
  readonly additions: readonly Addition[] | null
}

export interface OnceFacts {
  readonly agreement: Pick<Agreement, 'startDate'>
  /** Months in which annual invoices were issued, oldest first, each with what the plans of these say that additions bill. */
  readonly months: readonly { readonly period: Period; readonly billed: Money }[]
  /** Oldest first. */
  readonly invoices: readonly OnceInvoice[]
  /** As they were read first: what begins before the first day that was not invoiced then was billed. `null`: never. */
  readonly readFirst: { readonly nextInvoiceDate: Day; readonly additions: readonly Addition[] } | null
  /** As they were read last, and the first day that was not invoiced when ConnectWise was asked last. */
  readonly additions: readonly Addition[]
  readonly nextInvoiceDate: Day | null
  /** Of each addition that carries a line, the month of that line's invoice: the others are none of the program's. */
  readonly monthOf: ReadonlyMap<number, Period>
}

/** What ConnectWise bills of an addition, once. */
interface Once {
  /** Which of the invoices it is on; `before`: one that was made before the agreement was read. `null`: it is on none so far. */
  readonly on: number | 'before' | null
  /** It begins on a day that is invoiced, and no invoice that was read has it. */
  readonly isMissing: boolean
  /** `null`: no plan counts it. */
  readonly month: Period | null
  readonly catalogItemId: number
  readonly price: Decimal
  readonly start: Day
  readonly addition: Addition
}

/** One for each month in which annual invoices were issued, oldest first; none where the agreement was never read. */
export const onceProof = (facts: OnceFacts): SecondMonth[] => {
  if (facts.readFirst === null) return []
  const all = oncesOf(facts)
  const base = baseOf(facts, all)
  if (base === undefined) return []
  return facts.months.map(({ period }) =>
    period < base ? beforeRead(period) : monthOf(facts, all, base, period),
  )
}

/** What the next invoice is to have, were it made on that day. */
export const nextOncePrice = (facts: OnceFacts, day: Day): Money =>
  money(sum(oncesOf(facts).flatMap(({ on, start, price }) => (on === null && start <= day ? [price] : []))))

/** Whether something that is still to be invoiced begins later than that day. */
export const isAnyLater = (facts: OnceFacts, day: Day): boolean =>
  oncesOf(facts).some(({ on, start }) => on === null && start > day)

const oncesOf = ({
  agreement,
  invoices,
  readFirst,
  additions,
  nextInvoiceDate,
  monthOf: months,
}: OnceFacts) => {
  const found = new Map<number, Once>()
  const put = (addition: Addition, on: Once['on'], until: Day | null): void => {
    const { id, catalogItemId, cancelledDate } = addition
    const start = addition.effectiveDate ?? agreement.startDate
    if (found.has(id) || isOnNoInvoice(addition) || (until !== null && start > until)) return
    if (cancelledDate !== null && cancelledDate < start) return
    const isMissing = on === null && nextInvoiceDate !== null && start < nextInvoiceDate
    const price = priceOnce(addition, agreement.startDate)
    found.set(id, { on, isMissing, month: months.get(id) ?? null, catalogItemId, price, start, addition })
  }
  for (const addition of readFirst?.additions ?? [])
    if ((addition.effectiveDate ?? agreement.startDate) < (readFirst?.nextInvoiceDate ?? ''))
      put(addition, 'before', null)
  for (const [at, { day, additions: then }] of invoices.entries())
    for (const addition of then ?? []) put(addition, at, day)
  for (const addition of additions) put(addition, null, null)
  return [...found.values()]
}

/** The first month that is not wholly invoiced before the agreement was read. */
const baseOf = ({ months }: OnceFacts, all: readonly Once[]): Period | undefined =>
  (
    months.find(({ period }) => {
      const own = all.filter(({ month }) => month === period)
      return own.length === 0 || own.some(({ on }) => on !== 'before')
    }) ?? months.at(-1)
  )?.period

const beforeRead = (period: Period): SecondMonth => ({
  period,
  state: 'blind',
  since: period,
  invoiced: null,
  billedSoFar: money(zero),
  invoicedSoFar: money(zero),
  terms: {},
  depends: [],
})

const monthOf = (facts: OnceFacts, all: readonly Once[], base: Period, period: Period): SecondMonth => {
  const counted = all.filter(({ month }) => month !== null && month >= base && month <= period)
  const own = counted.filter(({ month }) => month === period)
  const on = indexesOf(counted)
  const invoices = on.length === 0 ? [] : facts.invoices.slice(Math.min(...on), Math.max(...on) + 1)
  const its = new Set(indexesOf(own))
  const billed = sum(
    facts.months
      .filter((each) => each.period >= base && each.period <= period)
      .map((each) => decimal(each.billed)),
  )
  const state = stateOf(counted, own)
  const isCompared = state === 'compared' || state === 'blind'
  const first = on.length === 0 ? 0 : Math.min(...on)
  const range = { first, last: first + invoices.length - 1 }
  return {
    period,
    state,
    since: base,
    invoiced: its.size === 0 ? null : pricesOf(facts.invoices.filter((_, at) => its.has(at))),
    billedSoFar: money(billed),
    invoicedSoFar: pricesOf(invoices),
    terms: isCompared ? termsOf({ facts, all, base, period, billed, range }) : {},
    depends: isCompared ? dependsOn(facts, all, range) : [],
  }
}

const indexesOf = (all: readonly Once[]): number[] =>
  all.flatMap(({ on }) => (typeof on === 'number' ? [on] : []))
const pricesOf = (invoices: readonly OwnInvoice[]): Money =>
  money(sum(invoices.map(({ price }) => decimal(price))))

const stateOf = (counted: readonly Once[], own: readonly Once[]): SecondMonth['state'] =>
  counted.some(({ isMissing }) => isMissing)
    ? 'missing'
    : own.some(({ on }) => on === 'before')
      ? 'blind'
      : own.some(({ on }) => on !== null)
        ? 'compared'
        : 'not-invoiced'

interface TermsInput {
  readonly facts: OnceFacts
  readonly all: readonly Once[]
  readonly base: Period
  readonly period: Period
  readonly billed: Decimal
  /** The first and last of the invoices. */
  readonly range: { readonly first: number; readonly last: number }
}

const isIn = ({ first, last }: TermsInput['range'], { on }: Once): boolean =>
  typeof on === 'number' && on >= first && on <= last

const termsOf = ({ facts, all, base, period, billed, range }: TermsInput): SecondTermAmounts => {
  const sumOf = (is: (each: Once) => boolean): Decimal => sum(all.filter(is).map(({ price }) => price))
  const isOf = ({ month }: Once): boolean => month !== null && month >= base && month <= period
  const isOn = (each: Once): boolean => isIn(range, each)
  const terms: Record<SecondTerm, Decimal> = {
    carried: zero.minus(sumOf((each) => isOf(each) && each.on === null)),
    changed: sumOf(isOf).minus(billed),
    others: sumOf((each) => each.month === null && isOn(each)),
    earlier: sumOf((each) => each.month !== null && each.month < base && isOn(each)),
    later: sumOf((each) => each.month !== null && each.month > period && isOn(each)),
    unread: zero.minus(sumOf((each) => isOf(each) && each.on === 'before')),
    amended: zero,
    lost: zero,
    lines: zero,
    unexplained: zero,
  }
  for (let at = range.first; at <= range.last; at += 1) {
    const invoice = facts.invoices[at]
    if (invoice === undefined) continue
    const expected = all.filter(({ on }) => on === at)
    addTerms(terms, invoiceTerms([invoice], expected, invoice.additions === null))
  }
  return shownTerms(terms)
}

/** Rules by whose opposite these invoices would have another amount. */
const dependsOn = (
  { agreement: { startDate } }: OnceFacts,
  all: readonly Once[],
  range: TermsInput['range'],
): SecondMonth['depends'] =>
  onceRules.filter((rule) =>
    all.some((each) => isIn(range, each) && !priceOnce(each.addition, startDate, rule).eq(each.price)),
  )
