/** Which rules an instance's invoices prove (J13): the stand-in's engine with each rule as it is adopted, and as its opposite. */
import Big from 'big.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bill } from '#lib/billing/bill.ts'
import { addMonths, firstDay } from '#lib/billing/days.ts'
import { decimal, money } from '#lib/billing/decimal.ts'
import { engineTerms } from '#lib/billing/testing/engine-terms.ts'
import { addition, agreement } from '#lib/billing/testing/factories.ts'
import type { Addition, Day, Money, Period, Quantity } from '#lib/billing/types.ts'
import { draftInvoice, type InvoiceLine } from '#standin/connectwise/billing.ts'
import { headerAmounts, type Unknowns, unknowns } from '#standin/connectwise/inferred.ts'
import { type BillingRule, billingRules, priceIn, type Verdict } from './billing-rules.ts'
import { evidenceOf, type Invoiced, type Sample } from './evidence.ts'

const september = '2026-09' as Period
const startDate = '2026-01-01' as Day

describe('a rule', () => {
  it('as it is adopted bills what a plan says [J13]', () => {
    const any = fc.record({
      quantity: fc.integer({ min: -9, max: 9 }),
      included: fc.integer({ min: 0, max: 3 }),
      cents: fc.integer({ min: 0, max: 9999 }),
      start: fc.integer({ min: -40, max: 40 }),
      lasts: fc.option(fc.integer({ min: -3, max: 60 })),
      how: fc.constantFrom<Addition['billCustomer']>('Billable', 'DoNotBill', 'NoCharge'),
    })
    const dayAt = (offset: number): Day =>
      new Date(Date.UTC(2026, 8, 1 + offset)).toISOString().slice(0, 10) as Day
    fc.assert(
      fc.property(any, ({ quantity, included, cents, start, lasts, how }) => {
        const one = addition(quantity, dayAt(start), lasts === null ? null : dayAt(start + lasts), {
          lessIncluded: `${included}` as Quantity,
          unitPrice: money(decimal(cents).dividedBy(100, 2)),
          billCustomer: how,
        })
        const [own] = [...bill([one], agreement({ startDate }), september).additions.values()]
        expect(priceIn(one, startDate, september).toFixed()).toBe(decimal(own?.price ?? '0').toFixed())
      }),
      { numRuns: 1000 },
    )
  })
})

const of = (id: number, quantity: number, from: string, to: string | null, price: string, included = 0) =>
  addition(quantity, from, to, {
    id,
    catalogItemId: id,
    unitPrice: price as Money,
    lessIncluded: `${included}` as Quantity,
  })

/** What was there when August was invoiced, and what was added before September was. */
const before = [of(1, 5, '2026-03-01', null, '10'), of(2, 3, '2026-03-01', '2026-09-01', '7')]
const later = [
  ...before,
  of(3, 5, '2026-09-16', null, '5.37'),
  of(4, 4, '2026-09-01', '2026-09-20', '6'),
  of(5, -2, '2026-09-01', '2026-09-30', '4'),
  of(6, 6, '2026-09-01', null, '3', 2),
  of(7, 2, '2026-08-17', null, '22'),
]

/** Invoices of August and September, and a forecast of October with an addition that begins in September. */
const instance = (switched: Unknowns): Invoiced => {
  const billed: InvoiceLine[] = []
  const draft = (additions: readonly Addition[], month: Period) =>
    draftInvoice(
      {
        id: 30,
        prorateFlag: true,
        periodType: 'Current',
        invoicingCycle: 'CalendarYear',
        billStart: startDate,
        nextInvoiceDate: firstDay(month),
      },
      additions.map((each) => engineTerms(each, startDate)),
      (id, first) =>
        first < '2026-08-01' ||
        billed.some((each) => each.additionId === id && each.month === first.slice(0, 7)),
      switched,
    )
  const sample = (additions: readonly Addition[], month: Period): Sample => {
    const { lines, price } = draft(additions, month)
    billed.push(...lines)
    const header = headerAmounts(new Big(40), new Big(price), switched)
    const byItem = Map.groupBy(lines, (line) => Number(line.productIdentifier))
    const items = [...byItem].map(([catalogItemId, own]) => ({
      catalogItemId,
      price: money(own.reduce((sum, line) => sum.plus(line.price), decimal('0'))),
    }))
    return {
      name: `INV-${month}`,
      period: month,
      agreementAmount: header.agreementAmount.toFixed() as Money,
      productTotal: header.productTotal.toFixed() as Money,
      subtotal: header.subtotal.toFixed() as Money,
      items: switched.additionsAsLines ? items : null,
      additions,
      unsure: new Set(),
    }
  }
  const samples = [sample(before, addMonths(september, -1)), sample(later, september)]
  const current = [...later, of(8, 1, '2026-09-11', null, '30')]
  const october = draft(current, addMonths(september, 1))
  const forecast = october.lines.filter((line) => switched.forecastHasCatchUp || !line.catchUp)
  return {
    name: 'Cloud Subscriptions',
    startDate,
    own: '40' as Money,
    samples,
    next: {
      period: addMonths(september, 1),
      additions: money(forecast.reduce((sum, line) => sum.plus(line.price), decimal('0'))),
      current,
    },
  }
}

const verdicts = (switched: Partial<Unknowns>): Record<string, Verdict> =>
  Object.fromEntries(
    evidenceOf([instance({ ...unknowns, ...switched })]).map(({ rule, verdict }) => [rule, verdict]),
  )

const knobs: Readonly<Record<BillingRule, keyof Unknowns>> = {
  'unit-rounding': 'roundsUnits',
  'first-day': 'countsFirstDay',
  'last-day': 'countsLastDay',
  'whole-end': 'endsWhole',
  negative: 'billsNegative',
  'less-included': 'takesOffIncluded',
  'catch-up': 'catchesUp',
}

describe('an instance', () => {
  it('by whose invoices every rule holds says so of each, with how many tell [J13]', () => {
    const found = evidenceOf([instance(unknowns)])
    expect(found.map(({ rule, verdict }) => [rule, verdict])).toEqual([
      ...billingRules.map((rule) => [rule, 'holds']),
      // Of One-Time agreements alone.
      ['once', 'unknown'],
      ['header', 'holds'],
      ['lines', 'holds'],
      ['forecast', 'holds'],
    ])
    for (const { rule, holds, fails, examples } of found) {
      if (rule === 'once') continue
      expect([holds > 0, fails]).toEqual([true, 0])
      expect(examples.length).toBeGreaterThan(0)
    }
  })

  it.each(billingRules)(
    'by whose invoices %s is otherwise says so, with an example, and of no other',
    (rule) => {
      const found = evidenceOf([instance({ ...unknowns, [knobs[rule]]: false })])
      expect(found.find((each) => each.rule === rule)).toMatchObject({ verdict: 'fails', holds: 0 })
      expect(found.filter(({ verdict }) => verdict === 'fails').map((each) => each.rule)).toEqual([rule])
    },
  )

  it('tells where its header counts additions, and whether its forecast holds what is caught up', () => {
    expect(verdicts({ splitsHeader: false })).toMatchObject({ header: 'fails', 'first-day': 'holds' })
    expect(verdicts({ forecastHasCatchUp: false })).toMatchObject({ forecast: 'fails' })
  })

  it('without lines tells by whole invoices: of what they cannot tell nothing is said', () => {
    const found = verdicts({ additionsAsLines: false })
    expect(found).toMatchObject({ lines: 'fails', header: 'holds' })
    expect(verdicts({ additionsAsLines: false, roundsUnits: false })).toMatchObject({
      'unit-rounding': 'fails',
    })
  })

  it('with nothing invoiced cannot tell', () => {
    expect(new Set(evidenceOf([]).map(({ verdict }) => verdict))).toEqual(new Set(['unknown']))
  })
})
