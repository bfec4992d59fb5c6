/** An upgrade, a renewal and a paid extension as one story: days and quantities tell which row goes on as which. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstDay, lastDay, previousDay } from './days.ts'
import { continuationsIn, inStories, type StoryRow, storySteps } from './stories.ts'
import { day, period } from './testing/factories.ts'
import type { Quantity } from './types.ts'

const june = period('2026-06')

/** `12, then 8 from the 11th`: `row('a', 'Basic', 12, [1, 12], [11, 8])`. */
const row = (
  id: string,
  product: string,
  before: number,
  ...steps: readonly (readonly [from: number, seats: number])[]
): StoryRow => ({
  kind: 'subscription',
  subscriptionId: id,
  tenantId: 'tenant-1',
  product: { name: product },
  quantityBefore: `${before}` as Quantity,
  steps: steps.map(([from, seats], at) => {
    const next = steps[at + 1]
    const on = (of: number) => day(`2026-06-${String(of).padStart(2, '0')}`)
    return {
      first: on(from),
      last: next === undefined ? lastDay(june) : previousDay(on(next[0])),
      quantity: `${seats}` as Quantity,
    }
  }),
})
const told = (...rows: StoryRow[]): string[] =>
  continuationsIn(rows).map(
    ({ from, to, on, seats, isWhole, how }) =>
      `${from.subscriptionId} ${from.product.name} -> ${to.subscriptionId} ${to.product.name}: ${seats} on ${on}, ${isWhole ? 'all' : 'some'}, ${how}`,
  )

describe('A row goes on as another one', () => {
  it('under its id, with another product: an upgrade', () => {
    expect(told(row('a', 'Standard', 9, [1, 9], [17, 0]), row('A', 'Premium', 0, [1, 0], [17, 9]))).toEqual([
      'a Standard -> A Premium: 9 on 2026-06-17, all, product',
    ])
  })

  it('in part, under an id of its own: a partial upgrade', () => {
    expect(told(row('a', 'Basic', 12, [1, 12], [11, 8]), row('b', 'Premium', 0, [11, 4]))).toEqual([
      'a Basic -> b Premium: 4 on 2026-06-11, some, product',
    ])
  })

  it('under a new id with the same product, from the month’s first day too: a renewal', () => {
    expect(told(row('a', 'Teams', 14, [1, 0]), row('b', 'Teams', 0, [1, 14]))).toEqual([
      'a Teams -> b Teams: 14 on 2026-06-01, all, renewed',
    ])
  })

  it('not where other seats, another day or another customer’s begin, or where two could', () => {
    const falls = row('a', 'Basic', 12, [1, 12], [11, 8])
    expect(told(falls, row('b', 'Premium', 0, [11, 3]))).toEqual([])
    expect(told(falls, row('b', 'Premium', 0, [12, 4]))).toEqual([])
    expect(told(falls, { ...row('b', 'Premium', 0, [11, 4]), tenantId: 'tenant-2' })).toEqual([])
    expect(told(falls, row('b', 'Premium', 0, [11, 4]), row('c', 'E3', 0, [11, 4]))).toEqual([])
    expect(told(falls, row('c', 'E3', 9, [1, 9], [11, 5]), row('b', 'Premium', 0, [11, 4]))).toEqual([])
  })

  it('not where seats of the same product move between two ids that both stay', () => {
    expect(told(row('a', 'Teams', 14, [1, 14], [9, 10]), row('b', 'Teams', 0, [9, 4]))).toEqual([])
  })

  it('by its id before others', () => {
    const rows = [
      row('a', 'Standard', 9, [1, 9], [17, 0]),
      row('a', 'Premium', 0, [17, 9]),
      row('b', 'Visio', 0, [17, 9]),
    ]
    expect(told(...rows)).toEqual(['a Standard -> a Premium: 9 on 2026-06-17, all, product'])
  })
})

describe('A story', () => {
  const from = row('a', 'Basic', 12, [1, 12], [11, 8])
  const other = row('x', 'Exchange', 5, [1, 5])
  const to = row('b', 'Premium', 0, [11, 4])

  it('stands together, what it goes on from first', () => {
    const rows = [to, other, from]
    expect(inStories(rows, continuationsIn(rows))).toEqual([from, to, other])
  })

  it('is drawn as one: the seats of all its rows, day by day', () => {
    const rows = [from, other, to]
    const drawn = storySteps(to, continuationsIn(rows))
    expect(drawn.map(({ first, last, quantity }) => [first, last, quantity])).toEqual([
      ['2026-06-01', '2026-06-10', '12'],
      ['2026-06-11', '2026-06-30', '12'],
    ])
    expect(storySteps(other, continuationsIn(rows))).toBe(other.steps)
  })

  it('has each row once, whatever the rows are', () => {
    const rowArb = fc
      .record({
        id: fc.constantFrom('a', 'b', 'c'),
        product: fc.constantFrom('Basic', 'Premium'),
        before: fc.nat(4),
        steps: fc.uniqueArray(fc.tuple(fc.integer({ min: 2, max: 30 }), fc.nat(4)), {
          maxLength: 3,
          selector: ([on]) => on,
        }),
      })
      .map(({ id, product, before, steps }) =>
        row(id, product, before, [1, before], ...steps.toSorted(([a], [b]) => a - b)),
      )
    fc.assert(
      fc.property(fc.array(rowArb, { maxLength: 7 }), (rows) => {
        const found = continuationsIn(rows)
        expect(inStories(rows, found).toSorted(byRow(rows))).toEqual(rows)
        for (const each of rows) {
          const [first] = storySteps(each, found)
          expect(first?.first).toBe(firstDay(june))
        }
      }),
      { numRuns: 300 },
    )
  })
})

const byRow =
  (rows: readonly StoryRow[]) =>
  (a: StoryRow, b: StoryRow): number =>
    rows.indexOf(a) - rows.indexOf(b)
