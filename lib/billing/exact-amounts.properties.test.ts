/**
 * Exact amounts for every history (J10; docs/billing-rules.md, "Exact amounts"). `HISTORIES` sets how many are tried, default 200;
 * `SEED` repeats one run.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bill } from './bill.ts'
import { addMonths, firstDay } from './days.ts'
import { decimal } from './decimal.ts'
import { isRoundingSerial, roundingSerial } from './exact-amounts.ts'
import { isGood } from './held-back.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { preview } from './preview.ts'
import { remainder } from './reconcile.ts'
import { simulate } from './simulate.ts'
import { edit, firstPeriod, type History, historyArb, PrismHistory, startOf } from './testing/histories.ts'
import type { Addition, Amount, Change, InvoiceLine, Period, PeriodPlan, Situation } from './types.ts'

const numRuns = Number(process.env.HISTORIES ?? 200)
const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const must = (isTrue: boolean, message: () => string): void => {
  if (!isTrue) throw new Error(message())
}

const planned = (situation: Situation): PeriodPlan => {
  const [month] = plan(situation).periods
  if (month === undefined) throw new Error('a usage gives a period')
  return month
}

const applied = (situation: Situation): Situation => ({
  ...situation,
  ...simulate(situation, changesOf(planned(situation))),
})

/** The rounds of a sync, until nothing is left to write: the month's own and the correction's. */
const rounds = (situation: Situation): Situation => {
  let current = situation
  for (let round = 0; round < 2; round += 1) current = applied(current)
  must(
    isNothingToWrite(plan(current)),
    () => `a third round writes ${JSON.stringify(writes(planned(current)))}`,
  )
  return current
}

const writes = (month: PeriodPlan): Change[] => changesOf(month).filter(({ kind }) => kind !== 'keep')

const isCents = ({ serialNumber }: Pick<Addition, 'serialNumber'>): boolean =>
  isRoundingSerial(subscriptionKey(serialNumber))

const asSet = ({ additions }: Situation): string =>
  additions
    .map(({ id: _, ...each }) =>
      JSON.stringify(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    )
    .sort()
    .join('\n')

const isNothing = ({ cost, price }: Amount): boolean =>
  Math.abs(Number(cost)) < 1e-6 && Math.abs(Number(price)) < 1e-6

const withOption = (situation: Situation, exactAmounts: boolean): Situation => ({
  ...situation,
  options: { ...situation.options, exactAmounts },
})

/** What was seen, so that a property that never applies is noticed. */
const seen = { exact: 0, corrected: 0, frozen: 0, explained: 0, zeroed: 0 }

/** After the rounds of a month: `before` is planned from, `done` is how it ends. */
const checkMonth = (before: Situation, done: Situation, period: Period, cut: number): void => {
  const month = planned(done)
  const { totals } = month
  must(isNothing(remainder(totals)), () => `remainder of ${JSON.stringify(totals)}`)
  must(isNothing(totals.unexplained), () => `unexplained in ${JSON.stringify(totals)}`)
  // One without a quantity is no addition to the plan, whatever licences somebody included in it.
  const counted = done.additions.filter(({ quantity }) => Number(quantity) !== 0)
  const { total } = bill(counted, done.agreement, period)
  const row = month.subscriptions.find(({ subscriptionId }) => subscriptionId === roundingSerial(period))
  const isBilled = done.agreement.nextInvoiceDate !== firstDay(period)
  const others = [
    ...(['ignored', 'failed', 'priceChange', 'asAdopted', 'edited', 'notBilled'] as const).map(
      (term) => totals[term],
    ),
    ...Object.entries(totals.terms ?? {}).flatMap(([term, amount]) =>
      term === 'exactAmounts' ? [] : [amount],
    ),
  ]
  const isAllGood = month.subscriptions.every(isGood)
  if (isBilled) seen.frozen += 1
  else if (isAllGood) {
    const exact = totals.terms?.exactAmounts ?? { cost: '0', price: '0' }
    // Less than a cent is left only beside another term, such as a price change of 0.525.
    const isLess = (side: 'cost' | 'price'): boolean =>
      decimal(totals.rounding[side]).plus(exact[side]).abs().lte('0.005001')
    must(isLess('cost') && isLess('price'), () => `rounding is left in ${JSON.stringify(totals)}`)
    if (row !== undefined) seen.corrected += 1
    if (others.every(isNothing)) {
      seen.exact += 1
      must(
        total.price === totals.invoiced.price && total.cost === totals.invoiced.cost,
        () => `ConnectWise bills ${JSON.stringify(total)} of ${JSON.stringify(totals)}`,
      )
    } else seen.explained += 1
  }
  // Any first part of the writes, and then what is planned after it, comes to the same.
  const first = writes(planned(before))
  const all = [...first, ...writes(planned(applied(before)))]
  const broken = { ...before, ...simulate(before, all.slice(0, cut % (all.length + 1))) }
  must(asSet(rounds(broken)) === asSet(done), () => `cut after ${cut % (all.length + 1)}`)
  must(
    first.every((change) => change.kind !== 'create' || !isCents(change.addition)) || first.length === 1,
    () => 'a correction is written with other changes',
  )
  const previewed = preview(before).periods.flatMap(changesOf)
  must(
    asSet({ ...before, ...simulate(before, previewed) }) === asSet(done),
    () => 'it is previewed otherwise',
  )
  checkSwitchedOff(done, period)
}

/** Switched off later it bills 0.00, or stays where ConnectWise has invoiced the month; all else is as it was. */
const checkSwitchedOff = (done: Situation, period: Period): void => {
  const off = withOption(done, false)
  const after = rounds(off)
  const ours = after.additions.filter((each) => each.serialNumber === roundingSerial(period))
  const frozen = done.agreement.nextInvoiceDate !== firstDay(period)
  if (frozen) must(asSet(after) === asSet(done), () => 'what ConnectWise has invoiced was changed')
  else for (const each of ours) must(each.unitPrice === '0' && each.unitCost === '0', () => 'still bills')
  if (ours.length > 0) seen.zeroed += 1
  const others = (situation: Situation): string =>
    asSet({ ...situation, additions: situation.additions.filter((each) => !isCents(each)) })
  must(others(after) === others(done), () => 'something else was changed')
}

const check = (history: History): void => {
  const prism = new PrismHistory()
  let current = withOption(startOf(history), true)
  for (const [i, month] of history.months.entries()) {
    const period = addMonths(firstPeriod, i)
    const issue = (lines: InvoiceLine[]): void => {
      const before = { ...current, usages: [{ period, invoiceId: period, lines }] }
      const done = rounds(before)
      checkMonth(before, done, period, history.cuts[i % history.cuts.length] ?? 0)
      const good = { ...done.good }
      for (const row of planned(done).subscriptions)
        if (row.kind === 'subscription' && isGood(row)) {
          const id = subscriptionKey(row.subscriptionId)
          good[id] = [...(good[id] ?? []), period]
        }
      current = { ...done, good, latest: latestAfter(done) }
    }
    issue(prism.invoice(period, month))
    if (month.reissue) {
      prism.rewind()
      current = { ...current, good: goodWithout(current, period) }
      if (month.reissue.isInvoiced) current = invoicedNext(current, period, history.advance ? 2 : 1)
      issue(prism.invoice(period, month, month.reissue.month))
    }
    prism.close(month)
    let additions: readonly Addition[] = current.additions
    for (const change of month.edits) additions = edit(additions, change, period)
    current = invoicedNext(
      { ...current, additions, previous: current.usages[0] ?? null },
      period,
      history.advance ? 2 : 1,
    )
  }
}

const latestAfter = ({ latest, usages }: Situation): Record<string, InvoiceLine> => {
  const lines = [...Object.values(latest ?? {}), ...usages.flatMap((usage) => usage.lines)]
  const sorted = lines.sort((a, b) => (a.last < b.last ? -1 : a.last > b.last ? 1 : 0))
  return Object.fromEntries(sorted.map((line) => [subscriptionKey(line.subscriptionId), line]))
}

const goodWithout = ({ good }: Situation, period: Period): Situation['good'] =>
  Object.fromEntries(Object.entries(good).map(([id, all]) => [id, all.filter((each) => each !== period)]))

const invoicedNext = (current: Situation, period: Period, months: number): Situation => ({
  ...current,
  agreement: { ...current.agreement, nextInvoiceDate: firstDay(addMonths(period, months)) },
})

describe('Exact amounts, for every history', () => {
  it('bill what PRISM invoiced to the cent where all is good, planned again nothing, from any first part the same [J10]', {
    timeout: 600_000,
  }, () => {
    fc.assert(fc.property(historyArb, check), { numRuns, ...seed })
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(numRuns / 20)
  })
})
