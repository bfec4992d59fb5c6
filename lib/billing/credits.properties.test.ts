/**
 * Credits and adjustments for every history (F1; docs/billing-rules.md, "Credits and adjustments"). `HISTORIES` sets how many are
 * tried, default 200; `SEED` repeats one run.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bill } from './bill.ts'
import { creditSerial } from './credit-lines.ts'
import { addMonths, firstDay, lastDay } from './days.ts'
import { decimal, sum } from './decimal.ts'
import { isGood } from './held-back.ts'
import { subscriptionKey, withoutSubscription } from './keys.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { remainder } from './reconcile.ts'
import { simulate } from './simulate.ts'
import { line } from './testing/factories.ts'
import { edit, firstPeriod, historyArb, PrismHistory, startOf, subscriptionIds } from './testing/histories.ts'
import type {
  Addition,
  Amount,
  Change,
  InvoiceLine,
  Money,
  Period,
  PeriodPlan,
  Quantity,
  Situation,
} from './types.ts'

const numRuns = Number(process.env['HISTORIES'] ?? 200)
const seed = process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) }

const creditArb = fc.record({
  /** The two of the history, one that has no other line, and none. */
  of: fc.integer({ min: 0, max: 3 }),
  /** Both sides below zero, above it, one of them 0, and against each other. */
  kind: fc.constantFrom<'back' | 'charge' | 'cost' | 'price' | 'against'>(
    'back',
    'back',
    'charge',
    'cost',
    'price',
    'against',
  ),
  /** In tenths of a cent. */
  amount: fc.integer({ min: 1, max: 90_000 }),
  /** Of which days: of the month, of earlier ones, and of some of both. */
  days: fc.constantFrom<'within' | 'before' | 'across'>('within', 'before', 'across'),
  isTwice: fc.boolean(),
})
type Credit = typeof creditArb extends fc.Arbitrary<infer T> ? T : never

const handArb = fc.record({
  kind: fc.constantFrom<'delete' | 'price' | 'quantity' | 'end' | 'serial' | 'unbilled'>(
    'delete',
    'price',
    'quantity',
    'end',
    'serial',
    'unbilled',
  ),
  pick: fc.nat(5),
})

const exampleArb = fc.record({
  history: historyArb,
  credits: fc.array(
    fc.record({
      lines: fc.array(creditArb, { maxLength: 3 }),
      /** What the month is issued again with. */
      again: fc.option(fc.array(creditArb, { maxLength: 2 }), { freq: 2 }),
      keeps: fc.boolean(),
      hand: fc.option(handArb, { freq: 2 }),
    }),
    { minLength: 4, maxLength: 4 },
  ),
})
type Example = typeof exampleArb extends fc.Arbitrary<infer T> ? T : never

const sides: Record<Credit['kind'], readonly [cost: number, price: number]> = {
  back: [-0.8, -1],
  charge: [0.8, 1],
  cost: [-1, 0],
  price: [0, -1],
  against: [1, -1],
}
const daysOf = (of: Credit, period: Period): Pick<InvoiceLine, 'first' | 'last'> => {
  const before = addMonths(period, -1)
  return {
    first: firstDay(of.days === 'within' ? period : before),
    last: lastDay(of.days === 'before' ? before : period),
  }
}

const lineOf = (of: Credit, period: Period, row: number): InvoiceLine => {
  const ids = [...subscriptionIds, 'c0000000-0000-4000-8000-000000000003', `${withoutSubscription}goodwill`]
  const [cost, price] = sides[of.kind]
  // A charge for the month's own days is no adjustment, but of a line without a subscription.
  const days = of.kind === 'charge' && of.of !== 3 ? 'before' : of.days
  const subTotal = (side: number): Money =>
    decimal(side).times(of.amount).dividedBy(1000, 4).toFixed() as Money
  return line(1, period, 1, 1, {
    row,
    subscriptionId: ids[of.of] ?? '',
    offerName: of.of === 3 ? 'Goodwill' : 'Business Premium (NCE Product)',
    ...daysOf({ ...of, days }, period),
    description: 'Adjustment',
    quantity: (of.kind === 'charge' ? '1' : '-1') as Quantity,
    cost: subTotal(cost),
    price: subTotal(price),
  })
}

const linesOf = (all: readonly Credit[], period: Period): InvoiceLine[] =>
  all.flatMap((each, i) =>
    [each, ...(each.isTwice ? [each] : [])].map((one, j) => lineOf(one, period, 100 + 2 * i + j)),
  )

const must = (isTrue: boolean, message: () => string): void => {
  if (!isTrue) throw new Error(message())
}
const planned = (situation: Situation): PeriodPlan => {
  const [month] = plan(situation).periods
  if (month === undefined) throw new Error('a usage gives a period')
  return month
}
const writes = (situation: Situation): Change[] =>
  changesOf(planned(situation)).filter(({ kind }) => kind !== 'keep')
const after = (situation: Situation, changes: readonly Change[]): Situation => ({
  ...situation,
  ...simulate(situation, changes),
})
const asSet = ({ additions }: Situation): string =>
  additions
    .map(({ id: _, ...each }) =>
      JSON.stringify(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    )
    .sort()
    .join('\n')
const isNothing = ({ cost, price }: Amount): boolean =>
  Math.abs(Number(cost)) < 1e-6 && Math.abs(Number(price)) < 1e-6
const isCredit = ({ serialNumber }: Pick<Addition, 'serialNumber'>): boolean =>
  serialNumber.startsWith('credit-')

/** What was seen, so that a property that never applies is noticed. */
const seen = { carried: 0, against: 0, back: 0, byHand: 0, frozen: 0, alone: 0 }

const checkMonth = (before: Situation, period: Period, cut: number): Situation => {
  const month = planned(before)
  const changes = writes(before)
  const done = after(before, changes)
  must(isNothingToWrite(plan(done)), () => `a second plan writes ${JSON.stringify(writes(done))}`)
  const proved = planned(done)
  must(isNothing(remainder(proved.totals)), () => `remainder of ${JSON.stringify(proved.totals)}`)
  must(isNothing(proved.totals.unexplained), () => `unexplained in ${JSON.stringify(proved.totals)}`)
  const counted = done.additions.filter(({ quantity }) => Number(quantity) !== 0)
  const { total } = bill(counted, done.agreement, period)
  const { billed } = proved.totals
  must(
    total.price === billed.price && total.cost === billed.cost,
    () => `bills ${JSON.stringify([total, billed])}`,
  )
  // Every first part of the writes leads to the same.
  const broken = after(before, changes.slice(0, cut % (changes.length + 1)))
  must(asSet(after(broken, writes(broken))) === asSet(done), () => `cut after ${cut % (changes.length + 1)}`)
  checkApart(before, month)
  checkCarried(done, proved, period)
  return done
}

/** All else of the month is planned as if there were no credit on the invoice. */
const checkApart = (before: Situation, month: PeriodPlan): void => {
  const [usage] = before.usages
  const lines = (usage?.lines ?? []).filter(({ row }) => row < 100)
  const without = planned({ ...before, usages: usage ? [{ ...usage, lines }] : [] })
  const others = (of: PeriodPlan): string =>
    JSON.stringify(of.subscriptions.filter(({ kind }) => kind !== 'credit'))
  must(others(without) === others(month), () => `other rows differ: ${others(without)} and ${others(month)}`)
  const turned = planned({ ...before, usages: usage ? [{ ...usage, lines: usage.lines.toReversed() }] : [] })
  must(JSON.stringify(turned.totals) === JSON.stringify(month.totals), () => 'the order of lines matters')
}

/** Rows of credits bill to the cent what their lines charge, or say by name what they do not. */
const checkCarried = (done: Situation, proved: PeriodPlan, period: Period): void => {
  const rows = proved.subscriptions.filter(({ kind }) => kind === 'credit')
  const lines = (done.usages[0]?.lines ?? []).filter(({ row }) => row >= 100)
  const invoiced = sum(rows.map((row) => decimal(row.invoiced.price)))
  must(invoiced.eq(sum(lines.map(({ price }) => decimal(price)))), () => 'a credit is on no row')
  for (const { status, reconciliation, subscriptionId } of rows) {
    const { rounding, notBilled, terms = {} } = reconciliation
    must(decimal(rounding.price).abs().lte('0.05'), () => `rounds ${JSON.stringify(rounding)}`)
    if (terms.drift !== undefined) seen.frozen += 1
    if (status === 'Error') seen.against += 1
    else if (terms.drift === undefined && isNothing(notBilled)) seen.carried += 1
    if (subscriptionId.startsWith('c0')) seen.alone += 1
  }
  for (const each of done.additions.filter((one) => one.serialNumber === creditSerial(period))) {
    must(!each.unitPrice.startsWith('-') && !each.unitCost.startsWith('-'), () => 'a price below zero')
    must(each.effectiveDate === firstDay(period), () => 'it begins otherwise')
    if (each.unitPrice === '0' && each.unitCost === '0') seen.back += 1
  }
}

/** A person changes one that carries a credit of the month. */
const byHand = (
  situation: Situation,
  { kind, pick }: typeof handArb extends fc.Arbitrary<infer T> ? T : never,
): Situation => {
  const all = situation.additions.filter(
    (each) => isCredit(each) && each.serialNumber.endsWith(situation.usages[0]?.period ?? '?'),
  )
  const target = all[pick % Math.max(all.length, 1)]
  if (target === undefined) return situation
  seen.byHand += 1
  const patch: Record<typeof kind, Partial<Addition> | null> = {
    delete: null,
    price: { unitPrice: '7' as Money },
    quantity: { quantity: '0' as Quantity },
    end: { cancelledDate: '2025-06-30' as Addition['cancelledDate'] },
    serial: { serialNumber: 'mine' },
    unbilled: { billCustomer: 'DoNotBill' },
  }
  const to = patch[kind]
  return {
    ...situation,
    additions: situation.additions.flatMap((each) =>
      each !== target ? [each] : to === null ? [] : [{ ...each, ...to }],
    ),
  }
}

const check = ({ history, credits }: Example): void => {
  const prism = new PrismHistory()
  let current = startOf(history)
  const next = (at: Period, months: number): Situation => ({
    ...current,
    agreement: { ...current.agreement, nextInvoiceDate: firstDay(addMonths(at, months)) },
  })
  for (const [i, month] of history.months.slice(0, 4).entries()) {
    const period = addMonths(firstPeriod, i)
    const own = credits[i % credits.length]
    const cut = history.cuts[i % history.cuts.length] ?? 0
    const issue = (lines: InvoiceLine[], of: readonly Credit[]): void => {
      const usages = [{ period, invoiceId: period, lines: [...lines, ...linesOf(of, period)] }]
      const done = checkMonth({ ...current, usages }, period, cut)
      const good = { ...done.good }
      for (const row of planned(done).subscriptions)
        if (row.kind === 'subscription' && isGood(row)) {
          const id = subscriptionKey(row.subscriptionId)
          good[id] = [...(good[id] ?? []), period]
        }
      current = { ...done, good, latest: latestAfter(done) }
    }
    const lines = prism.invoice(period, month)
    issue(lines, own?.lines ?? [])
    const forget = (): void => {
      current = {
        ...current,
        good: Object.fromEntries(
          Object.entries(current.good).map(([id, all]) => [id, all.filter((each) => each !== period)]),
        ),
      }
    }
    if (own?.hand) {
      current = byHand(current, own.hand)
      forget()
      issue(lines, own.lines)
    }
    if (own?.again) {
      forget()
      if (month.reissue?.isInvoiced) current = next(period, history.advance ? 2 : 1)
      issue(lines, [...(own.keeps ? own.lines : []), ...own.again])
    }
    prism.close(month)
    let additions: readonly Addition[] = current.additions
    for (const change of month.edits) additions = edit(additions, change, period)
    current = { ...current, additions, previous: current.usages[0] ?? null }
    current = next(period, history.advance ? 2 : 1)
  }
}

const latestAfter = ({ latest, usages }: Situation): Record<string, InvoiceLine> => {
  const lines = [
    ...Object.values(latest ?? {}),
    ...usages.flatMap((usage) => usage.lines.filter(({ row }) => row < 100)),
  ]
  const sorted = lines.sort((a, b) => (a.last < b.last ? -1 : a.last > b.last ? 1 : 0))
  return Object.fromEntries(sorted.map((each) => [subscriptionKey(each.subscriptionId), each]))
}

describe('Credits and adjustments, for every history', () => {
  it('are billed to the cent or named, beside a month that is planned as without them, planned again nothing, from any first part the same [F1]', {
    timeout: 900_000,
  }, () => {
    fc.assert(fc.property(exampleArb, check), { numRuns, ...seed })
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(numRuns / 20)
  })
})
