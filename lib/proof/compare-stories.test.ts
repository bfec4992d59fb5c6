/** Two months compared, with what was upgraded or renewed as one row (J5). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysBetween, daysIn, lastDay } from '#lib/billing/days.ts'
import { addPair, amount, decimal, money, subtractPair, zeroPair } from '#lib/billing/decimal.ts'
import type { Day, InvoiceLine, Money, Period, Quantity } from '#lib/billing/types.ts'
import { compareLines } from './compare.ts'
import { type ComparedLines, storiesOf } from './compare-stories.ts'

const june = '2026-06' as Period
const july = '2026-07' as Period

/** `[5, 1, 14]`: five from the 1st to the 14th. */
type Span = readonly [seats: number, from: number, to: number]

const linesOf = (period: Period, spans: readonly Span[], unit: number): InvoiceLine[] =>
  spans.map(([seats, from, to], at) => {
    const day = (of: number) => `${period}-${String(Math.min(of, daysIn(period))).padStart(2, '0')}` as Day
    const days = daysBetween(day(from), day(to))
    const charged = money(decimal(unit).times(seats).times(days).dividedBy(daysIn(period), 2))
    return {
      row: at + 2,
      tenantId: 't-1',
      subscriptionId: 's',
      offerName: 'any',
      first: day(from),
      last: day(to),
      description: '',
      quantity: `${seats}` as Quantity,
      unitCost: `${unit}` as Money,
      unitPrice: `${unit}` as Money,
      cost: charged,
      price: charged,
      billingCycle: 'Monthly',
      termDuration: '1',
      termUnit: 'MONTHS',
    }
  })

interface Given {
  readonly tenant?: string
  readonly periods?: readonly [Period, Period]
  readonly unit?: number
}
const group = (
  [subscriptionId, product]: readonly [string, string],
  earlier: readonly Span[],
  later: readonly Span[],
  { tenant = 't-1', periods = [june, july], unit = 22 }: Given = {},
): ComparedLines => ({
  tenantId: tenant,
  subscriptionId,
  product,
  earlier: { period: periods[0], lines: linesOf(periods[0], earlier, unit) },
  later: { period: periods[1], lines: linesOf(periods[1], later, unit) },
})
const told = (...groups: ComparedLines[]): string[] =>
  storiesOf(groups).map((story) =>
    story.map(({ subscriptionId, product }) => `${subscriptionId} ${product}`).join(' -> '),
  )

describe('one row of two months [J5]', () => {
  it('is an upgrade inside the earlier month, inside the later one, and between them', () => {
    const premium = ['s-1', 'Premium'] as const
    const basic = ['s-1', 'Basic'] as const
    const both = ['s-1 Basic -> s-1 Premium']
    expect(told(group(premium, [[9, 17, 30]], [[9, 1, 31]]), group(basic, [[9, 1, 16]], []))).toEqual(both)
    expect(told(group(premium, [], [[9, 11, 31]]), group(basic, [[9, 1, 30]], [[9, 1, 10]]))).toEqual(both)
    expect(told(group(premium, [], [[9, 1, 31]]), group(basic, [[9, 1, 30]], []))).toEqual(both)
  })

  it('is a renewal under a new id, and an upgrade of some seats', () => {
    expect(told(group(['a', 'Teams'], [[14, 1, 30]], []), group(['b', 'Teams'], [], [[14, 1, 31]]))).toEqual([
      'a Teams -> b Teams',
    ])
    expect(
      told(
        group(
          ['a', 'Basic'],
          [[12, 1, 30]],
          [
            [12, 1, 10],
            [8, 11, 31],
          ],
        ),
        group(['b', 'Premium'], [], [[4, 11, 31]]),
        group(['c', 'Visio'], [[3, 1, 30]], [[3, 1, 31]]),
      ),
    ).toEqual(['a Basic -> b Premium', 'c Visio'])
  })

  it('is not what two customers, or nobody known, have', () => {
    const falls = (tenant: string) => group(['a', 'Basic'], [[9, 1, 30]], [], { tenant })
    const begins = (tenant: string) => group(['b', 'Premium'], [], [[9, 1, 31]], { tenant })
    expect(told(falls('t-1'), begins('t-2'))).toHaveLength(2)
    expect(told(falls(''), begins(''))).toHaveLength(2)
  })

  it('is of months that do not follow each other what has one id, and nothing else that turns between them', () => {
    const periods = [june, '2026-09' as Period] as const
    expect(
      told(
        group(['a', 'Basic'], [[9, 1, 30]], [], { periods }),
        group(['b', 'Premium'], [], [[9, 1, 30]], { periods }),
      ),
    ).toHaveLength(2)
    expect(
      told(
        group(['a', 'Basic'], [[9, 1, 30]], [], { periods }),
        group(['a', 'Premium'], [], [[9, 1, 30]], { periods }),
      ),
    ).toHaveLength(1)
  })
})

describe('rows of two months, stories as one', () => {
  const spans = (period: Period) =>
    fc
      .tuple(fc.constantFrom(0, 4, 9), fc.constantFrom(0, 4, 9), fc.constantFrom(8, 15))
      .map(([a, b, cut]): Span[] =>
        [[a, 1, cut - 1] as const, [b, cut, Number(lastDay(period).slice(8))] as const].filter(
          ([seats]) => seats > 0,
        ),
      )
  const groupArb = fc
    .record({
      id: fc.constantFrom('a', 'b', 'c'),
      product: fc.constantFrom('Basic', 'Premium'),
      tenant: fc.constantFrom('', 't-1', 't-2'),
      unit: fc.integer({ min: 1, max: 40 }),
      earlier: spans(june),
      later: spans(july),
    })
    .map(({ id, product, earlier, later, ...given }) => group([id, product], earlier, later, given))

  it('have each group once, and come to the sum of all, exactly', () => {
    fc.assert(
      fc.property(fc.array(groupArb, { maxLength: 7 }), (groups) => {
        const stories = storiesOf(groups)
        expect(new Set(stories.flat())).toEqual(new Set(groups))
        expect(stories.flat()).toHaveLength(groups.length)
        const differenceOf = ({ earlier, later }: ComparedLines) => {
          const { before, after } = compareLines(earlier, later)
          return subtractPair(after, before)
        }
        const partsOf = ({ earlier, later }: ComparedLines) => compareLines(earlier, later).parts
        const total = groups.map(differenceOf).reduce(addPair, zeroPair)
        const rows = stories.map((story) =>
          story
            .flatMap(partsOf)
            .map((part) => part.amount)
            .reduce(addPair, zeroPair),
        )
        expect(amount(rows.reduce(addPair, zeroPair))).toEqual(amount(total))
        for (const story of stories) expect(new Set(story.map(({ tenantId }) => tenantId)).size).toBe(1)
      }),
      { numRuns: 300 },
    )
  })
})
