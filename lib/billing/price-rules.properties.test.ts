/**
 * Price rules for every history (J11; docs/billing-rules.md, "Price rules"): switched on, changed and removed between months, with
 * edits by people, adopted additions and re-issues. `HISTORIES` sets how many are tried, default 200; `SEED` repeats one run.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hold, isCounted, quantityOn } from './additions.ts'
import { bill, billedDays } from './bill.ts'
import { addMonths, daysIn, firstDay, lastDay, nextDay } from './days.ts'
import { decimal } from './decimal.ts'
import { skuKey, subscriptionKey } from './keys.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { rulesFor, takenWith } from './price-rules.ts'
import { remainder } from './reconcile.ts'
import { simulate } from './simulate.ts'
import { tenantId } from './testing/factories.ts'
import { edit, firstPeriod, type History, historyArb, PrismHistory, startOf } from './testing/histories.ts'
import { windowOf } from './timeline.ts'
import type { Addition, Amount, Day, InvoiceLine, Period, PeriodPlan, PriceRule, Situation } from './types.ts'

const numRuns = Number(process.env.HISTORIES ?? 200)
const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const must = (isTrue: boolean, message: () => string): void => {
  if (!isTrue) throw new Error(message())
}

const ruleArb = fc.record({
  tenantId: fc.constantFrom(null, tenantId),
  sku: fc.constantFrom(null, 'sku-Business Premium', 'SKU-exchange online (plan 1) '),
  /** Months from the one that is synced; `null`: each new quantity. */
  from: fc.constantFrom(null, null, 0, 1, 2),
  terms: fc.constantFrom(
    { kind: 'cost-plus' as const, percent: '20' },
    { kind: 'cost-plus' as const, percent: '12.75' },
    { kind: 'cost-plus' as const, percent: '0' },
    { kind: 'fixed' as const, unitPrice: '9.6' },
    { kind: 'fixed' as const, unitPrice: '12' },
    { kind: 'keep' as const },
  ),
})
const livesArb = fc.record({
  history: historyArb,
  /** By month, the rules from then on; `null`: as they were. */
  rules: fc.array(fc.option(fc.array(ruleArb, { maxLength: 3 }), { freq: 2 }), {
    minLength: 9,
    maxLength: 9,
  }),
  exactAmounts: fc.boolean(),
})
type Lives = typeof livesArb extends fc.Arbitrary<infer T> ? T : never

interface Synced {
  readonly before: Situation
  readonly planned: PeriodPlan
  readonly after: Situation
  /** The last plan: nothing is left to write. */
  readonly shown: PeriodPlan
}

const onlyMonth = (situation: Situation): PeriodPlan => {
  const [month] = plan(situation).periods
  if (month === undefined) throw new Error('a usage gives a period')
  return month
}

const applied = (situation: Situation, month: PeriodPlan): Situation => ({
  ...situation,
  ...simulate(situation, changesOf(month)),
})

const sync = (before: Situation): Synced => {
  const planned = onlyMonth(before)
  let after = applied(before, planned)
  // The month's rest, where the plan was of a first part, and then the rounding.
  if (before.options.exactAmounts === true) after = applied(after, onlyMonth(after))
  return { before, planned, after, shown: onlyMonth(after) }
}

/** What is known once it is good. */
const remembered = ({ before, planned, after }: Synced): Situation => {
  const good = { ...before.good }
  const rulesTaken = { ...before.rulesTaken }
  const window = windowOf(before.agreement, planned.period)
  const lotsOf = new Map(after.owned.map((each) => [each.additionId, each]))
  for (const row of planned.subscriptions) {
    if (row.kind !== 'subscription' || row.status === 'Error') continue
    const id = subscriptionKey(row.subscriptionId)
    good[id] = [...(good[id] ?? []), planned.period]
    const rules = rulesFor(before.priceRules ?? [], row.tenantId, row.product.sku)
    const taken = rulesTaken[id] ?? []
    const held = after.additions
      .filter((each) => subscriptionKey(each.serialNumber) === id)
      .map((each) => hold(each, after.agreement, lotsOf.get(each.id)))
      .filter(isCounted)
    rulesTaken[id] = [...taken, ...takenWith({ rules, taken }, held, window)]
  }
  const lines = [...Object.values(before.latest ?? {}), ...(before.usages[0]?.lines ?? [])]
  const latest = Object.fromEntries(
    lines
      .toSorted((a, b) => (a.last < b.last ? -1 : 1))
      .map((line) => [subscriptionKey(line.subscriptionId), line]),
  )
  return { ...after, good, rulesTaken, latest }
}

let ids = 0
const rulesFrom = (
  drawn: Lives['rules'][number],
  period: Period,
  before: readonly PriceRule[],
): PriceRule[] =>
  drawn === null
    ? [...before]
    : (drawn.map((each) => ({
        ...each,
        id: `rule-${(ids += 1)}`,
        from: each.from === null ? null : addMonths(period, each.from),
      })) as PriceRule[])

const goodWithout = ({ good }: Situation, period: Period): Situation['good'] =>
  Object.fromEntries(Object.entries(good).map(([id, all]) => [id, all.filter((each) => each !== period)]))

const invoiceNext = (current: Situation, period: Period, months: number): Situation => ({
  ...current,
  agreement: { ...current.agreement, nextInvoiceDate: firstDay(addMonths(period, months)) },
})

/** All syncs of a life, in order. */
const run = ({ history, rules, exactAmounts }: Lives, visit: (done: Synced) => void): void => {
  const prism = new PrismHistory()
  const start = startOf(history)
  let current: Situation = { ...start, options: { ...start.options, exactAmounts } }
  for (const [i, month] of history.months.entries()) {
    const period = addMonths(firstPeriod, i)
    current = { ...current, priceRules: rulesFrom(rules[i] ?? null, period, current.priceRules ?? []) }
    const issue = (lines: InvoiceLine[]): void => {
      const done = sync({ ...current, usages: [{ period, invoiceId: period, lines }] })
      visit(done)
      current = remembered(done)
    }
    issue(prism.invoice(period, month))
    if (month.reissue) {
      prism.rewind()
      current = { ...current, good: goodWithout(current, period) }
      if (month.reissue.isInvoiced) current = invoiceNext(current, period, history.advance ? 2 : 1)
      issue(prism.invoice(period, month, month.reissue.month))
    }
    prism.close(month)
    let additions: readonly Addition[] = current.additions
    for (const change of month.edits) additions = edit(additions, change, period)
    const next = { ...current, additions, previous: current.usages[0] ?? null }
    current = invoiceNext(next, period, history.advance ? 2 : 1)
  }
}

const daysOf = (period: Period): Day[] => {
  const days: Day[] = []
  for (let day = firstDay(period); day <= lastDay(period); day = nextDay(day)) days.push(day)
  return days
}

const isPlannedWell = (row: PeriodPlan['subscriptions'][number]): boolean =>
  row.kind === 'subscription' && row.status !== 'Error'

/** `q(d)` on each day of the month and on `next`: what there is without any rule, too. */
const quantitiesAreTheInvoices = ({ before, planned, after, shown }: Synced): void => {
  const { next, last } = windowOf(before.agreement, planned.period)
  const left = new Set(
    shown.subscriptions
      .filter(({ kind }) => kind === 'addition')
      .flatMap(({ findings }) => findings.flatMap(({ additionIds }) => additionIds)),
  )
  for (const row of planned.subscriptions.filter(isPlannedWell)) {
    const id = subscriptionKey(row.subscriptionId)
    const itemId = after.catalog.find((item) => skuKey(item.vendorSku) === skuKey(row.product.sku))?.id
    const held = after.additions
      .filter((each) => subscriptionKey(each.serialNumber) === id && each.catalogItemId === itemId)
      .filter((each) => !left.has(each.id))
      .map((each) => hold(each, after.agreement, undefined))
      .filter(isCounted)
    const lines = (before.usages[0]?.lines ?? []).filter(
      (line) => subscriptionKey(line.subscriptionId) === id && line.offerName.startsWith(row.product.name),
    )
    const charged = (day: Day): number =>
      lines
        .filter((line) => line.first <= day && day <= line.last)
        .reduce((sum, line) => sum + Number(line.quantity), 0)
    for (const day of [...daysOf(planned.period), next]) {
      const is = quantityOn(held, day).toFixed()
      const should = `${charged(day > last ? last : day)}`
      must(is === should, () => `${row.product.name} on ${day}: ${is} instead of ${should}`)
    }
  }
}

const isNothing = ({ cost, price }: Amount): boolean =>
  Math.abs(Number(cost)) < 1e-6 && Math.abs(Number(price)) < 1e-6

const proofCloses = ({ shown, planned }: Synced): void => {
  for (const month of [planned, shown])
    for (const row of [...month.subscriptions.map((each) => each.reconciliation), month.totals]) {
      must(isNothing(remainder(row)), () => `remainder of ${JSON.stringify(row)}`)
      must(isNothing(row.unexplained), () => `unexplained in ${JSON.stringify(row)}`)
      must(Number(row.terms?.priceRule?.cost ?? 0) === 0, () => `a rule changes cost: ${JSON.stringify(row)}`)
    }
}

const asSet = ({ additions }: Situation): string =>
  additions
    .map((each) =>
      [
        each.catalogItemId,
        subscriptionKey(each.serialNumber),
        each.effectiveDate,
        each.cancelledDate,
        each.quantity,
        each.unitCost,
        each.unitPrice,
      ].join(' '),
    )
    .sort()
    .join('\n')

const everyPrefixLeadsThere = ({ before, planned, after }: Synced, cut: number): void => {
  const changes = changesOf(planned)
  const at = cut % (changes.length + 1)
  const broken: Situation = { ...before, ...simulate(before, changes.slice(0, at)) }
  const rest = sync(broken).after
  const whole = after
  must(asSet(rest) === asSet(whole), () => `cut after ${at}: ${asSet(rest)}\ninstead of\n${asSet(whole)}`)
}

/** Neither another rule of each new quantity nor none is a reason to write. */
const noRuleIsAReasonToWrite = ({ after }: Synced): void => {
  must(isNothingToWrite(plan(after)), () => JSON.stringify(changesOf(onlyMonth(after))))
  const others: PriceRule[][] = [
    [],
    [
      {
        id: 'other',
        tenantId: null,
        sku: null,
        from: null,
        terms: { kind: 'fixed', unitPrice: '77' as never },
      },
    ],
  ]
  for (const priceRules of others) {
    const again = plan({ ...after, priceRules })
    must(
      isNothingToWrite(again),
      () => `another rule writes ${JSON.stringify(again.periods.flatMap(changesOf))}`,
    )
  }
}

/**
 * The term, by another way than lots: an addition's unit cost, which no rule changes, tells which price of PRISM's it was written for,
 * and the unit price that it was created with is noted here. So it holds where nobody edits a price and nothing was there before.
 */
class Ruled {
  readonly #prices = new Map<string, Set<string>>()
  readonly #created = new Map<number, { cost: string; price: string; item: number }>()

  note({ before, after }: Synced): void {
    const offers = new Map(after.products.map((each) => [each.name, skuKey(each.sku)]))
    const items = new Map(after.catalog.map((each) => [skuKey(each.vendorSku), each.id]))
    for (const line of before.usages[0]?.lines ?? []) {
      const item = items.get(offers.get(line.offerName.replace(' (NCE Product)', '')) ?? skuKey('')) ?? 0
      const key = `${item} ${decimal(line.unitCost).toFixed()}`
      this.#prices.set(key, (this.#prices.get(key) ?? new Set()).add(line.unitPrice))
    }
    const known = new Set(before.additions.map(({ id }) => id))
    for (const each of after.additions)
      if (!known.has(each.id))
        this.#created.set(each.id, { cost: each.unitCost, price: each.unitPrice, item: each.catalogItemId })
  }

  /** Half up to nothing: a plain number; `null` where a cost had two prices. */
  termOf({ after, planned, shown }: Synced): number | null {
    const left = new Set(
      shown.subscriptions
        .filter((row) => !isPlannedWell(row))
        .flatMap(({ findings, changes }) => [
          ...findings.flatMap(({ additionIds }) => additionIds),
          ...changes.flatMap((change) => ('additionId' in change ? [change.additionId] : [])),
        ]),
    )
    let total = 0
    for (const each of after.additions) {
      const own = this.#created.get(each.id)
      if (own === undefined || left.has(each.id) || each.serialNumber.startsWith('cents-')) continue
      const days = billedDays(hold(each, after.agreement, undefined), planned.period)
      if (days === 0 || Number(each.quantity) === 0) continue
      const [prism, ...others] = this.#prices.get(`${own.item} ${own.cost}`) ?? []
      if (prism === undefined || others.length > 0) return null
      total += (Number(prism) - Number(own.price)) * Number(each.quantity) * days
    }
    return total / daysIn(planned.period)
  }
}

const isUnedited = ({ existing, months }: History): boolean =>
  existing.length === 0 &&
  months.flatMap(({ edits }) => [...edits]).every(({ kind }) => kind === 'included' || kind === 'unbilled')

const seen = { ruled: 0, figures: 0, replaced: 0, corrected: 0, kept: 0, edited: 0 }

const checkLife = (life: Lives): void => {
  const figures = isUnedited(life.history) ? new Ruled() : null
  let at = 0
  run(life, (done) => {
    const { planned, shown, after, before } = done
    const what = `sync ${at} of ${planned.period}`
    try {
      quantitiesAreTheInvoices(done)
      proofCloses(done)
      everyPrefixLeadsThere(done, life.history.cuts[at % 4] ?? 0)
      noRuleIsAReasonToWrite(done)
      const term = Number(shown.totals.terms?.priceRule?.price ?? 0)
      figures?.note(done)
      const own = figures?.termOf(done) ?? null
      if (own !== null) {
        must(Math.abs(own - term) < 1e-6, () => `price rule is ${term}, and by the additions ${own}`)
        if (term !== 0) seen.figures += 1
      }
      if (term !== 0) seen.ruled += 1
      if (term !== 0 && figures === null) seen.edited += 1
      const { total } = bill(
        after.additions.filter(({ quantity }) => Number(quantity) !== 0),
        after.agreement,
        planned.period,
      )
      must(
        total.price === shown.totals.billed.price,
        () => `ConnectWise bills ${total.price}, the plan says ${shown.totals.billed.price}`,
      )
      if (shown.subscriptions.some(({ subscriptionId }) => subscriptionId.startsWith('cents-')) && term !== 0)
        seen.corrected += 1
      const writes = changesOf(planned)
      if (
        writes.some((change) => change.kind === 'end') &&
        (before.priceRules ?? []).some(({ from }) => from !== null)
      )
        seen.replaced += 1
      if ((before.priceRules ?? []).some(({ terms }) => terms.kind === 'keep')) seen.kept += 1
    } catch (cause) {
      throw new Error(what, { cause })
    }
    at += 1
  })
}

describe('For every history with price rules', () => {
  it(`quantities are the invoice's, the proof closes, any first part leads there, and no rule is a reason to write, over ${numRuns} [J11]`, {
    timeout: 3_600_000,
  }, () => {
    fc.assert(fc.property(livesArb, checkLife), { numRuns, ...seed })
    if (numRuns >= 200) for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20)
  })
})
