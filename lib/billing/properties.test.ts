/**
 * What must hold for every history (docs/billing-rules.md, "What must hold"). `HISTORIES` sets how many are
 * tried, default 2,000; `SEED` repeats one run.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CountedAddition, hold, isCounted, quantityOn } from './additions.ts'
import { addMonths, firstDay, isMonthEnd, lastDay, nextDay } from './days.ts'
import { type Decimal, decimal, zero } from './decimal.ts'
import { skuKey, subscriptionKey } from './keys.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { planByRules } from './plan-subscription.ts'
import { planUsage } from './plan-usage.ts'
import { remainder } from './reconcile.ts'
import { simulate } from './simulate.ts'
import { edit, firstPeriod, type History, historyArb, PrismHistory, startOf } from './testing/histories.ts'
import { windowOf } from './timeline.ts'
import type {
  Addition,
  Amount,
  Change,
  Day,
  InvoiceLine,
  Period,
  PeriodPlan,
  Situation,
  SubscriptionPlan,
} from './types.ts'
import { periodPlanSchema } from './types.ts'

const histories = Number(process.env.HISTORIES ?? 2000)
const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

/** One sync of a history: before, the plan, and after. */
interface Sync {
  readonly before: Situation
  readonly planned: PeriodPlan
  readonly after: Situation
  readonly lines: readonly InvoiceLine[]
  readonly happened: {
    readonly priceChange: boolean
    readonly adopted: boolean
    readonly edited: boolean
    readonly added: boolean
  }
}

const sync = (before: Situation, happened: Sync['happened']): Sync => {
  const [planned] = plan(before).periods
  if (!planned) throw new Error('a usage gives a period')
  const good = { ...before.good }
  for (const row of planned.subscriptions)
    if (row.kind === 'subscription' && row.status !== 'Error') {
      const id = subscriptionKey(row.subscriptionId)
      good[id] = [...(good[id] ?? []), planned.period]
    }
  return {
    before,
    planned,
    after: { ...simulate(before, changesOf(planned)), good, latest: latestAfter(before) },
    lines: before.usages[0]?.lines ?? [],
    happened,
  }
}

const latestAfter = ({ latest, usages }: Situation): Record<string, InvoiceLine> => {
  const lines = [...Object.values(latest ?? {}), ...usages.flatMap((usage) => usage.lines)]
  const sorted = lines.sort((a, b) => (a.last < b.last ? -1 : a.last > b.last ? 1 : 0))
  return Object.fromEntries(sorted.map((line) => [subscriptionKey(line.subscriptionId), line]))
}

/** All syncs of a history, in order: each month's, a re-issue of it, and edits between. */
const run = (history: History): Sync[] => {
  const prism = new PrismHistory()
  const syncs: Sync[] = []
  let current = startOf(history)
  const happened = { priceChange: false, adopted: history.existing.length > 0, edited: false, added: false }
  for (const [i, month] of history.months.entries()) {
    const period = addMonths(firstPeriod, i)
    const issue = (lines: InvoiceLine[]): void => {
      happened.priceChange = prism.hasPriceChange
      const done = sync({ ...current, usages: [{ period, invoiceId: period, lines }] }, { ...happened })
      syncs.push(done)
      current = done.after
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
    if (month.edits.length > 0) happened.edited = true
    for (const change of month.edits) if (change.kind === 'add') happened.added = true
    current = invoiceNext(
      { ...current, additions, previous: current.usages[0] ?? null },
      period,
      history.advance ? 2 : 1,
    )
  }
  return syncs
}

const isKeptWhole = ({ status, changes, steps }: SubscriptionPlan): boolean =>
  status === 'No Change' && changes.length === 1 && steps.length === 1

/** Other lines than those that it is good for make a month due again. */
const goodWithout = ({ good }: Situation, period: Period): Situation['good'] =>
  Object.fromEntries(Object.entries(good).map(([id, all]) => [id, all.filter((each) => each !== period)]))

const invoiceNext = (current: Situation, period: Period, months: number): Situation => ({
  ...current,
  agreement: { ...current.agreement, nextInvoiceDate: firstDay(addMonths(period, months)) },
})

const rowsOf = (planned: PeriodPlan): SubscriptionPlan[] =>
  planned.subscriptions.filter((row) => row.kind === 'subscription' && row.status !== 'Error')

const daysOf = (period: Period): Day[] => {
  const days: Day[] = []
  for (let day = firstDay(period); day <= lastDay(period); day = nextDay(day)) days.push(day)
  return days
}

/** Additions that are left as they are: no invoice explains them, and they are not known to be gone. */
const leftOf = (planned: PeriodPlan): Set<number> =>
  new Set(
    planned.subscriptions
      .filter(({ kind }) => kind === 'addition')
      .flatMap(({ findings }) => findings.flatMap(({ additionIds }) => additionIds)),
  )

/** The counted additions of a row once its plan is applied. */
const heldOf = (done: Sync, row: SubscriptionPlan): CountedAddition[] =>
  done.after.additions
    .filter((addition) => subscriptionKey(addition.serialNumber) === subscriptionKey(row.subscriptionId))
    .filter((addition) => addition.catalogItemId === itemOf(done, row))
    .filter(({ id }) => !leftOf(done.planned).has(id))
    .map((addition) => hold(addition, done.after.agreement, undefined))
    .filter(isCounted)

const itemOf = (done: Sync, row: SubscriptionPlan): number | undefined =>
  row.product.catalogItemId ??
  done.after.catalog.find((item) => skuKey(item.vendorSku) === skuKey(row.product.sku))?.id

const invoiced = (done: Sync, row: SubscriptionPlan, day: Day): Decimal =>
  done.lines
    .filter(
      (line) =>
        line.subscriptionId === row.subscriptionId && line.offerName === `${row.product.name} (NCE Product)`,
    )
    .filter((line) => line.first <= day && day <= line.last)
    .reduce((total, line) => total.plus(line.quantity), zero)

const asSet = (additions: readonly Addition[]): string[] =>
  additions
    .map((addition) =>
      [
        addition.catalogItemId,
        subscriptionKey(addition.serialNumber),
        addition.effectiveDate,
        addition.cancelledDate,
        addition.quantity,
        addition.unitCost,
        addition.unitPrice,
      ].join(' '),
    )
    .sort()

const terms = ['ignored', 'failed', 'priceChange', 'asAdopted', 'edited', 'notBilled', 'unexplained'] as const
const isZero = (value: Amount): boolean => decimal(value.cost).eq(0) && decimal(value.price).eq(0)
const isNothing = (value: Amount): boolean =>
  Math.abs(Number(value.cost)) < 1e-6 && Math.abs(Number(value.price)) < 1e-6

/** Throws with what was expected; cheaper than an assertion library in the inner loop. */
const must = (isTrue: boolean, message: () => string): void => {
  if (!isTrue) throw new Error(message())
}
const mustEqual = (
  actual: readonly string[] | string,
  expected: readonly string[] | string,
  what: string,
): void => {
  const [is, should] = [String(actual), String(expected)]
  must(is === should, () => `${what}: ${is} instead of ${should}`)
}

const endOf = (change: Change): Day | null | undefined => {
  if (change.kind === 'create') return change.addition.cancelledDate
  if (change.kind === 'end') return change.cancelledDate
  return change.kind === 'update' ? change.set.cancelledDate : null
}

type Check = (done: Sync, history: History, i: number) => void

/** What must hold after every sync of every history. */
const checks: Readonly<Record<string, Check>> = {
  'the active additions sum to the invoiced quantity on each day, and run on at the last [F2]': (done) => {
    const window = windowOf(done.before.agreement, done.planned.period)
    for (const row of rowsOf(done.planned)) {
      const held = heldOf(done, row)
      const active = (day: Day): string => quantityOn(held, day).toFixed()
      for (const day of daysOf(done.planned.period)) {
        mustEqual(active(day), invoiced(done, row, day).toFixed(), `${row.product.name} on ${day}`)
      }
      mustEqual(active(window.next), invoiced(done, row, window.last).toFixed(), window.next)
    }
  },

  'nothing that we write ends inside a month [F2]': ({ planned }) => {
    for (const change of changesOf(planned)) {
      const end = endOf(change)
      must(!end || isMonthEnd(end), () => `${change.kind} ends on ${end}`)
    }
  },

  'invoiced less billed is the sum of the terms, and nothing is unexplained': ({ planned }) => {
    for (const row of [...planned.subscriptions.map((each) => each.reconciliation), planned.totals]) {
      must(isNothing(remainder(row)), () => `remainder of ${JSON.stringify(row)}`)
      must(isZero(row.unexplained), () => `unexplained in ${JSON.stringify(row)}`)
    }
  },

  'each term but the rounding is 0.00 where nothing of its kind happened': ({ planned, happened }) => {
    const mayBe = {
      ignored: false,
      failed: happened.adopted || happened.added,
      // What is taken over of a product that is on no line has no other price of PRISM's than its own; one that is edited may outlast that.
      priceChange: happened.priceChange || ((happened.adopted || happened.added) && happened.edited),
      asAdopted: happened.adopted || happened.added,
      edited: happened.edited,
      notBilled: happened.edited,
      unexplained: false,
    }
    for (const term of terms) {
      must(mayBe[term] || isZero(planned.totals[term]), () => `${term} in ${JSON.stringify(planned.totals)}`)
    }
  },

  'planning after all of a plan writes nothing': ({ before, after }) => {
    const again = plan({ ...after, good: before.good })
    must(isNothingToWrite(again), () => JSON.stringify(again.periods.flatMap(changesOf)))
  },

  'a subscription that is as it was comes out as the rules have it': ({ before, planned }) => {
    const [usage] = before.usages
    if (usage === undefined) return
    const byRules = planUsage(before, usage, true, planByRules)
    mustEqual(JSON.stringify(planned), JSON.stringify(byRules), 'by the rules')
  },

  'every prefix of a plan leads to the same additions': ({ before, planned, after }, { cuts }, i) => {
    const changes = changesOf(planned)
    const cut = (cuts[i % cuts.length] ?? 0) % (changes.length + 1)
    const broken = simulate(before, changes.slice(0, cut))
    const rest = plan(broken).periods.flatMap(changesOf)
    mustEqual(asSet(simulate(broken, rest).additions), asSet(after.additions), `cut after ${cut}`)
  },

  'the order of lines and additions does not matter': ({ before, planned, after }) => {
    const [usage] = before.usages
    if (!usage) return
    const turned: Situation = {
      ...before,
      additions: [...before.additions].reverse(),
      usages: [{ ...usage, lines: [...usage.lines].reverse() }],
    }
    const [again] = plan(turned).periods
    mustEqual(
      asSet(simulate(turned, again ? changesOf(again) : []).additions),
      asSet(after.additions),
      'turned round',
    )
    mustEqual(JSON.stringify(again?.totals), JSON.stringify(planned.totals), 'totals turned round')
  },

  'no more is created than one addition a day and price, and none is ended twice': ({ planned }) => {
    for (const row of rowsOf(planned)) {
      const creates = row.changes.filter((change) => change.kind === 'create')
      const keys = creates.map(
        ({ addition }) => `${addition.effectiveDate} ${addition.unitPrice} ${addition.unitCost}`,
      )
      mustEqual(`${new Set(keys).size}`, `${keys.length}`, 'one addition a day and price')
      const ended = row.changes.flatMap((change) => (change.kind === 'end' ? [change.additionId] : []))
      mustEqual(`${new Set(ended).size}`, `${ended.length}`, 'each ended once')
    }
  },

  'a re-issue or an edit of what is ours is never refused [F19]': ({ planned, happened }, history) => {
    if (happened.added || history.existing.length > 0) return
    for (const row of planned.subscriptions) must(row.status !== 'Error', () => JSON.stringify(row.findings))
  },

  'a subscription that ended leaves nothing billed, edited prices aside [F17]': ({ planned, happened }) => {
    if (happened.edited) return
    for (const row of rowsOf(planned)) {
      if (row.steps.some((step) => step.quantity !== '0')) continue
      must(isZero(row.billed), () => `${row.subscriptionId} bills ${JSON.stringify(row.billed)}`)
    }
  },

  'a plan is plain JSON of its schema': ({ planned }, _history, i) => {
    if (i > 0) return
    periodPlanSchema.parse(JSON.parse(JSON.stringify(planned)))
  },
}

const checkAll = (history: History): void => {
  for (const [i, done] of run(history).entries()) {
    for (const [title, check] of Object.entries(checks)) {
      try {
        check(done, history, i)
      } catch (cause) {
        throw new Error(`${title}: sync ${i} of ${done.planned.period}`, { cause })
      }
    }
  }
}

describe('For every history', () => {
  it(`holds, over ${histories} histories: ${Object.keys(checks).join('; ')}`, { timeout: 3_600_000 }, () => {
    fc.assert(fc.property(historyArb, checkAll), { numRuns: histories, ...seed })
  })

  it('shows what it is meant to: adoptions, edits, re-issues, price changes, two products, refusals', () => {
    const seen = { adopted: 0, edited: 0, reissued: 0, priced: 0, both: 0, refused: 0, kept: 0 }
    for (const history of fc.sample(historyArb, { numRuns: 200, seed: 1 })) {
      const syncs = run(history)
      const changes = syncs.flatMap((done) => changesOf(done.planned))
      if (changes.some((change) => change.reason.rule === 'adopt')) seen.adopted++
      if (syncs.some((done) => done.happened.edited)) seen.edited++
      if (syncs.length > history.months.length) seen.reissued++
      if (syncs.some((done) => done.planned.subscriptions.some(isKeptWhole))) seen.kept++
      if (syncs.some((done) => done.happened.priceChange)) seen.priced++
      if (history.months.some((month) => month.offer === 'both')) seen.both++
      if (syncs.some((done) => done.planned.subscriptions.some((row) => row.status === 'Error')))
        seen.refused++
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20)
  })
})
