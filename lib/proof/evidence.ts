/**
 * What an instance's own invoices say of the rules that no source states (J13). An invoice, or an item of it, tells of a rule where it
 * would come to another amount by the rule's opposite: it has the one amount or the other. With neither it tells nothing.
 */
import { addMonths, periodOf } from '#lib/billing/days.ts'
import { type Decimal, decimal, money, sum } from '#lib/billing/decimal.ts'
import type { Addition, Day, Money, Period } from '#lib/billing/types.ts'
import { type BillingRule, billingRules, type InstanceRule, priceIn } from './billing-rules.ts'
import { type InvoicedOnce, lookAtOnce } from './evidence-once.ts'
import { lookAtAmounts, lookAtHeader, type RuleEvidence, type Sample, Tally } from './evidence-sample.ts'

export type { InvoicedOnce } from './evidence-once.ts'
export type { RuleEvidence, Sample } from './evidence-sample.ts'

/** An agreement with its invoices, oldest first, and what ConnectWise says of its next one. */
export interface Invoiced {
  readonly name: string
  readonly startDate: Day
  /** What it bills beside its additions each month; `null`: not known. */
  readonly own: Money | null
  readonly samples: readonly Sample[]
  readonly next: {
    readonly period: Period
    /** `null`: ConnectWise does not say. */
    readonly additions: Money | null
    readonly current: readonly Addition[]
  } | null
}

const untold = (rule: InstanceRule): RuleEvidence => ({
  rule,
  verdict: 'unknown',
  holds: 0,
  fails: 0,
  examples: [],
})

/** Every rule with what tells of it. Where invoices say both, it is not known. @param once One-Time agreements */
export const evidenceOf = (
  agreements: readonly Invoiced[],
  once: readonly InvoicedOnce[] = [],
): RuleEvidence[] => {
  const tally = new Tally()
  for (const agreement of agreements) lookAt(agreement, tally)
  for (const agreement of once) lookAtOnce(agreement, tally)
  const found = tally.all
  // Where nothing is caught up, no forecast can hold it.
  const isCaughtUp = found.every(({ rule, verdict }) => rule !== 'catch-up' || verdict !== 'fails')
  return isCaughtUp ? found : found.map((each) => (each.rule === 'forecast' ? untold('forecast') : each))
}

/** What an addition puts on an invoice: the months that none before it had, by a rule's opposite without those before its own. */
interface Put {
  readonly addition: Addition
  readonly months: readonly Period[]
}

const priceOf = (puts: readonly Put[], start: Day, period: Period, flipped: BillingRule | null): Decimal =>
  sum(
    puts.flatMap(({ addition, months }) =>
      months
        .filter((month) => flipped !== 'catch-up' || month === period)
        .map((month) => priceIn(addition, start, month, flipped)),
    ),
  )

const lookAt = ({ name, startDate, own, samples, next }: Invoiced, tally: Tally): void => {
  const billed = new Set<string>()
  const putsOf = (additions: readonly Addition[], period: Period, isFirst: boolean): Put[] =>
    additions.map((addition) => {
      const start = periodOf(addition.effectiveDate ?? startDate)
      const months: Period[] = []
      // What was billed before the first invoice that is known is not known: its own month alone is looked at.
      for (
        let month = isFirst && start < period ? period : start;
        month <= period;
        month = addMonths(month, 1)
      )
        if (!billed.has(`${addition.id} ${month}`)) months.push(month)
      return { addition, months }
    })
  const note = (additions: readonly Addition[], period: Period): void => {
    for (const { id, effectiveDate } of additions)
      for (let month = periodOf(effectiveDate ?? startDate); month <= period; month = addMonths(month, 1))
        billed.add(`${id} ${month}`)
  }
  for (const [at, sample] of samples.entries()) {
    const puts = putsOf(sample.additions, sample.period, at === 0)
    lookAtHeader({ ...sample, own, expected: priceOf(puts, startDate, sample.period, null) }, tally)
    lookAtAmounts(sample, own, tally, billingRules, (flipped, item) => {
      const of = item === null ? puts : puts.filter(({ addition }) => addition.catalogItemId === item)
      return priceOf(of, startDate, sample.period, flipped)
    })
    note(sample.additions, sample.period)
  }
  if (next === null || next.additions === null || samples.length === 0) return
  const puts = putsOf(next.current, next.period, false)
  const [all, current] = [null, 'catch-up' as const].map((flipped) =>
    priceOf(puts, startDate, next.period, flipped),
  ) as [Decimal, Decimal]
  if (all.eq(current)) return
  const said = decimal(next.additions)
  if (said.eq(all)) tally.add('forecast', 'holds', `${name} forecasts ${money(said)}, catch-up included`)
  else if (said.eq(current))
    tally.add(
      'forecast',
      'fails',
      `${name} forecasts ${money(said)} without ${money(all.minus(current))} of catch-up`,
    )
}
