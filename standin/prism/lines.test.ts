import { describe, expect, it } from 'vitest'
import type { History, Product, SubscriptionEvent } from './history.ts'
import { withQuantity } from './history.ts'
import { linesOfHistory } from './lines.ts'
import { licences, product, quantity, start } from './testing.ts'

const products = (...all: Product[]) => new Map(all.map((one) => [one.productId, one]))

/** `5 x 10.00 on 1-15` for each line of September. */
function september(history: History, all = products(product('a'), product('b', '20', '24'))): string[] {
  return linesOfHistory(history, all, '2026-09').map(
    (line) =>
      `${line.quantity} x ${line.unitPrice} on ${Number(line.first.slice(8))}-${Number(line.last.slice(8))}`,
  )
}

describe('the invoice side of the examples (docs/billing-rules.md, "Examples")', () => {
  const cases: readonly [string, readonly SubscriptionEvent[], readonly string[]][] = [
    ['5 on 1-30', [start(5)], ['5 x 10 on 1-30']],
    ['5 on 12-30', [start(5, '2026-09-12')], ['5 x 10 on 12-30']],
    ['5 on 1-15, 8 on 16-30', [start(5), quantity(8, '2026-09-16')], ['5 x 10 on 1-15', '8 x 10 on 16-30']],
    [
      '5 on 1-10, 8 on 11-20, 6 on 21-30',
      [start(5), quantity(8, '2026-09-11'), quantity(6, '2026-09-21')],
      ['5 x 10 on 1-10', '8 x 10 on 11-20', '6 x 10 on 21-30'],
    ],
    ['5 on 1-14', [start(5), { kind: 'end', on: '2026-09-15' }], ['5 x 10 on 1-14']],
    [
      '5 on 1-10, 5 on 21-30',
      [start(5), { kind: 'suspend', on: '2026-09-11' }, { kind: 'resume', on: '2026-09-21' }],
      ['5 x 10 on 1-10', '5 x 10 on 21-30'],
    ],
    ['not on the invoice', [start(5), { kind: 'end', on: '2026-09-01' }], []],
    [
      '5 on 3-19, 7 on 20-30',
      [start(5, '2026-09-03'), quantity(7, '2026-09-20')],
      ['5 x 10 on 3-19', '7 x 10 on 20-30'],
    ],
  ]
  for (const [title, events, lines] of cases) {
    it(`invoices ${title}`, () => expect(september(licences(...events))).toEqual(lines))
  }
})

describe('the lines of a month', () => {
  it('invoices nothing before the start and nothing for a quantity of 0', () => {
    expect(september(licences(start(5, '2026-10-01')))).toEqual([])
    expect(september(licences(start(5), quantity(0, '2026-09-11')))).toEqual(['5 x 10 on 1-10'])
  })

  it('makes one line of days with equal quantity and price, whatever happened at their border', () => {
    expect(september(licences(start(5), quantity(5, '2026-09-11')))).toEqual(['5 x 10 on 1-30'])
  })

  it('cuts a line where the price of its product changes inside the month, and not for another product', () => {
    const dearer = (from: string) => product('a', '10', '12', [{ from, cost: '11.5', rrp: '13' }])
    expect(september(licences(start(5)), products(dearer('2026-09-16')))).toEqual([
      '5 x 10 on 1-15',
      '5 x 11.5 on 16-30',
    ])
    expect(september(licences(start(5)), products(dearer('2026-09-01')))).toEqual(['5 x 11.5 on 1-30'])
    const other = product('b', '1', '2', [{ from: '2026-09-16', cost: '2', rrp: '3' }])
    expect(september(licences(start(5)), products(product('a'), other))).toEqual(['5 x 10 on 1-30'])
  })

  it('moves a subscription to another offer under the same id', () => {
    const history = licences(start(5), { kind: 'move', on: '2026-09-16', productId: 'b' })
    const lines = linesOfHistory(history, products(product('a'), product('b', '20', '24')), '2026-09')
    expect(lines.map((line) => [line.subscriptionId, line.offerName, line.last])).toEqual([
      ['sub-1', 'Product a (NCE Product)', '2026-09-15'],
      ['sub-1', 'Product b (NCE Product)', '2026-09-30'],
    ])
  })

  it("keeps a person's quantity from its day on, through suspensions and moves", () => {
    const history = licences(start(5), quantity(8, '2026-09-16'), {
      kind: 'move',
      on: '2026-09-21',
      productId: 'b',
      quantity: 9,
    })
    expect(september(withQuantity(history, 3, '2026-09-11'))).toEqual([
      '5 x 10 on 1-10',
      '3 x 10 on 11-20',
      '3 x 20 on 21-30',
    ])
  })

  it("has one line of a month's Azure, whole even where its dates are not, and none without usage [F3]", () => {
    const azure: History = {
      kind: 'azure',
      subscriptionId: 'sub-1',
      tenantId: 'tenant-1',
      productId: 'az',
      startedOn: '2026-08-11',
      term: { billingCycle: '', number: '', unit: '' },
      usage: { '2026-08': { cost: '12.34', rrp: '13.57', first: '2026-08-11' } },
    }
    const plan: Product = { ...product('az', '0', '0'), name: 'Azure plan', unit: 'Usage-based' }
    const [line, ...rest] = linesOfHistory(azure, products(plan), '2026-08')
    expect(rest).toEqual([])
    expect(line).toMatchObject({
      offerName: 'Azure plan',
      first: '2026-08-11',
      last: '2026-08-31',
      billableRatio: '1',
      subTotal: '12.34',
    })
    expect(linesOfHistory(azure, products(plan), '2026-09')).toEqual([])
  })

  it('charges a year at once in the month of the order [F4]', () => {
    const annual: History = {
      kind: 'annual',
      subscriptionId: 'sub-1',
      tenantId: 'tenant-1',
      productId: 'a',
      orderedOn: '2026-09-12',
      quantity: 4,
      cost: '100.5',
      rrp: '120',
      term: { billingCycle: 'Annual', number: '1', unit: 'YEARS' },
    }
    expect(linesOfHistory(annual, products(product('a')), '2026-09')).toMatchObject([
      { first: '2026-09-12', last: '2026-09-30', billableRatio: '1', subTotal: '402', subTotalRrp: '480' },
    ])
    expect(linesOfHistory(annual, products(product('a')), '2026-10')).toEqual([])
  })
})

describe('the worked examples of proration (docs/facts/prism.md, "Proration examples")', () => {
  /** `13/30 = 0.433333333: 52.00` for each line of a month. */
  function worked(history: History, price: string, month: string): string[] {
    return linesOfHistory(history, products(product('a', price, price)), month).map(
      (line) => `${line.quantity} at ${line.billableRatio}: ${Number(line.subTotal).toFixed(2)}`,
    )
  }

  it('agree for April 2022: ten from the 3rd, fifteen from the 16th', () => {
    const history = licences(start(10, '2022-04-03'), quantity(15, '2022-04-16'))
    expect(worked(history, '12', '2022-04')).toEqual(['10 at 0.433333333: 52.00', '15 at 0.5: 90.00'])
  })

  it('agree for a month of 31 days: one until the 16th, then two', () => {
    const history = licences(start(1, '2025-02-01'), quantity(2, '2025-03-17'))
    expect(worked(history, '10', '2025-03')).toEqual(['1 at 0.516129032: 5.16', '2 at 0.483870967: 9.68'])
  })
})
