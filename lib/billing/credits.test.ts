/** Credits and adjustments of a picked invoice (F1; docs/billing-rules.md, "Credits and adjustments"): September, 5 x 10.00. */
import { describe, expect, it } from 'vitest'
import { subscriptionKey, withoutSubscription } from './keys.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  agreement,
  day,
  line,
  owned,
  period,
  product,
  situation,
  subscriptionId,
  tenantId,
  usage,
} from './testing/factories.ts'
import type {
  Addition,
  AgreementInvoice,
  InvoiceLine,
  Money,
  PeriodPlan,
  Quantity,
  Situation,
  SubscriptionPlan,
} from './types.ts'

const september = period('2026-09')
const five = (): Addition => addition(5, '2026-06-01')
const whole = (): InvoiceLine => line(5, '2026-09', 1, 30)

/** 41.20 at retail, 33.00 at cost, given back for 1-24 August. */
const credit = (over: Partial<InvoiceLine> = {}): InvoiceLine => ({
  ...line(-5, '2026-08', 1, 24),
  row: 3,
  description: 'Credit for seats given back',
  cost: '-33' as Money,
  price: '-41.20' as Money,
  ...over,
})

const billing = (lines: readonly InvoiceLine[], over: Partial<Situation> = {}): Situation => {
  const seats = five()
  return situation({ additions: [seats], owned: owned(seats), usages: [usage(lines)], ...over })
}

const planned = (of: Situation): PeriodPlan => {
  const [month] = plan(of).periods
  if (month === undefined) throw new Error('a usage gives a period')
  return month
}

const written = (of: Situation): Situation => ({ ...of, ...simulate(of, changesOf(planned(of))) })
const creditsOf = (of: Situation): SubscriptionPlan[] =>
  planned(of).subscriptions.filter(({ kind }) => kind === 'credit')
const ordinary = (of: Situation): SubscriptionPlan | undefined =>
  planned(of).subscriptions.find(({ kind }) => kind === 'subscription')

const writes = (of: Situation): string[] =>
  changesOf(planned(of)).flatMap((change) => {
    if (change.kind === 'create') {
      const { serialNumber, quantity, unitCost, unitPrice, effectiveDate, cancelledDate } = change.addition
      return [`+ ${serialNumber} ${quantity} x ${unitCost}/${unitPrice} ${effectiveDate}..${cancelledDate}`]
    }
    return change.kind === 'update'
      ? [`~ ${JSON.stringify(change.set)}`]
      : change.kind === 'keep'
        ? []
        : [change.kind]
  })

/** With what was written of the credits changed or deleted by a person. */
const byHand = (of: Situation, change: (addition: Addition) => Addition | null): Situation => ({
  ...of,
  additions: of.additions.flatMap((each) =>
    each.serialNumber.startsWith('credit-') ? (change(each) ?? []) : [each],
  ),
})

const withLines = (of: Situation, lines: readonly InvoiceLine[]): Situation => ({
  ...of,
  usages: [usage(lines)],
})
/** ConnectWise invoices September. @param isRead whether we read the agreement before that */
const invoiced = (of: Situation, isRead = true): Situation => {
  const invoices: AgreementInvoice[] = isRead ? [{ through: day('2026-09-30'), additions: of.additions }] : []
  return { ...of, agreement: agreement({ nextInvoiceDate: day('2026-10-01') }), invoices }
}

describe('A credit on an invoice that a person picked [F1]', () => {
  it('is an addition of its own, and its subscription is planned as if it were not there', () => {
    const of = billing([whole(), credit()])
    expect(writes(of)).toEqual(['+ credit-2026-09 -1 x 33/41.2 2026-09-01..2026-09-30'])
    expect(ordinary(of)).toMatchObject({ status: 'No Change', findings: [], invoiced: { price: '50' } })
    expect(creditsOf(of)).toMatchObject([
      {
        status: 'Success',
        subscriptionId,
        tenantId,
        invoiced: { cost: '-33', price: '-41.2' },
        billed: { cost: '-33', price: '-41.2' },
      },
    ])
    expect(planned(of).totals).toMatchObject({
      invoiced: { cost: '7', price: '8.8' },
      billed: { cost: '7', price: '8.8' },
      unexplained: { cost: '0', price: '0' },
    })
    expect(isNothingToWrite(plan(written(of)))).toBe(true)
  })

  it('says on the invoice what it is for', () => {
    const [change] = creditsOf(billing([whole(), credit()]))[0]?.changes ?? []
    expect(change?.kind === 'create' && change.addition.invoiceDescription).toBe(
      `Credit: Business Premium, 1 Aug 2026 to 24 Aug 2026, subscription ${subscriptionId}. Credit for seats given back`,
    )
  })

  it('is billed as what it adjusts: option, tax and grouping', () => {
    const seats = { ...five(), taxable: false, invoiceGrouping: { id: 9, name: 'Cloud' } }
    const of = billing([whole(), credit()], { additions: [seats], owned: owned(seats) })
    const [change] = creditsOf(of)[0]?.changes ?? []
    expect(change).toMatchObject({
      addition: { taxable: false, invoiceGrouping: { id: 9 }, billCustomer: 'Billable' },
    })
  })

  it('gives nothing back where what it adjusts is not billed', () => {
    const seats: Addition = { ...five(), billCustomer: 'DoNotBill' }
    const of = billing([whole(), credit()], { additions: [seats], owned: owned(seats) })
    expect(creditsOf(of)[0]?.reconciliation).toMatchObject({
      billed: { price: '0' },
      notBilled: { price: '-41.2' },
      unexplained: { price: '0' },
    })
    expect(isNothingToWrite(plan(written(of)))).toBe(true)
  })

  it('gives nothing back either where what it adjusts ended with the month before, by this plan or the part of it that was written', () => {
    const seats: Addition = { ...five(), billCustomer: 'DoNotBill' }
    const latest = { [subscriptionId.toLowerCase()]: line(5, '2026-08', 1, 31) } as Situation['latest'] &
      object
    const of = billing([credit()], { additions: [seats], owned: owned(seats), latest })
    const [end, ...rest] = changesOf(planned(of))
    expect([end?.kind, rest.map(({ kind }) => kind)]).toEqual(['end', ['create']])
    const cut = { ...of, ...simulate(of, end ? [end] : []) }
    for (const each of [of, cut])
      expect(creditsOf(each)[0]?.changes).toMatchObject([{ addition: { billCustomer: 'DoNotBill' } }])
  })

  it('is billed as what begins first once the month is planned, though what begins later is all that is there now', () => {
    const ended = addition(2, '2026-09-15', '2026-09-14', { id: 1 })
    const fewer = addition(-1, '2026-09-16', '2026-09-30', { id: 2, billCustomer: 'DoNotBill' })
    const next = addition(1, '2026-10-01', null, { id: 3 })
    const lines = [line(2, '2026-09', 15, 15), line(1, '2026-09', 16, 30), credit()]
    const of = billing(lines, { additions: [ended, fewer, next], owned: owned(ended, fewer, next) })
    const sent = (each: Situation) => changesOf(planned(each)).filter(({ kind }) => kind !== 'keep')
    const [again, ...rest] = sent(of)
    expect(again).toMatchObject({ kind: 'create', addition: { quantity: '2', billCustomer: 'Billable' } })
    expect(rest).toMatchObject([{ kind: 'create', addition: { billCustomer: 'Billable' } }])
    const cut = { ...of, ...simulate(of, again ? [again] : []) }
    expect(sent(cut)).toEqual(rest)
  })

  it.each([
    [
      'a charge for earlier days',
      { cost: '4' as Money, price: '5.05' as Money, quantity: '1' as Quantity },
      '1 x 4/5.05',
    ],
    ['a credit of cost alone', { price: '0' as Money }, '-1 x 33/0'],
    ['fractions of a cent', { cost: '-1.004' as Money, price: '-2.005' as Money }, '-1 x 1/2.01'],
  ])('%s is carried to the cent', (_, over, text) => {
    const of = billing([whole(), credit(over)])
    expect(writes(of)).toEqual([`+ credit-2026-09 ${text} 2026-09-01..2026-09-30`])
    expect(planned(of).totals.unexplained).toEqual({ cost: '0', price: '0' })
  })

  it('is one addition a line, equal lines too', () => {
    const of = billing([whole(), credit(), credit({ row: 4 }), credit({ row: 5, price: '-1' as Money })])
    expect(writes(of)).toHaveLength(3)
    expect(isNothingToWrite(plan(written(of)))).toBe(true)
    expect(planned(written(of)).totals.unexplained).toEqual({ cost: '0', price: '0' })
  })

  it('of a subscription that is on no other line leaves what it has gone, as if the credit were not there', () => {
    const latest = { [subscriptionId.toLowerCase()]: line(5, '2026-08', 1, 31) } as Situation['latest'] &
      object
    const without = billing([], { latest })
    const of = billing([credit()], { latest })
    expect(writes(of)).toEqual([...writes(without), '+ credit-2026-09 -1 x 33/41.2 2026-09-01..2026-09-30'])
    expect(writes(without)).toEqual(['end'])
  })

  it('is refused, and the subscription is not, where its cost and its price go against each other', () => {
    const of = billing([whole(), credit({ cost: '3' as Money })])
    expect(writes(of)).toEqual([])
    expect(ordinary(of)?.status).toBe('No Change')
    expect(creditsOf(of)[0]).toMatchObject({ status: 'Error', findings: [{ code: 'line-refused' }] })
    expect(planned(of).totals).toMatchObject({ failed: { price: '-41.2' }, unexplained: { price: '0' } })
  })

  it('is ignored where the customer does not sync, and where its term is annual', () => {
    const off = billing([credit()], { tenants: [{ id: tenantId, name: 'Coho', syncs: false }] })
    expect(planned(off).ignored).toMatchObject([{ reason: 'tenant-off', amount: { price: '-41.20' } }])
    const annual = billing([whole(), credit({ billingCycle: 'Annual' })])
    expect([creditsOf(annual), planned(annual).ignored[0]?.reason]).toEqual([[], 'annual'])
  })

  it('is no usage of an earlier month, so that no price change is told of it', () => {
    const of = billing([whole()], {
      previous: { ...usage([line(5, '2026-08', 1, 31), credit({ unitPrice: '99' as Money })], '2026-08') },
    })
    expect(ordinary(of)?.findings).toEqual([])
  })
})

describe('A credit that is written already [F1]', () => {
  const before = (): Situation => written(billing([whole(), credit()]))

  it('is taken back where the invoice is issued again without it, and comes back with it', () => {
    const without = withLines(before(), [whole()])
    expect(writes(without)).toEqual(['~ {"unitCost":"0","unitPrice":"0"}'])
    const gone = written(without)
    expect(isNothingToWrite(plan(gone))).toBe(true)
    expect(planned(gone).totals).toMatchObject({ billed: { price: '50' }, unexplained: { price: '0' } })
    const again = withLines(gone, [whole(), credit({ row: 9 })])
    expect(writes(again)).toEqual(['~ {"unitCost":"33","unitPrice":"41.2"}'])
    expect(creditsOf(again)[0]?.findings).toEqual([])
  })

  it('is taken back and written anew where it charges otherwise', () => {
    const of = withLines(before(), [whole(), credit({ price: '-40' as Money })])
    expect(writes(of)).toEqual([
      '+ credit-2026-09 -1 x 33/40 2026-09-01..2026-09-30',
      '~ {"unitCost":"0","unitPrice":"0"}',
    ])
    expect(planned(written(of)).totals).toMatchObject({
      billed: { price: '10' },
      unexplained: { price: '0' },
    })
  })

  it.each([
    ['its price', { unitPrice: '1' as Money }, '~ {"unitPrice":"41.2"}'],
    ['its quantity', { quantity: '-2' as Quantity }, '~ {"quantity":"-1"}'],
    ['its quantity, to none', { quantity: '0' as Quantity }, '~ {"quantity":"-1"}'],
    [
      'its end, to before its start',
      { cancelledDate: day('2026-08-31') },
      '~ {"cancelledDate":"2026-09-30"}',
    ],
    ['its serial number', { serialNumber: '' }, '~ {"serialNumber":"credit-2026-09"}'],
  ])('is set right where somebody changed %s, and says so', (_, over, text) => {
    const of = byHand(before(), (each) => ({ ...each, ...over }))
    expect(writes(of)).toEqual([text])
    expect(creditsOf(of)[0]?.findings).toMatchObject([{ code: 'credit-changed', severity: 'note' }])
    expect(isNothingToWrite(plan(written(of)))).toBe(true)
  })

  it('is created again where somebody deleted it, and says so', () => {
    const of = byHand(before(), () => null)
    expect(writes(of)).toEqual(['+ credit-2026-09 -1 x 33/41.2 2026-09-01..2026-09-30'])
    expect(creditsOf(of)[0]?.findings).toMatchObject([{ code: 'credit-changed' }])
  })

  it.each([
    ['and we read it before that', true],
    ['and nothing tells how', false],
  ])('stays once ConnectWise has invoiced the month, %s', (_, isRead) => {
    const without = withLines(invoiced(before(), isRead), [whole()])
    expect(writes(without)).toEqual([])
    expect(creditsOf(without)[0]).toMatchObject({
      status: 'Warning',
      findings: [{ code: 'credit-billed' }],
      reconciliation: {
        billed: { price: '-41.2' },
        terms: { drift: { price: '41.2' } },
        unexplained: { price: '0' },
      },
    })
  })

  it('stays billed where it was deleted after that, and is not written again', () => {
    for (const isRead of [true, false]) {
      const of = byHand(invoiced(before(), isRead), () => null)
      expect(writes(of), `${isRead}`).toEqual([])
      expect(planned(of).totals.unexplained, `${isRead}`).toEqual({ cost: '0', price: '0' })
    }
    const known = byHand(invoiced(before()), () => null)
    expect(creditsOf(known)[0]).toMatchObject({
      billed: { price: '-41.2' },
      findings: [{ code: 'changed-since-billed' }],
    })
  })

  it('that came after ConnectWise had invoiced the month is billed by its next invoice', () => {
    const of = billing([whole(), credit()])
    const late = invoiced(of)
    expect(writes(late)).toEqual(['+ credit-2026-09 -1 x 33/41.2 2026-09-01..2026-09-30'])
    const done = written(late)
    expect(isNothingToWrite(plan(done))).toBe(true)
    expect(writes(withLines(done, [whole()])), 'known not to be billed').toEqual([
      '~ {"unitCost":"0","unitPrice":"0"}',
    ])
  })

  it('of one month is of no concern to the next', () => {
    const next = { ...before(), usages: [usage([line(5, '2026-10', 1, 31)], '2026-10')] }
    expect([writes(next), creditsOf(next)]).toEqual([[], []])
  })
})

describe('A credit that is not carried is a term of its own [F1]', () => {
  const id = subscriptionId.toLowerCase()
  const known = (over: Partial<Situation>) => billing([whole(), credit()], over)

  it('waits where a later month of the subscription is good and ConnectWise has invoiced this one', () => {
    const late = invoiced(known({ good: { [id]: [september, period('2026-10')] } }))
    expect(creditsOf(late)[0]).toMatchObject({
      changes: [],
      waits: { question: 'late', changes: [{ kind: 'create' }] },
      reconciliation: { terms: { waiting: { price: '-41.2' } } },
    })
    const confirmed = [{ subscriptionId: subscriptionKey(id), period: september, question: 'late' as const }]
    expect(writes({ ...late, confirmed })).toHaveLength(1)
  })

  it('waits where somebody else’s addition bills the same of the month, and of it alone', () => {
    const hand = addition(-1, '2026-09-01', '2026-09-30', {
      serialNumber: '',
      catalogItemId: 99,
      unitPrice: '41.2' as Money,
      unitCost: '0' as Money,
    })
    const seats = five()
    const of = known({ additions: [seats, hand], owned: owned(seats) })
    expect(creditsOf(of)[0]).toMatchObject({
      changes: [],
      waits: { question: 'late' },
      findings: [{ additionIds: [hand.id] }],
    })
    const confirmed = [{ subscriptionId: subscriptionKey(id), period: september, question: 'late' as const }]
    expect(writes({ ...of, confirmed })).toHaveLength(1)
    const other = { ...hand, unitPrice: '41.21' as Money }
    expect(writes({ ...of, additions: [seats, other] })).toHaveLength(1)
    const running = { ...hand, cancelledDate: null }
    expect(writes({ ...of, additions: [seats, running] })).toHaveLength(1)
  })

  it.each([
    ['skipped', { skipped: { [id]: [september] } }, 'skipped'],
    ['billed elsewhere', { starts: { [id]: 'elsewhere' } }, 'billedElsewhere'],
    ['before its first month here', { starts: { [id]: period('2026-10') } }, 'beforeStart'],
  ] as const)('is %s', (_, over, term) => {
    const of = known(over)
    expect(writes(of).filter((each) => each.includes('credit-'))).toEqual([])
    expect(creditsOf(of)[0]?.reconciliation.terms).toMatchObject({ [term]: { price: '-41.2' } })
    expect(planned(of).totals.unexplained).toEqual({ cost: '0', price: '0' })
  })

  it('fails on an agreement that cannot carry the month', () => {
    const of = known({ agreement: agreement({ prorate: false }) })
    expect(creditsOf(of)[0]).toMatchObject({ status: 'Error', findings: [{ code: 'agreement-unfit' }] })
  })

  it('fails where one that carries a credit cannot be read: nothing is written twice', () => {
    const done = written(known({}))
    const its = done.additions.find(({ serialNumber }) => serialNumber === 'credit-2026-09')
    const of = {
      ...byHand(done, () => null),
      unreadableAdditions: [
        {
          id: its?.id ?? 0,
          record: 'addition 2',
          reason: 'no',
          serialNumber: null,
          catalogItemId: 1,
          cancelledDate: null,
        },
      ],
    }
    expect(creditsOf(of)[0]).toMatchObject({ status: 'Error', findings: [{ code: 'addition-unreadable' }] })
    expect(writes(of)).toEqual([])
  })

  it('fails alone where its product cannot be billed', () => {
    const of = billing([whole(), credit({ subscriptionId: 'another', offerName: 'Retired' })])
    expect(creditsOf(of)[0]).toMatchObject({ status: 'Error', findings: [{ code: 'product-retired' }] })
    expect(ordinary(of)?.status).toBe('No Change')
  })
})

describe('A line without a subscription that was given to a customer [F1]', () => {
  const lineOf = (offerName: string): InvoiceLine =>
    credit({ subscriptionId: `${withoutSubscription}${offerName.toLowerCase()}`, offerName, row: 7 })

  it('is carried with its offer’s product', () => {
    const of = billing([whole(), lineOf('Business Premium (NCE Product)')])
    const [change] = creditsOf(of)[0]?.changes ?? []
    expect(change).toMatchObject({
      kind: 'create',
      addition: {
        catalogItemId: 1,
        quantity: '-1',
        invoiceDescription:
          'Credit: Business Premium, line 7 of the invoice, without a subscription. Credit for seats given back',
      },
    })
    expect(isNothingToWrite(plan(written(of)))).toBe(true)
  })

  it('is carried with an item of our own, which is created, where no product is called so', () => {
    const of = billing([whole(), lineOf('Goodwill')])
    expect(planned(of).catalogItems).toMatchObject([
      { sku: 'PRISM-ADJUSTMENT', description: 'Microsoft CSP adjustment' },
    ])
    const done = written(of)
    expect(isNothingToWrite(plan(done))).toBe(true)
    expect(planned(done).totals).toMatchObject({ billed: { price: '8.8' }, unexplained: { price: '0' } })
  })

  it('waits where ConnectWise has invoiced the month, or that is not known: somebody may have billed it by hand', () => {
    const of = billing([whole(), lineOf('Goodwill')])
    const id = subscriptionKey(lineOf('Goodwill').subscriptionId)
    for (const nextInvoiceDate of [day('2026-10-01'), null]) {
      const late = { ...of, agreement: agreement({ nextInvoiceDate }) }
      expect(creditsOf(late)[0]).toMatchObject({
        changes: [],
        status: 'Warning',
        waits: { question: 'late', changes: [{ kind: 'create' }] },
      })
      const confirmed = [{ subscriptionId: id, period: september, question: 'late' as const }]
      expect(writes({ ...late, confirmed }).filter((each) => each.includes('credit-'))).toHaveLength(1)
    }
  })

  it('is carried also where it charges for days of the month', () => {
    const of = billing([
      whole(),
      {
        ...lineOf('Goodwill'),
        first: day('2026-09-01'),
        last: day('2026-09-30'),
        quantity: '1' as Quantity,
        unitCost: '1' as Money,
        unitPrice: '2' as Money,
        cost: '1' as Money,
        price: '2' as Money,
      },
    ])
    expect(writes(of)).toContain('+ credit-2026-09 1 x 1/2 2026-09-01..2026-09-30')
  })
})

it('knows the product of what it adjusts, also where that has no item yet [F1]', () => {
  const of = billing([whole(), credit({ subscriptionId: 'new', offerName: 'Visio' })], {
    products: [product(), product('Visio')],
  })
  expect(planned(of).catalogItems).toMatchObject([{ sku: 'sku-Visio' }])
  expect(isNothingToWrite(plan(written(of)))).toBe(true)
})
