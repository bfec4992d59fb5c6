/**
 * What customers that left, or came back, have on an agreement (docs/billing-rules.md,
 * "Moving and clearing"): sequences that the worlds found (worlds.test.ts). September 2026, 5 x 10.00, in
 * arrears; the customer leaves with August unless said otherwise.
 */
import { describe, expect, it } from 'vitest'
import { subscriptionKey } from './keys.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  agreement,
  catalogItem,
  day,
  line,
  owned,
  product,
  situation,
  subscriptionId,
  tenantId,
  usage,
} from './testing/factories.ts'
import type {
  Addition,
  InvoiceLine,
  MappedTenant,
  Money,
  Period,
  PeriodPlan,
  Quantity,
  Situation,
} from './types.ts'

const id = subscriptionKey(subscriptionId)
const stays = 'tenant-2'
const month = (text: string): Period => text as Period
const tenant = (over: Partial<MappedTenant> = {}): MappedTenant => ({
  id: tenantId,
  name: 'Coho Winery',
  syncs: true,
  ...over,
})
const whole = (quantity = 5, over: Parameters<typeof line>[4] = {}): InvoiceLine =>
  line(quantity, '2026-09', 1, 30, over)
const august = (over: Parameters<typeof line>[4] = {}): InvoiceLine => line(5, '2026-08', 1, 31, over)
const planned = (of: Situation): PeriodPlan => plan(of).periods[0] ?? expect.fail()
const ends = (of: PeriodPlan): string[] =>
  changesOf(of).flatMap((change) => (change.kind === 'end' ? [change.cancelledDate] : []))
const codes = (of: PeriodPlan): string[] =>
  of.subscriptions.flatMap(({ findings }) => findings.map((each) => each.code))
const mustSettle = (of: Situation): void =>
  expect(isNothingToWrite(plan({ ...of, ...simulate(of, changesOf(planned(of))) }))).toBe(true)

describe('an addition that nothing explains, of a customer that leaves with the month', () => {
  const byHand = addition(3, '2026-06-01')
  const of = (until: string): Situation =>
    situation({
      additions: [byHand],
      tenants: [tenant({ until: month(until) }), tenant({ id: stays })],
      usages: [usage([])],
    })

  it('ends with it, and what it bills up to then is still in what the additions bill', () => {
    const after = planned(of('2026-09'))
    expect([ends(after), after.totals.billed.price]).toEqual([['2026-09-30'], '30'])
    expect(after.totals.terms).toEqual({ unknown: { cost: '-24', price: '-30' } })
    mustSettle(of('2026-09'))
  })

  it('bills nothing of the month after its last one, once it has ended', () => {
    const after = planned(of('2026-08'))
    expect([ends(after), after.totals.billed.price]).toEqual([['2026-08-31'], '0'])
  })

  it('stays as it is in the plan of an older month, which does not know what is now', () => {
    const older = planned({ ...of('2026-09'), newest: month('2026-10') })
    expect([ends(older), older.totals.billed.price]).toEqual([[], '30'])
  })
})

describe('a subscription that PRISM lists under a customer that left', () => {
  const running = addition(5, '2026-06-01')
  const of = (over: Partial<Situation>): Situation =>
    situation({
      additions: [running],
      owned: owned(running),
      tenants: [tenant({ until: month('2026-08') }), tenant({ id: stays })],
      ...over,
    })

  it('and that is invoiced to one that stays, is the latter’s as long as that', () => {
    const still = of({ usages: [usage([whole(5, { tenantId: stays })])] })
    expect(ends(planned(still))).toEqual([])
    mustSettle(still)
  })

  it('ends with the last month that was good here, where it went to that customer after it had left', () => {
    const gone = of({
      usages: [usage([], '2026-10')],
      latest: { [id]: line(5, '2026-10', 1, 31) },
      good: { [id]: [month('2026-09')] },
    })
    expect(ends(planned(gone))).toEqual(['2026-09-30'])
  })

  it('ends with that customer’s last month, where it was always its', () => {
    const its = of({ usages: [usage([])], latest: { [id]: august() } })
    expect(ends(planned(its))).toEqual(['2026-08-31'])
    mustSettle(its)
  })
})

describe('what ConnectWise has invoiced for months after the last one', () => {
  const running = addition(5, '2026-06-01')
  const of = (through: string, additions: readonly Addition[] = [running]): Situation =>
    situation({
      agreement: agreement({ nextInvoiceDate: day(through), periodType: 'Future' }),
      additions,
      owned: owned(...additions),
      tenants: [tenant({ until: month('2026-09') })],
      usages: [usage([whole()])],
      invoices: [{ through: day('2026-10-31'), additions }],
    })

  it('is named where the last month’s own plan ends it, and is not ended again', () => {
    const after = planned(of('2026-11-01'))
    expect(ends(after)).toEqual(['2026-09-30'])
    expect(codes(after)).toContain('billed-twice')
    mustSettle(of('2026-11-01'))
  })

  const said = (of: PeriodPlan): string[] =>
    of.subscriptions.flatMap(({ findings }) =>
      findings.flatMap(({ code, message }) => (code === 'billed-twice' ? [message] : [])),
    )
  const edited = (over: Partial<Addition>): Situation => ({
    ...of('2026-11-01', [{ ...running, ...over }]),
    invoices: [{ through: day('2026-10-31'), additions: [running] }],
  })

  it('is what the invoice billed, where the quantity was edited down after it', () => {
    expect(said(planned(edited({ quantity: '3' as Quantity })))).toEqual([
      expect.stringContaining('ConnectWise has invoiced 50.00 of it here for months after September 2026'),
    ])
  })

  it('is what the invoice billed, where the price was edited after it', () => {
    expect(said(planned(edited({ unitPrice: '99' as Money })))).toEqual([
      expect.stringContaining('invoiced 50.00'),
    ])
  })

  it('is nothing where there was no quantity until after the invoice', () => {
    const none = { ...running, quantity: '0' as Quantity }
    const after = { ...of('2026-11-01'), invoices: [{ through: day('2026-10-31'), additions: [none] }] }
    expect([ends(planned(after)), said(planned(after))]).toEqual([['2026-09-30'], []])
  })

  it('is as the additions are now, where no reading tells what was billed', () => {
    const { invoices: _, ...untold } = of('2026-11-01')
    expect(said(planned(untold))).toEqual([expect.stringContaining('invoiced 50.00')])
  })

  it('is not there where nothing after it is invoiced', () => {
    const { invoices: _, ...rest } = of('2026-10-01')
    expect(codes(planned(rest))).not.toContain('billed-twice')
  })
})

describe('an addition that somebody deleted after it was invoiced beyond its customer’s last month', () => {
  const running = addition(5, '2026-06-01')
  const of = (additions: readonly Addition[]): Situation =>
    situation({
      agreement: agreement({ nextInvoiceDate: day('2026-11-01'), periodType: 'Future' }),
      tenants: [tenant({ until: month('2026-09') })],
      additions,
      owned: owned(running),
      invoices: [{ through: day('2026-10-31'), additions: [running] }],
      usages: [usage([whole(3)])],
    })

  it('is not ended, as there is nothing to end', () => {
    expect(ends(planned(of([])))).toEqual([])
    mustSettle(of([]))
  })

  it('is ended where it is still there', () => {
    expect(ends(planned(of([running])))).toEqual(['2026-09-30'])
    mustSettle(of([running]))
  })
})

describe('a customer that is back from another agreement', () => {
  const back = { until: month('2026-07'), returns: month('2026-09'), takesOver: true }
  const of = (over: Partial<MappedTenant>): Situation =>
    situation({
      tenants: [tenant(over)],
      usages: [usage([whole()])],
      starts: { [id]: 'elsewhere' },
    })

  it('is billed here, whatever was said when it was here before', () => {
    expect(planned(of(back)).totals.billed.price).toBe('50')
    expect(planned(of({ from: month('2026-09'), takesOver: true })).totals.billed.price).toBe('50')
  })

  it('is still billed elsewhere where it comes from none', () => {
    expect(planned(of({ ...back, takesOver: false })).totals.terms).toHaveProperty('billedElsewhere')
  })

  it.each([
    ['not invoiced', '2026-08-01', ['2026-07-31']],
    ['half of it invoiced', '2026-08-15', ['2026-07-31']],
    ['invoiced', '2026-09-01', []],
  ])('ends nothing in its time away once that is invoiced: %s', (_, next, ended) => {
    const bounded = addition(5, '2026-06-01', '2026-08-31')
    const away = situation({
      agreement: agreement({ nextInvoiceDate: day(next) }),
      tenants: [tenant(back)],
      additions: [bounded],
      owned: owned(bounded),
      usages: [usage([])],
    })
    expect(ends(planned(away))).toEqual(ended)
    mustSettle(away)
  })

  it('is planned with what ran on from its time before, which does not end again', () => {
    const running = addition(5, '2026-06-01')
    const still: Situation = { ...of(back), starts: {}, additions: [running], owned: owned(running) }
    expect(ends(planned(still))).toEqual([])
    mustSettle(still)
  })
})

describe('an addition that somebody gives a quantity again after its customer left', () => {
  const none = addition(0, '2026-06-01')
  const revived = { ...none, quantity: '4' as Quantity }
  /** September is between its two times here, and ConnectWise has invoiced it. @param then as the addition was invoiced */
  const of = (then: Addition, over: Partial<MappedTenant> = {}): Situation =>
    situation({
      agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
      additions: [revived],
      owned: owned(revived),
      tenants: [tenant({ until: month('2026-08'), returns: month('2026-11'), takesOver: true, ...over })],
      usages: [usage([whole()])],
      good: { [id]: [month('2026-08')] },
      invoices: [{ through: day('2026-09-30'), additions: [then] }],
    })
  const begun = (plan: PeriodPlan): string[] =>
    changesOf(plan).flatMap((change) =>
      change.kind === 'create' ? [`${change.addition.quantity} from ${change.addition.effectiveDate}`] : [],
    )

  it('ends once, with its last month, and begins anew when it is back: nothing of the time between is billed', () => {
    const after = planned(of(none))
    expect([ends(after), begun(after)]).toEqual([['2026-08-31'], ['5 from 2026-11-01']])
    expect([after.totals.billed.price, codes(after)]).toEqual(['0', ['takes-over', 'moved-away']])
    mustSettle(of(none))
  })

  it('keeps what ConnectWise has invoiced of it meanwhile, and names that', () => {
    const after = planned(of(revived))
    expect([ends(after), begun(after)]).toEqual([['2026-08-31'], ['5 from 2026-11-01']])
    expect([after.totals.billed.price, codes(after)]).toEqual([
      '40',
      ['takes-over', 'moved-away', 'billed-twice'],
    ])
    mustSettle(of(revived))
  })

  it('ends with its last month where its customer stays away', () => {
    const after = planned(of(none, { returns: null, takesOver: false }))
    expect([ends(after), begun(after), after.totals.billed.price]).toEqual([['2026-08-31'], [], '0'])
    mustSettle(of(none, { returns: null, takesOver: false }))
  })
})

describe('a subscription of which one product has an addition', () => {
  it('begins as usual with all its products, however its customer begins', () => {
    const there = addition(3, '2026-06-01', null, { catalogItemId: 2 })
    const of = situation({
      agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
      additions: [there],
      tenants: [tenant({ firstSync: { begin: 'elsewhere', isChosen: true } })],
      products: [product(), product('Visio')],
      catalog: [catalogItem(), catalogItem(2, 'Visio')],
      latest: { [id]: august({ offerName: 'Visio' }) },
      usages: [usage([whole()])],
    })
    expect(planned(of).subscriptions.map(({ begins }) => begins)).toEqual([undefined, undefined])
    expect([ends(planned(of)), planned(of).totals.billed.price]).toEqual([['2026-09-30'], '50'])
    mustSettle(of)
  })
})

describe('a good month that ConnectWise has invoiced', () => {
  const good = { [id]: [month('2026-08'), month('2026-09')] }
  const of = (additions: readonly Addition[]): Situation =>
    situation({
      agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
      additions,
      latest: { [id]: august() },
      usages: [usage([])],
      good,
    })

  it('still shows what bills of a subscription that is on no line', () => {
    const after = planned(of([addition(2, '2026-09-01')]))
    expect([after.totals.billed.price, codes(after)]).toEqual(['20', ['addition-unknown']])
  })

  it('still shows an addition without serial number that nobody knows', () => {
    const after = planned({
      ...of([
        addition(2, '2026-06-01', null, { serialNumber: '' }),
        addition(1, '2026-06-01', null, { serialNumber: '' }),
      ]),
      subscriptions: [id, 'b0000000-0000-4000-8000-000000000002'].map((each) => ({
        id: each,
        tenantId,
        productId: 'id-Business Premium',
        productName: 'Business Premium',
        displayTemplate: '',
      })),
      good: {},
      skipped: {
        [id]: [month('2026-09')],
        [subscriptionKey('b0000000-0000-4000-8000-000000000002')]: [month('2026-09')],
      },
    })
    expect([after.totals.billed.price, codes(after)]).toEqual([
      '30',
      ['addition-unknown', 'addition-unknown'],
    ])
  })
})
