/** Two months of a subscription compared (J5): parts that come to the difference exactly, and what each says. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addMonths, daysBetween, daysIn, daysOf, firstDay, lastDay } from '#lib/billing/days.ts'
import { amount, decimal, money, subtractPair, sumPairs } from '#lib/billing/decimal.ts'
import type { Day, InvoiceLine, Money, Period, Quantity } from '#lib/billing/types.ts'
import { byReason, compareLines, type MonthLines } from './compare.ts'
import { partText } from './compare-words.ts'

const june = '2026-06' as Period
const july = '2026-07' as Period

/** A line as PRISM writes it: unit x quantity x days / days of the month, half up to cents. */
const line = (
  quantity: number,
  first: string,
  last: string,
  unit: readonly [cost: string, price: string] = ['18', '22'],
): InvoiceLine => {
  const days = daysBetween(first as Day, last as Day)
  const charge = (value: string): Money =>
    money(
      decimal(value)
        .times(quantity)
        .times(days)
        .dividedBy(daysIn(first.slice(0, 7) as Period), 2),
    )
  return {
    row: 2,
    tenantId: 't-1',
    subscriptionId: 's-1',
    offerName: 'Business Premium',
    first: first as Day,
    last: last as Day,
    description: '',
    quantity: `${quantity}` as Quantity,
    unitCost: unit[0] as Money,
    unitPrice: unit[1] as Money,
    cost: charge(unit[0]),
    price: charge(unit[1]),
    billingCycle: 'Monthly',
    termDuration: '1',
    termUnit: 'MONTHS',
  }
}
const of = (period: Period, ...lines: InvoiceLine[]): MonthLines => ({ period, lines })
const told = (earlier: MonthLines, later: MonthLines) =>
  compareLines(earlier, later).parts.map((part) => [
    partText(part, earlier.period, later.period),
    money(part.amount.price),
  ])

const wholeJune = line(10, '2026-06-01', '2026-06-30')

describe('two months of a subscription [J5]', () => {
  it('that are the same have no parts, whatever days the months have', () => {
    expect(told(of(june, wholeJune), of(july, line(10, '2026-07-01', '2026-07-31')))).toEqual([])
  })

  it('name a quantity that fell inside the later one', () => {
    const later = of(july, line(10, '2026-07-01', '2026-07-19'), line(8, '2026-07-20', '2026-07-31'))
    expect(told(of(june, wholeJune), later)).toEqual([['2 fewer from 20 Jul 2026 (10 → 8)', '-17.03']])
  })

  it('name a price from its first day, and a cost apart, of which the customer’s amount is nothing', () => {
    const later = of(july, line(10, '2026-07-01', '2026-07-31', ['19', '22.6']))
    expect(told(of(june, wholeJune), later)).toEqual([
      ['price 22.00 → 22.60 from 1 Jul 2026', '6'],
      ['cost 18.00 → 19.00 from 1 Jul 2026', '0'],
    ])
  })

  it('split quantity at the old price and price of the new quantity', () => {
    const later = of(july, line(12, '2026-07-01', '2026-07-31', ['18', '23']))
    expect(told(of(june, wholeJune), later)).toEqual([
      ['2 more from 1 Jul 2026 (10 → 12)', '44'],
      ['price 22.00 → 23.00 from 1 Jul 2026', '12'],
    ])
  })

  it('name what began inside the earlier one and is whole now', () => {
    const earlier = of(june, line(10, '2026-06-01', '2026-06-11'), line(13, '2026-06-12', '2026-06-30'))
    expect(told(earlier, of(july, line(13, '2026-07-01', '2026-07-31')))).toEqual([
      ['3 more since 12 Jun 2026, in July for the whole month (10 → 13)', '24.2'],
    ])
  })

  it('name a new one, and one that ended', () => {
    expect(told(of(june), of(july, line(5, '2026-07-12', '2026-07-31')))).toEqual([
      ['5 new from 12 Jul 2026', '70.97'],
    ])
    expect(told(of(june, wholeJune), of(july))).toEqual([['10 ended after 30 Jun 2026', '-220']])
    expect(told(of(june, line(10, '2026-06-01', '2026-06-19')), of(july))).toEqual([
      ['10 ended after 19 Jun 2026, in June charged until then', '-139.33'],
    ])
  })

  it('name what no days explain as such: usage, credits, lines of other months', () => {
    const usage = { ...line(1, '2026-07-01', '2026-07-31'), price: '98.76' as Money, cost: '80' as Money }
    const credit = {
      ...line(1, '2026-07-01', '2026-07-31'),
      quantity: '-1' as Quantity,
      price: '-22' as Money,
    }
    expect(told(of(june), of(july, usage, { ...credit, cost: '-18' as Money }))).toEqual([
      ['usage, credits and other charges 0.00 → 76.76', '76.76'],
    ])
  })

  it('compare Azure as usage, whatever quantity and unit price it is given', () => {
    const azure = (period: string, price: string) => ({
      ...line(1, `${period}-01`, `${period}-30`, ['1', price]),
      offerName: 'Azure plan',
      price: price as Money,
      cost: '1' as Money,
    })
    expect(told(of(june, azure('2026-06', '10.5')), of(july, azure('2026-07', '12')))).toEqual([
      ['usage, credits and other charges 10.50 → 12.00', '1.5'],
    ])
  })

  it('say by when, of months that do not follow each other', () => {
    const august = '2026-08' as Period
    expect(told(of(june, wholeJune), of(august, line(8, '2026-08-01', '2026-08-31')))).toEqual([
      ['2 fewer by 1 Aug 2026 (10 → 8)', '-44'],
    ])
  })
})

const units = [
  ['18', '22'],
  ['18', '22.6'],
  ['19.05', '23.99'],
  ['0.37', '0.5'],
] as const
const stretch = fc.record({
  days: fc.integer({ min: 1, max: 15 }),
  quantity: fc.integer({ min: 0, max: 500 }),
  unit: fc.constantFrom(...units),
})

/** A month as PRISM charges it: stretches of days that follow each other, the last to the end of the month. */
const monthArb = (period: Period) =>
  fc.array(stretch, { maxLength: 4 }).map((stretches): MonthLines => {
    const { first, last } = daysOf(period)
    const day = (number: number): Day =>
      `${period}-${String(Math.min(number, daysIn(period))).padStart(2, '0')}` as Day
    let from = 1
    const lines = stretches.flatMap(({ days, quantity, unit }, index) => {
      const begins = from
      from += days
      if (begins > daysIn(period)) return []
      const isLast = index === stretches.length - 1 || from > daysIn(period)
      const ends = isLast ? lastDay(period) : day(from - 1)
      return quantity === 0 ? [] : [line(quantity, day(begins), ends, unit)]
    })
    expect(lines.every((each) => each.first >= first && each.last <= last)).toBe(true)
    return { period, lines }
  })
const twoMonths = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 13 }))
  .chain(([at, later]) => {
    const period = addMonths(june, at)
    return fc.tuple(monthArb(period), monthArb(addMonths(period, later)))
  })

describe('the parts of a difference [J5]', () => {
  it('come to it exactly, price and cost, and each is explained by days, quantity and price', () => {
    fc.assert(
      fc.property(twoMonths, ([earlier, later]) => {
        const { before, after, parts } = compareLines(earlier, later)
        const difference = subtractPair(after, before)
        expect(amount(sumPairs(parts.map((part) => part.amount)))).toEqual(amount(difference))
        expect(parts.filter(({ reason }) => reason === 'other')).toEqual([])
        for (const part of parts.filter(({ reason }) => reason === 'more' || reason === 'new')) {
          expect(part.after.gt(part.before)).toBe(true)
          expect(part.from !== null && part.from >= firstDay(earlier.period)).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('come to it exactly whatever the lines say, and by reason over several subscriptions', () => {
    const odd = fc.tuple(twoMonths, fc.integer({ min: -99_999, max: 99_999 }), fc.boolean())
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 4 }), (all) => {
        const comparisons = all.map(([[earlier, later], cents, isNegative]) => {
          const charge = money(decimal(cents).times('0.01'))
          const lines = later.lines.map((each, index) =>
            index > 0
              ? each
              : { ...each, price: charge, quantity: (isNegative ? '-1' : each.quantity) as Quantity },
          )
          return compareLines(earlier, { ...later, lines })
        })
        for (const { before, after, parts } of comparisons)
          expect(amount(sumPairs(parts.map((part) => part.amount)))).toEqual(
            amount(subtractPair(after, before)),
          )
        const difference = sumPairs(comparisons.map(({ before, after }) => subtractPair(after, before)))
        expect(amount(sumPairs(byReason(comparisons).values()))).toEqual(amount(difference))
      }),
    )
  })

  it('are reversed where the quantity is: what came is what went', () => {
    const few = (period: Period) => of(period, line(3, firstDay(period), lastDay(period)))
    const many = (period: Period) => of(period, line(7, firstDay(period), lastDay(period)))
    const [up] = compareLines(few(june), many(july)).parts
    const [down] = compareLines(many(june), few(july)).parts
    expect(money(up?.amount.price ?? decimal(0))).toBe('88')
    expect(money(down?.amount.price ?? decimal(0))).toBe('-88')
  })
})
