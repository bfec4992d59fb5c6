/**
 * Months that come after a later one is good (docs/billing-rules.md, "Late months"): what they write stays
 * inside them, whatever ran on since. August and October 2026 are synced, then September comes; 5 x 10.00
 * unless said otherwise.
 */
import { describe, expect, it } from 'vitest'
import { bill } from './bill.ts'
import { isGood } from './held-back.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  agreement,
  day,
  line,
  owned,
  situation,
  subscriptionId,
  usage,
} from './testing/factories.ts'
import type { InvoiceLine, Period, PeriodPlan, Situation } from './types.ts'

const id = subscriptionKey(subscriptionId)
const month = (period: string): Period => period as Period
const whole = (quantity: number, period: string): InvoiceLine =>
  line(
    quantity,
    period,
    1,
    new Date(Date.UTC(Number(period.slice(0, 4)), Number(period.slice(5)), 0)).getUTCDate(),
  )

/** Plans a month, applies it, and remembers it where it is good. */
const sync = (
  before: Situation,
  lines: readonly InvoiceLine[],
  period: string,
): { after: Situation; planned: PeriodPlan } => {
  const current = { ...before, usages: [usage(lines, period)], newest: month(period) }
  const [planned] = plan(current).periods
  if (!planned) throw new Error('a usage gives a period')
  const row = planned.subscriptions.find(({ kind }) => kind === 'subscription')
  const good =
    row && isGood(row)
      ? { ...current.good, [id]: [...(current.good[id] ?? []), month(period)] }
      : current.good
  const latest = { ...current.latest, ...Object.fromEntries(lines.map((each) => [id, each])) }
  return {
    after: { ...simulate(current, changesOf(planned)), good, latest, previous: usage(lines, period) },
    planned,
  }
}

const invoicedUntil = (before: Situation, next: string): Situation => ({
  ...before,
  agreement: { ...before.agreement, nextInvoiceDate: day(next) },
})

/** August (5) and October are good; ConnectWise has invoiced up to the day before `next`. */
const untilOctober = (october: readonly InvoiceLine[], next: string): Situation => {
  const first = situation({ agreement: agreement({ nextInvoiceDate: day('2026-08-01') }) })
  const august = sync(first, [whole(5, '2026-08')], '2026-08').after
  const { after } = sync(invoicedUntil(august, '2026-09-01'), october, '2026-10')
  return invoicedUntil(after, next)
}

const confirmed = { confirmed: [{ subscriptionId: id, period: month('2026-09'), question: 'late' as const }] }
const billed = ({ additions, agreement: of }: Situation, period: string) =>
  bill(additions, of, month(period)).total.price
const bills = (of: Situation): string[] =>
  ['2026-08', '2026-09', '2026-10', '2026-11'].map((period) => billed(of, period))
const writes = (planned: PeriodPlan): string[] =>
  changesOf(planned).flatMap((change) =>
    change.kind === 'create'
      ? [`${change.addition.quantity} ${change.addition.effectiveDate}..${change.addition.cancelledDate}`]
      : change.kind === 'keep'
        ? []
        : [change.kind],
  )

describe('a late month that ConnectWise has not invoiced [F12]', () => {
  const before = untilOctober([whole(8, '2026-10')], '2026-09-01')

  it('gets what it lacks, and nothing else changes', () => {
    const september = [line(5, '2026-09', 1, 10), line(8, '2026-09', 11, 30)]
    const { after, planned } = sync(before, september, '2026-09')
    expect(writes(planned)).toEqual(['3 2026-09-11..2026-09-30'])
    expect(bills(before)).toEqual(['50', '50', '80', '80'])
    expect(bills(after)).toEqual(['50', '70.01', '80', '80'])
    expect(isNothingToWrite(plan({ ...after, good: before.good }))).toBe(true)
  })

  it.each([
    ['lacks the subscription', [], ['50', '0', '80', '80']],
    ['ends at 6', [line(5, '2026-09', 1, 15), line(6, '2026-09', 16, 30)], ['50', '55', '80', '80']],
    ['starts inside it', [line(5, '2026-09', 12, 30)], ['50', '31.65', '80', '80']],
    ['is as it was', [whole(5, '2026-09')], ['50', '50', '80', '80']],
  ])('%s', (_, september, expected) => {
    const { after, planned } = sync(before, september, '2026-09')
    expect(planned.subscriptions[0]).toMatchObject({
      late: true,
      status: expected[1] === '50' ? 'No Change' : 'Success',
    })
    expect(bills(after)).toEqual(expected)
  })

  it('leaves alone what a clerk added from a later month on, and is not refused for it', () => {
    const clerks = addition(1, '2026-11-01', null, { id: 900 })
    const { after, planned } = sync(
      { ...before, additions: [...before.additions, clerks] },
      [whole(6, '2026-09')],
      '2026-09',
    )
    expect(planned.subscriptions[0]?.status).toBe('Success')
    expect(bills(after)).toEqual(['50', '60', '80', '90'])
  })
})

describe('a late month that ConnectWise has invoiced [F12]', () => {
  const september = [line(5, '2026-09', 1, 15), line(6, '2026-09', 16, 30)]

  it.each([
    ['that month', '2026-10-01'],
    ['the later one, too', '2026-11-01'],
  ])('waits with its amount where it has invoiced %s, and is sent as catch-up after a yes', (_, next) => {
    const before = untilOctober([whole(8, '2026-10')], next)
    const { after, planned } = sync(before, september, '2026-09')
    const [row] = planned.subscriptions
    expect(row).toMatchObject({
      status: 'Warning',
      waits: { question: 'late', changes: [{ kind: 'create' }] },
    })
    expect(row?.findings[0]?.message).toContain('difference of 5.00 waits')
    expect([writes(planned), row?.reconciliation.terms]).toEqual([[], { waiting: { cost: '4', price: '5' } }])
    expect(after.good[id]).toEqual(before.good[id])
    const sent = sync({ ...before, ...confirmed }, september, '2026-09')
    expect(bills(sent.after)).toEqual(['50', '55', '80', '80'])
  })

  it('waits where it is not known what ConnectWise has invoiced', () => {
    const before = untilOctober([whole(8, '2026-10')], '2026-11-01')
    const unknown = { ...before, agreement: { ...before.agreement, nextInvoiceDate: null } }
    expect(sync(unknown, september, '2026-09').planned.subscriptions[0]?.waits?.question).toBe('late')
  })

  it('holds no other month back, and is not planned any more once it is skipped', () => {
    const before = untilOctober([whole(8, '2026-10')], '2026-11-01')
    const both = { ...before, usages: [usage(september, '2026-09'), usage([whole(9, '2026-11')], '2026-11')] }
    const [late, november] = plan(both).periods
    expect(late?.subscriptions[0]?.waits?.question).toBe('late')
    expect(november?.subscriptions[0]?.status).toBe('Success')
    const skipped = { ...both, skipped: { [id]: [month('2026-09')] } }
    const [, left] = plan(skipped).periods
    expect(plan(skipped).periods[0]?.totals.terms).toEqual({ skipped: { cost: '4', price: '5' } })
    expect(left?.subscriptions[0]?.status).toBe('Success')
  })
})

describe('a good month [F19]', () => {
  it('is not planned again once it is billed: an edit after that is settled by the next invoice', () => {
    const june = addition(5, '2026-06-01')
    const edited = { ...june, quantity: '7' as typeof june.quantity }
    const september = situation({
      additions: [edited],
      good: { [id]: [month('2026-09')] },
      usages: [usage([whole(5, '2026-09')])],
    })
    expect(plan(september).periods[0]?.subscriptions.length).toBe(1)
    const [row] = plan(invoicedUntil(september, '2026-10-01')).periods[0]?.subscriptions ?? []
    expect(row?.changes.map(({ kind }) => kind)).toEqual(['keep'])
    expect(row).toMatchObject({
      status: 'No Change',
      reconciliation: {
        invoiced: { price: '50' },
        billed: { price: '70' },
        unexplained: { price: '0' },
        terms: { drift: { price: '-20' } },
      },
    })
  })
})

describe('a month that is good with an addition left as annual, before a late one has it by the month [F4][F12]', () => {
  // August is annual and October has no line; then September comes, by the month.
  const june = addition(5, '2026-06-01')
  const annual = line(5, '2026-08', 1, 31, { termUnit: 'YEARS' })
  const [september, october] = [whole(5, '2026-09'), usage([], '2026-10')]
  const of = (next: string, latest: InvoiceLine, over: Partial<Situation> = {}): Situation =>
    situation({
      agreement: agreement({ nextInvoiceDate: day(next) }),
      additions: [june],
      owned: owned(june),
      latest: { [id]: latest },
      good: { [id]: ['2026-08', '2026-09', '2026-10'].map(month) },
      usages: [october],
      newest: month('2026-10'),
      ...over,
    })
  const planned = (from: Situation): PeriodPlan =>
    plan(from).periods[0] ?? expect.fail('a usage gives a period')

  it('leaves and names it, as long as the late one is not there', () => {
    const left = planned(of('2026-10-01', annual, { good: { [id]: [month('2026-08')] } }))
    expect(left.subscriptions).toMatchObject([
      { kind: 'addition', status: 'Warning', findings: [{ code: 'addition-annual' }] },
    ])
    expect([writes(left), left.totals.terms]).toEqual([[], { annualAddition: { cost: '-40', price: '-50' } }])
  })

  it('is planned again with what the late one tells, where ConnectWise has not invoiced it', () => {
    const before = of('2026-10-01', september)
    const after = { ...before, ...simulate(before, changesOf(planned(before))) }
    expect(writes(planned(before))).toEqual(['end'])
    expect(bills(after)).toEqual(['50', '50', '0', '0'])
    expect(isNothingToWrite(plan(after))).toBe(true)
  })

  it('stays as it was invoiced, where ConnectWise has: what it billed is drift, and none of it is unexplained', () => {
    const billedBefore = planned(of('2026-11-01', september))
    expect(writes(billedBefore)).toEqual([])
    expect(billedBefore.totals).toMatchObject({
      billed: { price: '50' },
      unexplained: { price: '0' },
      terms: { drift: { price: '-50' } },
    })
  })

  it('ends then with what is not invoiced yet', () => {
    const before = of('2026-11-01', september, { usages: [usage([], '2026-11')], newest: month('2026-11') })
    const after = { ...before, ...simulate(before, changesOf(planned(before))) }
    expect(bills(after)).toEqual(['50', '50', '50', '0'])
    expect(isNothingToWrite(plan(after))).toBe(true)
  })
})

describe('a month that ConnectWise invoiced while the agreement billed otherwise [F13]', () => {
  // Billed by the quarter from September to November; X ended on 10 September; by the month again before December.
  const ours = addition(5, '2026-06-01')
  const again = (over: Partial<Situation> = {}): PeriodPlan => {
    const [planned] = plan(
      situation({
        agreement: agreement({ nextInvoiceDate: day('2026-12-01') }),
        additions: [ours],
        usages: [usage([line(5, '2026-09', 1, 10)])],
        unfit: [{ from: day('2026-09-01'), until: day('2026-12-01') }],
        ...over,
      }),
    ).periods
    return planned ?? expect.fail('a usage gives a period')
  }
  const waits = (planned: PeriodPlan) => planned.subscriptions.map((row) => row.waits?.question ?? '')

  it('waits with its plan, and writes nothing', () => {
    expect([writes(again()), waits(again())]).toEqual([[], ['late']])
    expect(again().subscriptions[0]?.findings[0]?.message).toBe(
      'The agreement did not bill by the month while September 2026 was invoiced or after, and a difference of -33.33 waits',
    )
    expect(writes(again({ unfit: [] }))).toEqual(['-5 2026-09-11..2026-11-30', 'end'])
  })

  it('is sent once a person says so', () => {
    expect(writes(again(confirmed))).toEqual(['-5 2026-09-11..2026-11-30', 'end'])
  })

  it('asks nothing where nothing changes, or nothing was invoiced meanwhile', () => {
    expect(waits(again({ usages: [usage([whole(5, '2026-09')])] }))).toEqual([''])
    expect(waits(again({ unfit: [{ from: day('2026-09-01'), until: day('2026-09-01') }] }))).toEqual([''])
  })

  it.each([
    ['a month that was invoiced before, and lasts into it', '2026-08', 'late'],
    ['the month after it', '2026-12', ''],
  ])('%s: %s', (_what, period, expected) => {
    const usages = [usage([line(5, period, 1, 10)], period)]
    expect(waits(again({ usages }))).toEqual([expected])
  })

  it('waits where it is not known how far ConnectWise had invoiced', () => {
    expect(waits(again({ unfit: [{ from: null, until: day('2026-12-01') }] }))).toEqual(['late'])
    expect(waits(again({ unfit: [{ from: day('2026-09-01'), until: null }] }))).toEqual(['late'])
  })
})
