/**
 * Terms of all kinds on the agreement that is billed by the month (J9): whatever becomes of a customer's seats, each day of them that is
 * billed by the month is billed once, and none that is billed at once is. `LIVES` sets how many are tried, default 1,000; `SEED` repeats
 * one run.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hold, isCounted, quantityOn } from './additions.ts'
import { addMonths, firstDay, lastDay, nextDay } from './days.ts'
import { decimal } from './decimal.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { simulate } from './simulate.ts'
import { tellsMore } from './standing.ts'
import { agreement, catalogItem, situation } from './testing/factories.ts'
import {
  atOnceFrom,
  daysOf,
  events,
  firstMonth,
  type Holding,
  type LifeStory,
  lifeArb,
  lifeMonths,
  lifeProducts,
  linesOf,
  listedOn,
  seatsOn,
} from './testing/term-lives.ts'
import type { Day, Period, PeriodPlan, Situation } from './types.ts'

const numRuns = Number(process.env.LIVES ?? 1000)
const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

type Days = ReadonlyMap<Day, readonly Holding[]>

/** Syncs each month on its own invoice, and has ConnectWise invoice it. */
const live = (story: LifeStory, days: Days, check: (after: Situation, planned: PeriodPlan) => void): void => {
  const ahead = story.advance ? 1 : 0
  let current = situation({
    agreement: agreement({
      periodType: story.advance ? 'Future' : 'Current',
      nextInvoiceDate: firstDay(addMonths(firstMonth, ahead)),
    }),
    products: lifeProducts,
    catalog: lifeProducts.map(({ name }, index) => catalogItem(index + 1, name)),
    latest: {},
    options: { ...situation().options, annualTermsMonthly: true },
  })
  for (let index = 0; index < lifeMonths; index += 1) {
    const period = addMonths(firstMonth, index)
    const synced = syncOf(current, days, period)
    check(synced.after, synced.planned)
    current = {
      ...synced.after,
      agreement: { ...current.agreement, nextInvoiceDate: firstDay(addMonths(period, 1 + ahead)) },
    }
  }
}

const syncOf = (current: Situation, days: Days, period: Period) => {
  const before: Situation = {
    ...current,
    subscriptions: listedOn(days, lastDay(period)),
    atOnceFrom: atOnceFrom(days, lastDay(period)),
    usages: [{ period, invoiceId: period, lines: linesOf(days, period) }],
  }
  const [planned] = plan(before).periods
  if (planned === undefined) throw new Error('a usage gives a period')
  const good = { ...before.good }
  for (const { kind, status, subscriptionId } of planned.subscriptions) {
    const id = subscriptionKey(subscriptionId)
    if (kind === 'subscription' && status !== 'Error') good[id] = [...(good[id] ?? []), period]
  }
  const written = { ...before, ...simulate(before, changesOf(planned)) }
  if (!isNothingToWrite(plan(written))) throw new Error(`a second plan of ${period} writes`)
  const latest = { ...before.latest }
  for (const line of before.usages.flatMap(({ lines }) => lines)) {
    const id = subscriptionKey(line.subscriptionId)
    if (tellsMore(line, latest[id], true)) latest[id] = line
  }
  return { planned, after: { ...written, good, latest, previous: before.usages[0] ?? null } }
}

const must = (isTrue: boolean, message: () => string): void => {
  if (!isTrue) throw new Error(message())
}

/** On each day of the month, and on the day after it, each id has the seats that are billed by the month. */
const billsEachDayOnce =
  (days: Days) =>
  (after: Situation, planned: PeriodPlan): void => {
    for (const row of planned.subscriptions)
      must(row.status !== 'Error', () => `${planned.period}: ${JSON.stringify(row.findings)}`)
    const ids = new Set([...days.values()].flat().map(({ id }) => id))
    for (const id of ids) {
      const held = after.additions
        .filter(({ serialNumber }) => subscriptionKey(serialNumber) === subscriptionKey(id))
        .map((each) => hold(each, after.agreement, undefined))
        .filter(isCounted)
      const { period } = planned
      for (let day = firstDay(period); day <= lastDay(period); day = nextDay(day))
        must(
          quantityOn(held, day).eq(decimal(`${seatsOn(days, id, day)}`)),
          () => `${id} has ${quantityOn(held, day).toFixed()} on ${day} instead of ${seatsOn(days, id, day)}`,
        )
    }
    must(decimal(planned.totals.unexplained.price).eq(0) && decimal(planned.totals.failed.price).eq(0), () =>
      JSON.stringify(planned.totals),
    )
  }

describe('Terms of all kinds that are billed by the month', () => {
  it('are billed each day once, whatever becomes of them [J9]', { timeout: 60_000 + numRuns * 100 }, () => {
    fc.assert(
      fc.property(lifeArb, (story) => {
        const days = daysOf(story)
        live(story, days, billsEachDayOnce(days))
      }),
      { numRuns, ...seed },
    )
  })

  it('are upgraded, renewed, made longer and extended in the lives that are tried', () => {
    const seen = new Map<string, number>()
    for (const { events: those } of fc.sample(lifeArb, { numRuns: 300, seed: 1 }))
      for (const { kind } of those) seen.set(kind, (seen.get(kind) ?? 0) + 1)
    for (const kind of events) expect(seen.get(kind), kind).toBeGreaterThan(20)
  })
})
