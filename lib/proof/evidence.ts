/**
 * What an instance's own invoices say of the rules that no source states (J13). An invoice, or an item of it, tells of a rule where it
 * would come to another amount by the rule's opposite: it has the one amount or the other. With neither it tells nothing.
 */
import { addMonths, periodOf } from '#lib/billing/days.ts'
import { type Decimal, decimal, money, sum, zero } from '#lib/billing/decimal.ts'
import type { Addition, Day, Money, Period } from '#lib/billing/types.ts'
import {
  type BillingRule,
  billingRules,
  type InstanceRule,
  instanceRules,
  priceIn,
  type Verdict,
} from './billing-rules.ts'
import type { InvoiceItem } from './second-facts.ts'

/** An invoice of an agreement, with its additions as they were when it was made. */
export interface Sample {
  /** As a person finds it: `INV-1001 of Cloud Subscriptions`. */
  readonly name: string
  readonly period: Period
  readonly agreementAmount: Money
  readonly productTotal: Money
  readonly subtotal: Money
  /** `null`: it shows none. */
  readonly items: readonly InvoiceItem[] | null
  readonly additions: readonly Addition[]
  /** Items of which an addition may have been another one when it was made: nothing is told of them. */
  readonly unsure: ReadonlySet<number>
}

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

export interface RuleEvidence {
  readonly rule: InstanceRule
  readonly verdict: Verdict
  /** How many invoices, or items of them, tell of the one and of the other. */
  readonly holds: number
  readonly fails: number
  /** Up to three that tell, in words; of a rule that fails, those that say so. */
  readonly examples: readonly string[]
}

class Tally {
  readonly #found = new Map<InstanceRule, { holds: string[]; fails: string[] }>()

  add(rule: InstanceRule, is: 'holds' | 'fails', says: string): void {
    const known = this.#found.get(rule) ?? { holds: [], fails: [] }
    known[is].push(says)
    this.#found.set(rule, known)
  }

  get all(): RuleEvidence[] {
    return instanceRules.map((rule) => {
      const { holds = [], fails = [] } = this.#found.get(rule) ?? {}
      const verdict =
        fails.length > 0 ? (holds.length > 0 ? 'unknown' : 'fails') : holds.length > 0 ? 'holds' : 'unknown'
      const examples = [...(fails.length > 0 ? fails : holds)].slice(0, 3)
      return { rule, verdict, holds: holds.length, fails: fails.length, examples }
    })
  }
}

const untold = (rule: InstanceRule): RuleEvidence => ({
  rule,
  verdict: 'unknown',
  holds: 0,
  fails: 0,
  examples: [],
})

/** Every rule with what tells of it. Where invoices say both, it is not known. */
export const evidenceOf = (agreements: readonly Invoiced[]): RuleEvidence[] => {
  const tally = new Tally()
  for (const agreement of agreements) lookAt(agreement, tally)
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
    lookAtAmounts(sample, puts, startDate, own, tally)
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

const lookAtHeader = (
  sample: Sample & { readonly own: Money | null; readonly expected: Decimal },
  tally: Tally,
): void => {
  const { name, productTotal, subtotal, items, own, expected } = sample
  if (items !== null && items.length > 0)
    tally.add('lines', 'holds', `${name} shows ${items.length} products`)
  else if (!expected.eq(0) && !decimal(subtotal).eq(0))
    tally.add('lines', 'fails', `${name} shows no product`)
  const amount = items === null ? expected : sum(items.map(({ price }) => decimal(price)))
  if (amount.eq(0)) return
  const beside = decimal(subtotal).minus(own ?? '0')
  if (decimal(productTotal).eq(amount))
    tally.add('header', 'holds', `${name} has ${productTotal} as its product total`)
  else if (decimal(productTotal).eq(0) && (beside.eq(amount) || items !== null))
    tally.add('header', 'fails', `${name} has ${money(amount)} of additions in its agreement amount`)
}

/** Item by item where it shows them, else as a whole. */
const lookAtAmounts = (
  { name, period, items, productTotal, subtotal, unsure, additions }: Sample,
  puts: readonly Put[],
  start: Day,
  own: Money | null,
  tally: Tally,
): void => {
  const tell = (of: string, part: readonly Put[], amount: Decimal): void => {
    const adopted = priceOf(part, start, period, null)
    for (const rule of billingRules) {
      const opposite = priceOf(part, start, period, rule)
      if (opposite.eq(adopted)) continue
      if (amount.eq(adopted))
        tally.add(rule, 'holds', `${of}: ${money(amount)}, otherwise ${money(opposite)}`)
      else if (amount.eq(opposite))
        tally.add(rule, 'fails', `${of}: ${money(amount)}, and not ${money(adopted)}`)
    }
  }
  if (items === null) {
    if (unsure.size > 0) return
    const isInProducts = !decimal(productTotal).eq(0)
    tell(name, puts, isInProducts ? decimal(productTotal) : decimal(subtotal).minus(own ?? '0'))
    return
  }
  const ids = new Set(additions.map(({ catalogItemId }) => catalogItemId))
  for (const id of ids) {
    if (unsure.has(id)) continue
    const there = items.filter(({ catalogItemId }) => catalogItemId === id)
    const part = puts.filter(({ addition }) => addition.catalogItemId === id)
    tell(
      `${name}, item ${id}`,
      part,
      there.reduce((all, { price }) => all.plus(price), zero),
    )
  }
}
