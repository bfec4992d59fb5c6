/** Our prediction of ConnectWise's bill against the stand-in's billing engine, which was written from the same facts by itself. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draftInvoice } from '#standin/connectwise/billing.ts'
import { bill } from './bill.ts'
import { addMonths, firstDay, lastDay } from './days.ts'
import { engineTerms } from './testing/engine-terms.ts'
import { addition, agreement, day, period } from './testing/factories.ts'
import type { Addition, BillCustomer, Money, Period, Quantity } from './types.ts'

const start = period('2026-01')

const additionArb = fc
  .record({
    quantity: fc.integer({ min: -20, max: 40 }),
    price: fc.integer({ min: 0, max: 400_000 }),
    costDecimals: fc.integer({ min: 0, max: 99_999 }),
    month: fc.integer({ min: 0, max: 4 }),
    date: fc.integer({ min: 1, max: 28 }),
    months: fc.option(fc.integer({ min: -1, max: 4 })),
    isMonthEnd: fc.boolean(),
    lessIncluded: fc.constantFrom(0, 0, 0, 2),
    billCustomer: fc.constantFrom<BillCustomer>('Billable', 'Billable', 'DoNotBill', 'NoCharge'),
  })
  .map((each): Addition => {
    const from = `${addMonths(start, each.month)}-${`${each.date}`.padStart(2, '0')}`
    const endMonth = addMonths(start, each.month + (each.months ?? 0))
    const end = each.isMonthEnd ? lastDay(endMonth) : day(`${endMonth}-17`)
    return addition(each.quantity, from, each.months === null ? null : end, {
      unitPrice: `${each.price / 100}` as Money,
      unitCost: `${each.costDecimals / 1000}` as Money,
      lessIncluded: `${each.lessIncluded}` as Quantity,
      billCustomer: each.billCustomer,
    })
  })

/** What ConnectWise invoices for each month, by addition, whichever invoice it is on. */
const invoicedBy = (
  all: readonly Addition[],
  inAdvance: boolean,
): Map<string, { price: string; cost: string }> => {
  const terms = {
    id: 7,
    prorateFlag: true,
    periodType: inAdvance ? 'Future' : 'Current',
    invoicingCycle: 'CalendarYear',
    billStart: firstDay(start),
  }
  const billed = new Set<string>()
  const amounts = new Map<string, { price: string; cost: string }>()
  for (let i = 0; i < 7; i++) {
    const nextInvoiceDate = firstDay(addMonths(start, i))
    const { lines } = draftInvoice(
      { ...terms, nextInvoiceDate },
      all.map((each) => engineTerms(each, firstDay(start))),
      (id, first) => billed.has(`${id} ${first}`),
    )
    for (const line of lines) {
      billed.add(`${line.additionId} ${line.month}-01`)
      amounts.set(`${line.additionId} ${line.month}`, { price: line.price, cost: line.cost })
    }
  }
  return amounts
}

const months: Period[] = Array.from({ length: 7 }, (_, i) => addMonths(start, i))

describe('What ConnectWise will bill', () => {
  it.each([
    ['in arrears', false],
    ['in advance', true],
  ])('is what an engine written by itself invoices, %s, by addition and month', (_title, inAdvance) => {
    fc.assert(
      fc.property(fc.array(additionArb, { minLength: 1, maxLength: 6 }), (all) => {
        const invoiced = invoicedBy(all, inAdvance)
        for (const month of months) {
          const { additions } = bill(all, agreement({ startDate: firstDay(start) }), month)
          for (const { id } of all) {
            const ours = additions.get(id) ?? { price: '0', cost: '0' }
            const theirs = invoiced.get(`${id} ${month}`) ?? { price: '0', cost: '0' }
            expect([Number(ours.price), Number(ours.cost)], `addition ${id} in ${month}`).toEqual([
              Number(theirs.price),
              Number(theirs.cost),
            ])
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it('prorates from the first day, both days inclusive: 22.00 from 15 March is 12.06 a unit', () => {
    const all = [addition(2, '2026-03-15', null, { unitPrice: '22' as Money })]
    expect(bill(all, agreement(), period('2026-03')).total.price).toBe('24.12')
  })

  it('rounds each unit where PRISM rounds each line: 5.37 x 5 x 15/30 is 13.45', () => {
    const all = [addition(5, '2026-04-16', null, { unitPrice: '5.37' as Money })]
    expect(bill(all, agreement(), period('2026-04')).total.price).toBe('13.45')
  })
})
