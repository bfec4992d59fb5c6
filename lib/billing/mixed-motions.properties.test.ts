/**
 * Terms of all motions mixed, of several customers on one agreement (J9, J10, J11, F1): whatever becomes of them, whatever people edit, whatever
 * PRISM issues again and wherever a sync breaks off, each cent of each invoice has a name, and each day's seats are billed once over the
 * monthly and the One-Time agreement. `MIXED` sets how many lives are tried, default 2,000; `SEED` repeats one run.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isActiveOn } from './additions.ts'
import { identified, identityKey } from './annual/line-identity.ts'
import { planAnnual } from './annual/plan-annual.ts'
import { heldAdditions } from './billed-days.ts'
import { firstDay, lastDay, nextDay } from './days.ts'
import { type Decimal, decimal, sum } from './decimal.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf, isNothingToWrite } from './plan.ts'
import { remainder } from './reconcile.ts'
import { simulate } from './simulate.ts'
import {
  billedOnce,
  MixedAgreements,
  type MixedStory,
  type MonthSynced,
  mixedStoryArb,
  type OnceSynced,
  syncedMonth,
  syncedOnce,
} from './testing/mixed-agreements.ts'
import { type MixedLived, mixedEvents, mixedLifeArb } from './testing/mixed-lives.ts'
import type { Addition, Amount, Day, PeriodPlan } from './types.ts'

const numRuns = Number(process.env.MIXED ?? 2_000)
const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const storyArb = mixedStoryArb(mixedLifeArb)

const must = (isTrue: boolean, message: () => string): void => {
  if (!isTrue) throw new Error(message())
}
const isNothing = ({ cost, price }: Amount): boolean =>
  Math.abs(Number(cost)) < 1e-6 && Math.abs(Number(price)) < 1e-6

const asSet = (additions: readonly Addition[]): string =>
  additions
    .map(({ id: _, ...each }) =>
      JSON.stringify(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    )
    .sort()
    .join('\n')

/** What was seen, so that a part that never applies is noticed. */
const seen = {
  exact: 0,
  ruled: 0,
  credited: 0,
  azure: 0,
  drift: 0,
  atOnce: 0,
  takenBack: 0,
  asked: 0,
  turned: 0,
  cutInMidst: 0,
}

const isExplained = (planned: PeriodPlan): void => {
  for (const row of [planned.totals, ...planned.subscriptions.map((each) => each.reconciliation)]) {
    must(isNothing(remainder(row)), () => `remainder of ${JSON.stringify(row)}`)
    must(isNothing(row.unexplained), () => `unexplained in ${JSON.stringify(row)}`)
  }
}

const totalOf = (all: readonly Amount[], side: 'cost' | 'price'): Decimal =>
  sum(all.map((each) => decimal(each[side])))

const sides = ['cost', 'price'] as const

/** Each line of the file is in the plan's total, and what the plan says of the bill is what ConnectWise's engine bills. */
const invoiceIsExplained = ({ shown, before, engine }: MonthSynced): void => {
  isExplained(shown)
  const lines = before.usages[0]?.lines ?? []
  for (const side of sides) {
    must(
      totalOf(lines, side).eq(shown.totals.invoiced[side]),
      () => `${side} of the file is ${totalOf(lines, side).toFixed()} and not ${shown.totals.invoiced[side]}`,
    )
    const billed = sum(engine.map((each) => decimal(each[side])))
    must(
      billed.eq(shown.totals.billed[side]),
      () => `ConnectWise bills ${side} ${billed.toFixed()}, the plan says ${shown.totals.billed[side]}`,
    )
  }
  const { terms = {} } = shown.totals
  if (terms.exactAmounts !== undefined) seen.exact += 1
  if (terms.priceRule !== undefined) seen.ruled += 1
  if (terms.drift !== undefined) seen.drift += 1
  if (shown.subscriptions.some(({ kind }) => kind === 'credit')) seen.credited += 1
  if (shown.subscriptions.some(({ kind }) => kind === 'azure')) seen.azure += 1
}

/** On each day of the month each id has the seats that the invoice has, and none that is billed at once. */
const billsEachDayOnce = ({ before, after, shown }: MonthSynced, lived: MixedLived): void => {
  const { period } = shown
  for (const { kind, status, waits, findings } of shown.subscriptions)
    must(
      kind !== 'subscription' || (status !== 'Error' && waits === undefined),
      () => `${period}: ${JSON.stringify(findings)}`,
    )
  const lines = (before.usages[0]?.lines ?? []).filter(({ description }) => description !== 'Adjustment')
  const held = Map.groupBy(heldAdditions(after), ({ addition, id }) =>
    subscriptionKey(addition?.serialNumber ?? serialIn(after, id)),
  )
  for (const of of lived.ids) {
    const id = subscriptionKey(of)
    // What is good and was invoiced is not written again.
    if (before.good[id]?.includes(period)) continue
    const own = lines.filter((each) => subscriptionKey(each.subscriptionId) === id)
    for (let day = firstDay(period); day <= lastDay(period); day = nextDay(day)) {
      const is = sum(
        (held.get(id) ?? []).filter((each) => isActiveOn(each, day)).map((each) => each.quantity),
      )
      const should = sum(
        own.filter((each) => each.first <= day && day <= each.last).map((each) => decimal(each.quantity)),
      )
      must(is.eq(should), () => `${id} has ${is.toFixed()} on ${day} instead of ${should.toFixed()}`)
    }
  }
}

/** Of one that was deleted since it was invoiced. */
const serialIn = ({ invoices = [] }: MonthSynced['after'], id: number): string =>
  invoices.flatMap((each) => each.additions).find((each) => each.id === id)?.serialNumber ?? ''

/** Cut after any number of writes, a sync comes to the same. */
const everyPrefixLeadsThere = ({ before, after, writes, cut }: MonthSynced): void => {
  const at = cut % (writes.length + 1)
  if (at > 0 && at < writes.length) seen.cutInMidst += 1
  const rest = syncedMonth({ ...before, ...simulate(before, writes.slice(0, at)) }).after
  must(
    asSet(rest.additions) === asSet(after.additions),
    () =>
      `cut after ${at} of ${writes.length}: ${asSet(rest.additions)}\n\ninstead of\n${asSet(after.additions)}`,
  )
}

const annualIsExplained = ({ before, after, cut, isEdited }: OnceSynced): void => {
  const { periods } = planAnnual(after)
  must(
    isNothingToWrite({ agreementId: 0, periods }),
    () =>
      `a second plan of annual invoices writes ${JSON.stringify(periods.flatMap(changesOf).filter(({ kind }) => kind !== 'keep'))}`,
  )
  periods.forEach((each) => isExplained(each))
  const billed = billedOnce(after.additions)
  for (const side of sides) {
    const said = totalOf(
      periods.map(({ totals }) => totals.billed),
      side,
    )
    must(said.eq(billed[side]), () => `planned ${side} ${said.toFixed()}, billed ${billed[side]}`)
    const invoiced = totalOf(
      after.invoices.flatMap(({ lines }) => lines),
      side,
    )
    const inPlan = totalOf(
      periods.map(({ totals }) => totals.invoiced),
      side,
    )
    must(
      inPlan.eq(invoiced),
      () => `invoiced ${side} ${invoiced.toFixed()}, in the plans ${inPlan.toFixed()}`,
    )
    must(
      isEdited || invoiced.eq(billed[side]),
      () => `invoiced ${side} ${invoiced.toFixed()}, billed ${billed[side]}`,
    )
  }
  const changes = planAnnual(before).periods.flatMap(changesOf)
  const rest = syncedOnce(syncedOnce(before, cut % (changes.length + 1)))
  must(
    asSet(rest.additions) === asSet(after.additions),
    () => `annual, cut after ${cut % (changes.length + 1)}`,
  )
  if (after.additions.length > 0) seen.atOnce += 1
  if (after.owned.some(({ carries }) => carries?.turn === 2)) seen.takenBack += 1
  if (periods.some(({ subscriptions }) => subscriptions.some(({ askedLines }) => askedLines))) seen.asked += 1
}

/** Every line of every invoice is carried, so that on each day as many seats are charged at once as are held so. */
const carriesEachDayOnce = ({ after, isEdited }: OnceSynced, lived: MixedLived, upTo: Day): void => {
  if (isEdited) return
  const turns = new Map<string, number>()
  for (const { carries } of after.owned)
    if (carries) turns.set(identityKey(carries), Math.max(turns.get(identityKey(carries)) ?? 0, carries.turn))
  const lines = after.invoices.flatMap(identified)
  for (const { is } of lines)
    must((turns.get(identityKey(is)) ?? 0) % 2 === 1, () => `${is.charge} of ${is.invoiceId} is not carried`)
  for (const [id, own] of Map.groupBy(lines, ({ line }) => line.subscriptionId)) {
    if (lived.hasTurned(id)) seen.turned += 1
    for (const day of lived.days.keys()) {
      if (nextDay(day) > upTo) break
      const is = sum(
        own
          .filter(({ line }) => line.first <= day && day <= line.last)
          .map(({ line }) => decimal(line.quantity)),
      )
      const should = lived.seatsOn(id, day, true)
      must(is.eq(should), () => `${id} carries ${is.toFixed()} at once on ${day} instead of ${should}`)
    }
  }
}

const checkStory = (story: MixedStory): void => {
  const checks = {
    month: (done: MonthSynced, lived: MixedLived): void => {
      invoiceIsExplained(done)
      billsEachDayOnce(done, lived)
      everyPrefixLeadsThere(done)
    },
    once: (done: OnceSynced, lived: MixedLived, upTo: Day): void => {
      annualIsExplained(done)
      carriesEachDayOnce(done, lived, upTo)
    },
  }
  new MixedAgreements(story, checks).live()
}

describe('Terms of all motions mixed, on one agreement of several customers', () => {
  it(`are explained to the cent, billed each day once, planned again nothing and from any first part the same, over ${numRuns} lives [J9, J10, J11, F1]`, {
    timeout: 3_600_000,
  }, () => {
    fc.assert(fc.property(storyArb, checkStory), { numRuns, ...seed })
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(0)
  })

  it('have orders, upgrades, renewals, longer terms, extensions and refunds in the lives that are tried', () => {
    const kinds = new Map<string, number>()
    for (const { tenants } of fc.sample(mixedLifeArb, { numRuns: 300, seed: 1 }))
      for (const { kind } of tenants.flat()) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    for (const kind of mixedEvents) expect(kinds.get(kind), kind).toBeGreaterThan(20)
  })
})
