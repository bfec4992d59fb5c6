/**
 * What must hold for every history (design.md 2). `HISTORIES` sets how many are tried, default 2,000; `SEED` repeats one run.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hold, isCounted, isActiveOn } from './additions.ts'
import { addMonths, firstDay, isMonthEnd, lastDay, nextDay } from './days.ts'
import { decimal, type Decimal, zero } from './decimal.ts'
import { normalise } from './classify.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { remainder } from './reconcile.ts'
import { simulate } from './simulate.ts'
import {
  edit,
  firstPeriod,
  type History,
  historyArb,
  PrismHistory,
  startOf,
  subscriptionIds,
} from './testing/histories.ts'
import { windowOf } from './timeline.ts'
import type {
  Addition,
  Change,
  Day,
  InvoiceLine,
  Period,
  PeriodPlan,
  Reconciliation,
  Situation,
  SubscriptionPlan,
} from './types.ts'

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
  const lastGood = { ...before.lastGood }
  for (const row of planned.subscriptions)
    if (row.subscriptionId) lastGood[normalise(row.subscriptionId)] = planned.period
  return {
    before,
    planned,
    after: { ...simulate(before, changesOf(planned)), lastGood },
    lines: before.usages[0]?.lines ?? [],
    happened,
  }
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
      const done = sync({ ...current, usages: [{ period, invoiceId: `${period}`, lines }] }, { ...happened })
      syncs.push(done)
      current = done.after
    }
    issue(prism.invoice(period, month))
    if (month.reissue) {
      prism.rewind()
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

const active = (done: Sync, row: SubscriptionPlan, day: Day): Decimal =>
  done.after.additions
    .filter(
      (addition) =>
        normalise(addition.serialNumber) === normalise(row.subscriptionId) &&
        itemOf(done, row) === addition.catalogItemId,
    )
    .map((addition) => hold(addition, done.after.agreement, undefined))
    .filter((held) => isCounted(held) && isActiveOn(held, day))
    .reduce((total, held) => total.plus(held.quantity), zero)

const itemOf = (done: Sync, row: SubscriptionPlan): number | undefined =>
  row.product.catalogItemId ??
  done.after.catalog.find((item) => normalise(item.vendorSku) === normalise(row.product.sku))?.id

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
        normalise(addition.serialNumber),
        addition.effectiveDate,
        addition.cancelledDate,
        addition.quantity,
        addition.unitCost,
        addition.unitPrice,
      ].join(' '),
    )
    .sort()

const terms = ['ignored', 'failed', 'priceChange', 'asAdopted', 'edited', 'notBilled', 'unexplained'] as const
const isZero = (value: Reconciliation[keyof Reconciliation]): boolean =>
  decimal(value.cost).eq(0) && decimal(value.price).eq(0)

const holds = (check: (done: Sync, history: History) => void): void => {
  fc.assert(
    fc.property(historyArb, (history) => {
      for (const done of run(history)) check(done, history)
    }),
    { numRuns: histories, ...seed },
  )
}

const timeout = 600_000

describe('For every history', () => {
  it('the active additions sum to the invoiced quantity on each day, and run on at the last [F2]', {
    timeout,
  }, () => {
    holds((done) => {
      const window = windowOf(done.before.agreement, done.planned.period)
      for (const row of rowsOf(done.planned)) {
        for (const day of daysOf(done.planned.period)) {
          expect(active(done, row, day).toFixed(), `${row.product.name} on ${day}`).toBe(
            invoiced(done, row, day).toFixed(),
          )
        }
        expect(active(done, row, window.next).toFixed()).toBe(invoiced(done, row, window.last).toFixed())
      }
    })
  })

  it('nothing that we write ends inside a month [F2]', { timeout }, () => {
    holds(({ planned }) => {
      for (const change of changesOf(planned)) {
        const end =
          change.kind === 'create'
            ? change.addition.cancelledDate
            : change.kind === 'end'
              ? change.cancelledDate
              : change.kind === 'update'
                ? change.set.cancelledDate
                : null
        if (end) expect(isMonthEnd(end)).toBe(true)
      }
    })
  })

  it('invoiced less billed is the sum of the terms, and nothing is unexplained', { timeout }, () => {
    holds(({ planned, happened }) => {
      for (const row of [...planned.subscriptions.map((each) => each.reconciliation), planned.totals]) {
        expect(Number(remainder(row).price)).toBeCloseTo(0, 6)
        expect(Number(remainder(row).cost)).toBeCloseTo(0, 6)
        expect(isZero(row.unexplained), JSON.stringify(row)).toBe(true)
      }
      for (const term of terms) {
        if (term === 'priceChange' && happened.priceChange) continue
        if (term === 'asAdopted' && (happened.adopted || happened.added)) continue
        if (['edited', 'notBilled', 'failed'].includes(term) && happened.edited) continue
        if (term === 'failed' && happened.adopted) continue
        expect(isZero(planned.totals[term]), `${term} ${JSON.stringify(planned.totals)}`).toBe(true)
      }
    })
  })

  it('planning after all of a plan writes nothing', { timeout }, () => {
    holds(({ after }) => {
      const again = plan(after)
      expect(
        isNothingToWrite(again),
        JSON.stringify(again.periods.flatMap(changesOf).filter(({ kind }) => kind !== 'keep')),
      ).toBe(true)
    })
  })

  it('every prefix of a plan leads to the same additions', { timeout }, () => {
    holds(({ before, planned, after }, { cuts }) => {
      const changes = changesOf(planned)
      const expected = asSet(after.additions)
      for (const cut of cuts) {
        const broken = simulate(before, changes.slice(0, cut % (changes.length + 1)))
        const rest: Change[] = plan(broken).periods.flatMap(changesOf)
        expect(asSet(simulate(broken, rest).additions), `cut ${cut % (changes.length + 1)}`).toEqual(expected)
      }
    })
  })

  it('the order of lines and additions does not matter', { timeout }, () => {
    holds(({ before, planned }) => {
      const [usage] = before.usages
      if (!usage) return
      const turned = {
        ...before,
        additions: [...before.additions].reverse(),
        usages: [{ ...usage, lines: [...usage.lines].reverse() }],
      }
      const [again] = plan(turned).periods
      expect(asSet(simulate(turned, again ? changesOf(again) : []).additions)).toEqual(
        asSet(simulate(before, changesOf(planned)).additions),
      )
      expect(again?.totals).toEqual(planned.totals)
    })
  })

  it('no more is written than days of change, ends, prices and serial numbers ask for', { timeout }, () => {
    holds(({ planned, before }) => {
      for (const row of rowsOf(planned)) {
        const creates = row.changes.filter((change) => change.kind === 'create')
        const days = new Set(creates.map((change) => change.addition.effectiveDate))
        const prices = new Set([
          ...creates.map((change) => `${change.addition.unitPrice} ${change.addition.unitCost}`),
          ...before.additions.map((addition) => `${addition.unitPrice} ${addition.unitCost}`),
        ])
        expect(creates.length).toBeLessThanOrEqual(days.size * prices.size)
        const targets = row.changes.flatMap((change) => (change.kind === 'end' ? [change.additionId] : []))
        expect(new Set(targets).size).toBe(targets.length)
      }
    })
  })

  it('a re-issue or an edit of what is ours is never refused [F19]', { timeout }, () => {
    holds(({ planned, happened }, history) => {
      if (happened.added || history.existing.length > 0) return
      for (const row of planned.subscriptions)
        expect(row.status, JSON.stringify(row.findings)).not.toBe('Error')
    })
  })

  it('a subscription that ended leaves nothing billed, edited prices aside [F17]', { timeout }, () => {
    holds((done, history) => {
      if (history.months.some((month) => month.edits.length > 0)) return
      const month = done.planned.period
      for (const row of rowsOf(done.planned)) {
        if (row.steps.some((step) => step.quantity !== '0')) continue
        expect(row.billed, `${row.subscriptionId} in ${month}`).toEqual({ cost: '0', price: '0' })
      }
    })
  })

  it('histories show what they are meant to: adoptions, edits, re-issues, price changes, two products', () => {
    const seen = { adopted: 0, edited: 0, reissued: 0, priced: 0, both: 0, refused: 0 }
    for (const history of fc.sample(historyArb, { numRuns: 200, seed: 1 })) {
      const syncs = run(history)
      if (syncs.some((done) => changesOf(done.planned).some((change) => change.reason.rule === 'adopt')))
        seen.adopted++
      if (syncs.some((done) => done.happened.edited)) seen.edited++
      if (syncs.length > history.months.length) seen.reissued++
      if (syncs.some((done) => done.happened.priceChange)) seen.priced++
      if (history.months.some((month) => month.offer === 'both')) seen.both++
      if (syncs.some((done) => done.planned.subscriptions.some((row) => row.status === 'Error')))
        seen.refused++
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20)
    expect(subscriptionIds.length).toBe(2)
  })
})
