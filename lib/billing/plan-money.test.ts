/** What a plan changes of the bill: September, 30 days, unit price 10.00 and cost 8.00. */
import Big from 'big.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bill } from './bill.ts'
import { addMonths, firstDay } from './days.ts'
import { changesOf, plan } from './plan.ts'
import { moneyOf } from './plan-money.ts'
import { simulate } from './simulate.ts'
import { addition, agreement, day, line, owned, situation, usage } from './testing/factories.ts'
import { edit, firstPeriod, type History, historyArb, PrismHistory, startOf } from './testing/histories.ts'
import type { Addition, Amount, Money, Situation } from './types.ts'

type Lines = [quantity: number, from: number, to: number][]

const september = (lines: Lines, additions: Addition[], over: Partial<Situation> = {}): Situation =>
  situation({
    additions,
    owned: owned(...additions),
    usages: [usage(lines.map(([quantity, from, to]) => line(quantity, '2026-09', from, to)))],
    ...over,
  })

/** Prices alone: months with what changes in each, and what runs on. */
const told = (of: Situation) => {
  const money = moneyOf(of, plan(of))
  return money === null
    ? null
    : {
        months: Object.fromEntries(money.months.map((month) => [month.period, month.change.price])),
        change: money.change.price,
        next: money.next && [money.next.period, money.next.change.price],
      }
}

const open = (from = '2026-06-01'): Addition => addition(5, from)

describe('the money of a plan', () => {
  it('is the part of the month and the whole months after it, for a step that stays [H1]', () => {
    const rises: Lines = [
      [5, 1, 15],
      [8, 16, 30],
    ]
    const of = september(rises, [open()])
    expect(moneyOf(of, plan(of))).toEqual({
      months: [
        {
          period: '2026-09',
          before: { cost: '40', price: '50' },
          after: { cost: '52', price: '65' },
          change: { cost: '12', price: '15' },
        },
      ],
      change: { cost: '12', price: '15' },
      next: {
        period: '2026-10',
        before: { cost: '40', price: '50' },
        after: { cost: '64', price: '80' },
        change: { cost: '24', price: '30' },
      },
    })
  })

  it('rounds as ConnectWise does: each unit of a part month in cents, then times the quantity', () => {
    expect(told(september([[7, 12, 30]], []))).toEqual({
      months: { '2026-09': '44.31' },
      change: '44.31',
      next: ['2026-10', '70'],
    })
  })

  it('is negative for what ends, and nothing where the additions hold what the invoice says', () => {
    expect(told(september([[5, 1, 15]], [open()]))).toEqual({
      months: { '2026-09': '-25' },
      change: '-25',
      next: ['2026-10', '-50'],
    })
    expect(told(september([[5, 1, 30]], [open()]))).toEqual({
      months: { '2026-09': '0' },
      change: '0',
      next: ['2026-10', '0'],
    })
  })

  it('reaches over the months that ConnectWise has invoiced already, and runs on after them', () => {
    const octoberInvoiced = { agreement: agreement({ nextInvoiceDate: day('2026-11-01') }) }
    const rises: Lines = [
      [5, 1, 15],
      [8, 16, 30],
    ]
    expect(told(september(rises, [open()], octoberInvoiced))).toEqual({
      months: { '2026-09': '15', '2026-10': '30' },
      change: '45',
      next: ['2026-11', '30'],
    })
  })

  it('adds up the months of a plan that catches up', () => {
    const usages = [
      usage([line(5, '2026-08', 1, 31)], '2026-08'),
      usage([line(6, '2026-09', 1, 30)], '2026-09'),
    ]
    expect(told(situation({ usages }))).toEqual({
      months: { '2026-08': '50', '2026-09': '60' },
      change: '110',
      next: ['2026-10', '60'],
    })
  })

  it('counts nothing of a subscription that fails, and what else the agreement bills on both sides', () => {
    const other = addition(1, '2026-01-01', null, { catalogItemId: 99, serialNumber: 'support' })
    const failing = september([[5, 1, 30]], [other], { catalog: [], products: [], owned: [] })
    const money = moneyOf(failing, plan(failing))
    expect(money?.months).toMatchObject([{ before: { price: '10' }, after: { price: '10' } }])
    expect(money?.next?.change).toEqual({ cost: '0', price: '0' })
  })

  it('names no month after the end of the agreement, and none at all without an invoice', () => {
    const ends = { agreement: agreement({ endDate: day('2026-09-30') }) }
    expect(told(september([[5, 1, 30]], [], ends))).toMatchObject({ change: '50', next: null })
    expect(told(situation({ usages: [] }))).toBeNull()
  })
})

const plus = (a: Amount, b: Amount): Amount => ({
  cost: new Big(a.cost).plus(b.cost).toFixed() as Money,
  price: new Big(a.price).plus(b.price).toFixed() as Money,
})

const monthsBefore = 8

describe('the money of every plan', () => {
  it('makes what is billed after it from what is billed before it, and leaves no month out that it changes', () => {
    const seen = { more: 0, less: 0, same: 0 }
    const check = (history: History): void => {
      const prism = new PrismHistory()
      let current = startOf(history)
      let isEdited = false
      for (const [i, month] of history.months.entries()) {
        const of = addMonths(firstPeriod, i)
        const lines = prism.invoice(of, month)
        const before: Situation = { ...current, usages: [{ period: of, invoiceId: of, lines }] }
        const planned = plan(before)
        const after = simulate(before, planned.periods.flatMap(changesOf))
        const money = moneyOf(before, planned)
        if (money === null) throw new Error('a usage gives a period')
        const months = [...money.months, ...(money.next === null ? [] : [money.next])]
        for (const each of months) {
          expect(plus(each.before, each.change)).toEqual(each.after)
          expect(each.after).toEqual(bill(after.additions, before.agreement, each.period).total)
        }
        const first = months[0]?.period ?? of
        for (let back = 1; back <= monthsBefore; back += 1) {
          const earlier = addMonths(first, -back)
          expect(bill(after.additions, before.agreement, earlier), `${earlier} of ${of}`).toEqual(
            bill(before.additions, before.agreement, earlier),
          )
        }
        const [total] = planned.periods.map(({ totals }) => totals.billed)
        // What somebody set to no quantity with included units is no subscription's.
        if (!isEdited) expect(money.months.find(({ period: each }) => each === of)?.after).toEqual(total)
        const change = Number(money.change.price)
        seen[change > 0 ? 'more' : change < 0 ? 'less' : 'same'] += 1
        prism.close(month)
        isEdited ||= month.edits.length > 0
        let additions: readonly Addition[] = after.additions
        for (const each of month.edits) additions = edit(additions, each, of)
        current = {
          ...after,
          additions,
          previous: before.usages[0] ?? null,
          agreement: {
            ...before.agreement,
            nextInvoiceDate: firstDay(addMonths(of, history.advance ? 2 : 1)),
          },
        }
      }
    }
    fc.assert(fc.property(historyArb, check), { numRuns: 300 })
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50)
  })
})
