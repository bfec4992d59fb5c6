/**
 * What is known of a subscription that is on no line any more does not depend on how its last lines stood.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changesOf, plan } from './plan.ts'
import { tellsMore } from './standing.ts'
import { addition, line, owned, situation, usage } from './testing/factories.ts'
import type { InvoiceLine, PeriodPlan, Situation } from './types.ts'

const monthly = line(5, '2026-08', 1, 31)
const annual = line(5, '2026-08', 1, 31, { row: 3, termUnit: 'YEARS' })

it.each([
  ['first', [annual, monthly]],
  ['last', [monthly, annual]],
])('a subscription whose annual line stands %s is not ended, also two months later [F4]', (_, lines) => {
  const june = addition(5, '2026-06-01')
  const [, september, october] = plan(
    situation({
      additions: [june],
      owned: owned(june),
      usages: [usage(lines, '2026-08'), usage([], '2026-09'), usage([], '2026-10')],
    }),
  ).periods
  for (const period of [september, october])
    expect(period && changesOf(period).filter(({ kind }) => kind !== 'keep')).toEqual([])
})

describe('a subscription on the invoices of September and October and on neither November’s nor December’s [case 29]', () => {
  const handMade = addition(5, '2026-06-01')
  const months = ['2026-09', '2026-10', '2026-11', '2026-12']
  const whole = (month: string, over: Parameters<typeof line>[4]): InvoiceLine =>
    line(5, month, 1, month === '2026-09' ? 30 : 31, over)
  const lived = (over: Parameters<typeof line>[4], more: Partial<Situation> = {}) =>
    plan(
      situation({
        additions: [handMade],
        usages: months.map((month) => usage(month < '2026-11' ? [whole(month, over)] : [], month)),
        ...more,
      }),
    ).periods
  const writes = (periods: readonly PeriodPlan[]): string[] =>
    periods.flatMap((of) =>
      changesOf(of).flatMap((change) =>
        change.kind === 'keep'
          ? []
          : [`${of.period} ${change.kind} ${'cancelledDate' in change ? change.cancelledDate : ''}`],
      ),
    )

  it.each([
    ['of a year', { termUnit: 'YEARS' }],
    ['of twelve months', { termDuration: '12', termUnit: 'MONTHS' }],
    ['that is billed once a year', { billingCycle: 'Annual' }],
  ])('%s is never touched, and named with its amount in each month', (_, over) => {
    const periods = lived(over)
    expect(writes(periods)).toEqual([])
    expect(periods.map(({ totals }) => totals.terms)).toEqual(
      months.map(() => ({ annualAddition: { cost: '-40', price: '-50' } })),
    )
  })

  it('by the month is gone, once', () => {
    expect(writes(lived({}))).toEqual(['2026-11 end 2026-10-31'])
  })

  it('of a year is gone, too, where the program takes such terms by the month', () => {
    const { options } = situation()
    expect(
      writes(lived({ termUnit: 'YEARS' }, { options: { ...options, annualTermsMonthly: true } })),
    ).toEqual(['2026-11 end 2026-10-31'])
  })
})

it('is the same whatever the order of the lines', () => {
  const some = fc.record({ day: fc.integer({ min: 28, max: 30 }), isAnnual: fc.boolean() })
  const latest = (lines: readonly InvoiceLine[]) =>
    lines.reduce<InvoiceLine | undefined>(
      (known, each) => (tellsMore(each, known, false) ? each : known),
      undefined,
    )
  fc.assert(
    fc.property(fc.array(some, { maxLength: 8 }), (all) => {
      const lines = all.map(({ day, isAnnual }) =>
        line(5, '2026-09', 1, day, isAnnual ? { termUnit: 'YEARS' } : {}),
      )
      expect(latest(lines)).toEqual(latest([...lines].reverse()))
    }),
  )
})
