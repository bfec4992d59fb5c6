/** Examples of annual invoices (docs/billing-rules.md, "Annual invoices"). */
import { describe, expect, it } from 'vitest'
import { changesOf, isNothingToWrite } from '../plan.ts'
import {
  annualInvoice,
  annualLine,
  annualSituation,
  asBilled,
  oneTimeAgreement,
  plannedOf,
  writtenTo,
} from '../testing/annual.ts'
import { addition, catalogItem, day, product, subscriptionId, tenantId } from '../testing/factories.ts'
import { type Money, type PeriodPlan, periodPlanSchema, type Quantity } from '../types.ts'
import { annualMoneyOf } from './annual-money.ts'
import type { AnnualSituation } from './annual-situation.ts'
import { planAnnual } from './plan-annual.ts'

const order = annualLine(5, '2026-09-16', '2027-09-15')
const increase = annualLine(2, '2026-10-22', '2027-09-15', { days: 329 })
const refund = annualLine(-2, '2026-10-26', '2027-09-15', { days: 325 })
const of = (invoices: Parameters<typeof annualSituation>[0], over: Partial<AnnualSituation> = {}) =>
  annualSituation(invoices, over)
const creates = (planned: PeriodPlan) =>
  changesOf(planned).flatMap((change) => (change.kind === 'create' ? [change.addition] : []))
const writes = (planned: PeriodPlan): string[] =>
  changesOf(planned)
    .map(({ kind }) => kind)
    .filter((kind) => kind !== 'keep')
const codes = (planned: PeriodPlan): string[] => [
  ...planned.findings.map(({ code }) => code),
  ...planned.subscriptions.flatMap(({ findings }) => findings.map(({ code }) => code)),
]
const total = ({ totals }: PeriodPlan): string[] => [totals.invoiced.price, totals.billed.price]

describe('A line of an annual invoice', () => {
  it('is one addition with its quantity and unit price, active on the day of the invoice [J9]', () => {
    const planned = plannedOf(of([annualInvoice([order])]))
    expect(creates(planned)).toMatchObject([
      {
        serialNumber: subscriptionId,
        quantity: '5',
        unitCost: '96',
        unitPrice: '120',
        effectiveDate: '2026-09-17',
        cancelledDate: '2026-09-17',
        invoiceDescription: 'Business Premium: 5, 16 Sep 2026 to 15 Sep 2027',
      },
    ])
    expect(total(planned)).toEqual(['600', '600'])
    expect(periodPlanSchema.parse(planned)).toEqual(planned)
  })

  it('is once its own amount where quantity and unit price make other cents [J9]', () => {
    const planned = plannedOf(of([annualInvoice([increase])]))
    expect(creates(planned)).toMatchObject([{ quantity: '1', unitCost: '173.06', unitPrice: '216.33' }])
    expect(total(planned)).toEqual(['216.33', '216.33'])
  })

  it('gives back with a negative addition that names what it takes back [J9]', () => {
    const invoices = [
      annualInvoice([order]),
      annualInvoice([increase], { invoiceId: '90018', issuedOn: day('2026-10-23') }),
      annualInvoice([refund], { invoiceId: '90019', issuedOn: day('2026-10-28') }),
    ]
    const [credit] = creates(plannedOf(of(invoices)))
    expect(credit).toMatchObject({
      quantity: '-1',
      unitPrice: '213.7',
      invoiceDescription:
        'Business Premium: -2, 26 Oct 2026 to 15 Sep 2027, credit for 2, 22 Oct 2026 to 15 Sep 2027 (invoice 90018)',
    })
    expect(plannedOf(of(invoices)).totals.billed.price).toBe('-213.7')
  })

  it('is done once: after it was written nothing is, whatever is invoiced meanwhile [J9]', () => {
    const after = writtenTo(of([annualInvoice([order, increase])]))
    expect(isNothingToWrite(planAnnual(after))).toBe(true)
    const invoiced = { ...after, agreement: oneTimeAgreement({ nextInvoiceDate: day('2026-12-01') }) }
    expect(isNothingToWrite(planAnnual(invoiced))).toBe(true)
  })

  it('counts twice where the invoice has it twice [J9]', () => {
    const planned = plannedOf(of([annualInvoice([order, order])]))
    expect(total(planned)).toEqual(['1200', '1200'])
    expect(creates(planned)).toHaveLength(2)
  })

  it('is billed on the first day that ConnectWise has not invoiced, where that is later than the invoice [J9]', () => {
    const agreement = oneTimeAgreement({ nextInvoiceDate: day('2026-10-01') })
    expect(creates(plannedOf(of([annualInvoice([order])], { agreement })))).toMatchObject([
      { effectiveDate: '2026-10-01', cancelledDate: '2026-10-01' },
    ])
  })

  it('is of the item for such terms, where people bill the product with it there [D1]', () => {
    const named = 'P1Y:A:sku-Business Premium'
    const catalog = [catalogItem(), catalogItem(7, '', { identifier: named, vendorSku: named })]
    const additions = [addition(3, '2025-09-16', null, { catalogItemId: 7, serialNumber: 'other' })]
    const planned = plannedOf(of([annualInvoice([order])], { catalog, additions }))
    expect(creates(planned)).toMatchObject([{ catalogItemId: 7 }])
  })

  it('is left there while its customer does not sync, though a corrected invoice has it no more [E2]', () => {
    const after = writtenTo(of([annualInvoice([order])]))
    const tenants = [{ id: tenantId, name: 'Coho Winery', syncs: false }]
    const corrected = { ...after, invoices: [annualInvoice([])] }
    expect(writes(plannedOf({ ...corrected, tenants }))).toEqual([])
    expect(writes(plannedOf(corrected))).toEqual(['create'])
  })

  it('creates its catalog item where there is none [D2]', () => {
    expect(writes(plannedOf(of([annualInvoice([order])], { catalog: [] })))).toEqual([
      'createCatalogItem',
      'create',
    ])
  })
})

describe('What is not planned by itself', () => {
  it('is everything while these terms are off: listed with the amount [F4]', () => {
    const { options } = of([])
    const planned = plannedOf(
      of([annualInvoice([order])], { options: { ...options, annualTermsAtOnce: null } }),
    )
    expect(planned.subscriptions).toEqual([])
    expect(planned.ignored).toMatchObject([{ reason: 'annual', amount: { price: '600' } }])
    expect(planned.totals).toMatchObject({ invoiced: { price: '600' }, ignored: { price: '600' } })
  })

  it('is an invoice from before they were switched on, until a person takes it over [J9]', () => {
    const older = annualInvoice([order], { issuedOn: day('2026-08-31') })
    expect(writes(plannedOf(of([older])))).toEqual([])
    expect(codes(plannedOf(of([older])))).toEqual(['annual-issued-before'])
    expect(writes(plannedOf(of([{ ...older, isTaken: true }])))).toEqual(['create'])
  })

  it('is a line of a customer whose Sync is off [E2]', () => {
    const planned = plannedOf(
      of([annualInvoice([order])], { tenants: [{ id: tenantId, name: 'Coho Winery', syncs: false }] }),
    )
    expect(planned.ignored).toMatchObject([{ reason: 'tenant-off' }])
  })

  it.each([
    ['a monthly term', { billingCycle: 'Monthly', termUnit: 'MONTHS' }, 'annual-line-odd'],
    ['a cycle that nobody has seen', { billingCycle: 'Quarterly' }, 'annual-line-odd'],
    ['an empty cycle', { billingCycle: '' }, 'billing-cycle-missing'],
  ])('is a line of %s: an Error with the amount [J9]', (_, fields, code) => {
    const planned = plannedOf(of([annualInvoice([{ ...order, ...fields }])]))
    expect(codes(planned)).toEqual([code])
    expect(planned.totals).toMatchObject({ failed: { price: '600' }, billed: { price: '0' } })
  })

  it('is a whole subscription of which one line cannot be read, and nobody else’s [F11]', () => {
    const bad = {
      row: 9,
      tenantId,
      subscriptionId,
      offerName: '',
      column: 'Quantity',
      reason: 'the field is empty',
      cost: null,
      price: '10' as Money,
    }
    const other = { ...order, subscriptionId: 'b0000000-0000-4000-8000-000000000002' }
    const planned = plannedOf(of([annualInvoice([order, other], { badLines: [bad] })]))
    expect(creates(planned)).toMatchObject([{ serialNumber: other.subscriptionId }])
    expect(planned.totals).toMatchObject({ failed: { price: '610' }, billed: { price: '600' } })
  })

  it('is a second line with the same charge on another invoice, until a person says so [J9]', () => {
    const again = annualInvoice([order], { invoiceId: '90020', issuedOn: day('2026-09-20') })
    const first = writtenTo(of([annualInvoice([order])]))
    const both = { ...first, invoices: [annualInvoice([order]), again] }
    const [row] = plannedOf(both).subscriptions
    expect(row).toMatchObject({ status: 'Warning', reconciliation: { terms: { waiting: { price: '600' } } } })
    const [asked] = row?.askedLines ?? []
    expect(asked).toMatchObject({ why: 'twice', row: 2, changes: [{ kind: 'create' }] })
    const answered = (says: 'carry' | 'leave') =>
      plannedOf({ ...both, lineAnswers: asked ? [{ line: asked.line, says }] : [] })
    expect(writes(answered('carry'))).toEqual(['create'])
    expect(answered('leave').totals.terms).toEqual({ billedElsewhere: { cost: '480', price: '600' } })
  })

  it('is a credit of what a person has changed already, as it may be given back by hand [J9]', () => {
    const charged = annualInvoice([increase])
    const credit = annualInvoice([refund], { invoiceId: '90019', issuedOn: day('2026-10-28') })
    const after = writtenTo(of([charged]))
    const additions = after.additions.map((each) => ({ ...each, unitPrice: '0' as Money }))
    const [row] = plannedOf({ ...after, additions, others: [charged], invoices: [credit] }).subscriptions
    expect(row).toMatchObject({ changes: [], askedLines: [{ why: 'credit' }] })
  })

  it('is a credit of what is not billed here [J9]', () => {
    const [row] = plannedOf(of([annualInvoice([refund])])).subscriptions
    expect(row).toMatchObject({ changes: [], askedLines: [{ why: 'credit' }] })
  })
})

describe('Additions of people’s', () => {
  const byHand = (price: string, over = {}) =>
    addition(1, '2026-09-18', null, {
      serialNumber: subscriptionId.toLowerCase(),
      unitCost: '480' as Money,
      unitPrice: price as Money,
      ...over,
    })

  it('are taken over where one bills the line to the cent [F5]', () => {
    const there = of([annualInvoice([order])], { additions: [byHand('600')] })
    expect(writes(plannedOf(there))).toEqual([])
    expect(total(plannedOf(there))).toEqual(['600', '600'])
    expect(writtenTo(there).owned).toMatchObject([
      { created: false, carries: { invoiceId: '90017', turn: 1 } },
    ])
  })

  it('are asked about where one may bill the line otherwise [F5]', () => {
    const [row] = plannedOf(of([annualInvoice([order])], { additions: [byHand('590')] })).subscriptions
    expect(row).toMatchObject({ status: 'Warning', changes: [], askedLines: [{ why: 'by-hand' }] })
  })

  it.each([
    ['began before the line', { effectiveDate: day('2025-09-16') }],
    ['is of no product of PRISM’s', { catalogItemId: 90 }],
  ])('are none of the line’s where one %s [F5]', (_, over) => {
    const catalog = [catalogItem(), { ...catalogItem(90, 'Support'), vendorSku: '' }]
    const there = of([annualInvoice([order])], { additions: [byHand('590', over)], catalog })
    expect(writes(plannedOf(there))).toEqual(['create'])
  })
})

describe('The money of a preview', () => {
  it('is what the month of the invoice bills before and after, and nothing that runs on [J9]', () => {
    const byHand = addition(1, '2026-09-02', null, { serialNumber: 'other', unitPrice: '40' as Money })
    const before = of([annualInvoice([order])], { additions: [byHand] })
    expect(annualMoneyOf(before, planAnnual(before))).toMatchObject({
      months: [{ period: '2026-09', before: { price: '40' }, after: { price: '640' } }],
      change: { cost: '480', price: '600' },
      next: null,
    })
  })

  it('has no month where nothing is written', () => {
    const after = writtenTo(of([annualInvoice([order])]))
    expect(annualMoneyOf(after, planAnnual(after))).toMatchObject({ months: [], change: { price: '0' } })
    expect(annualMoneyOf(after, { agreementId: 8, periods: [] })).toBeNull()
  })
})

describe('An addition that cannot be read', () => {
  const odd = (over: object) => ({
    id: 55,
    record: 'addition 55',
    reason: 'Unit Price is not understood',
    serialNumber: subscriptionId,
    catalogItemId: 1,
    cancelledDate: null,
    ...over,
  })
  const codesWith = (over: object): string[] =>
    codes(plannedOf(of([annualInvoice([order])], { unreadableAdditions: [odd(over)] })))

  it.each([
    ['has the subscription’s id', {}],
    ['has a serial number that cannot be read either', { serialNumber: null }],
  ])('may bill the line where it %s: an Error [F11]', (_, over) => {
    expect(codesWith(over)).toEqual(['addition-unreadable'])
  })

  it.each([
    ['is another subscription’s', { serialNumber: 'other' }],
    ['ended before the line', { cancelledDate: day('2026-09-15') }],
  ])('is none of the line’s where it %s [F11]', (_, over) => {
    expect(codesWith(over)).toEqual([])
  })

  it('is not missing where it carries the line: an Error, and nothing is created again [F11]', () => {
    const after = writtenTo(of([annualInvoice([order])]))
    const [carrying] = after.additions
    const planned = plannedOf({ ...after, additions: [], unreadableAdditions: [odd({ id: carrying?.id })] })
    expect(codes(planned)).toEqual(['addition-unreadable'])
    expect(writes(planned)).toEqual([])
    expect(planned.totals).toMatchObject({ failed: { price: '600' } })
  })
})

describe('What people change afterwards', () => {
  const written = () => writtenTo(of([annualInvoice([order])]))
  const changed = (over: object): AnnualSituation => {
    const after = written()
    return { ...after, additions: after.additions.map((each) => ({ ...each, ...over })) }
  }

  it.each([
    ['price', { unitPrice: '100' as Money }, { edited: { cost: '0', price: '100' } }],
    ['quantity', { quantity: '4' as Quantity }, { edited: { cost: '96', price: '120' } }],
    ['included', { lessIncluded: '1' as Quantity }, { notBilled: { cost: '96', price: '120' } }],
    ['billing option', { billCustomer: 'DoNotBill' }, { notBilled: { cost: '480', price: '600' } }],
    ['end', { cancelledDate: day('2026-09-01') }, { edited: { cost: '480', price: '600' } }],
  ])('is a Warning and stays: the %s [F19]', (_, over, terms) => {
    const planned = plannedOf(changed(over))
    expect(writes(planned)).toEqual([])
    expect(codes(planned)).toEqual(['annual-line-edited'])
    expect(planned.totals).toMatchObject({ ...terms, unexplained: { price: '0' } })
  })

  it('is asked where they deleted it, and created again only by a yes [J9]', () => {
    const gone = { ...written(), additions: [] }
    const [row] = plannedOf(gone).subscriptions
    expect(row).toMatchObject({ changes: [], askedLines: [{ why: 'missing', line: { turn: 3 } }] })
    const [asked] = row?.askedLines ?? []
    const yes = { ...gone, lineAnswers: asked ? [{ line: asked.line, says: 'carry' as const }] : [] }
    const again = writtenTo(yes)
    expect(asBilled(again.additions)).toEqual(['5 at 96/120 on 2026-09-17'])
    expect(isNothingToWrite(planAnnual(again))).toBe(true)
    expect(total(plannedOf(again))).toEqual(['600', '600'])
    // The yes was to that one: one more deletion is one more question.
    expect(plannedOf({ ...again, additions: [] }).subscriptions[0]?.askedLines).toMatchObject([
      { why: 'missing', line: { turn: 5 } },
    ])
  })
})

describe('An annual invoice that PRISM issues again', () => {
  const corrected = annualLine(4, '2026-09-16', '2027-09-15')

  it('waits for a person’s pick [F1]', () => {
    const waiting = of([annualInvoice([order], { awaitsPick: true })])
    expect(writes(plannedOf(waiting))).toEqual([])
    expect(plannedOf(waiting).totals.terms).toEqual({ waiting: { cost: '480', price: '600' } })
    expect(codes(plannedOf(waiting))).toEqual(['annual-reissued'])
  })

  it('is then planned by line: what is gone is taken back, what is new is carried, the rest stays [J9]', () => {
    const after = writtenTo(of([annualInvoice([order, increase])]))
    const picked = writtenTo({ ...after, invoices: [annualInvoice([increase, corrected])] })
    expect(asBilled(picked.additions)).toEqual([
      '-1 at 480/600 on 2026-09-17',
      '1 at 173.06/216.33 on 2026-09-17',
      '4 at 96/120 on 2026-09-17',
      '5 at 96/120 on 2026-09-17',
    ])
    expect(total(plannedOf(picked))).toEqual(['696.33', '696.33'])
    expect(isNothingToWrite(planAnnual(picked))).toBe(true)
  })

  it('bills the first version again where a person picks that one after all [J9]', () => {
    const after = writtenTo(of([annualInvoice([order])]))
    const picked = writtenTo({ ...after, invoices: [annualInvoice([corrected])] })
    const back = writtenTo({ ...picked, invoices: [annualInvoice([order])] })
    expect(total(plannedOf(back))).toEqual(['600', '600'])
    expect(isNothingToWrite(planAnnual(back))).toBe(true)
  })

  it('is explained where its addition was deleted, written again, and then set to nothing by hand [F19]', () => {
    const gone = { ...writtenTo(of([annualInvoice([order])])), additions: [] }
    const [asked] = plannedOf(gone).subscriptions[0]?.askedLines ?? []
    const again = writtenTo({
      ...gone,
      lineAnswers: asked ? [{ line: asked.line, says: 'carry' as const }] : [],
    })
    const none = again.additions.map((each) => ({ ...each, quantity: '0' as Quantity }))
    const planned = plannedOf({ ...again, additions: none, invoices: [annualInvoice([])] })
    expect(writes(planned)).toEqual([])
    expect(planned.totals).toMatchObject({
      invoiced: { price: '0' },
      billed: { price: '0' },
      edited: { price: '0' },
      unexplained: { price: '0' },
    })
  })

  it('takes back what an addition bills, where a person changed it [F17]', () => {
    const after = writtenTo(of([annualInvoice([order])]))
    const additions = after.additions.map((each) => ({ ...each, unitPrice: '100' as Money }))
    const picked = writtenTo({ ...after, additions, invoices: [annualInvoice([corrected])] })
    expect(total(plannedOf(picked))).toEqual(['480', '480'])
  })
})

describe('An agreement for annual invoices', () => {
  it.each([
    ['is billed monthly', { billingCycle: 'Monthly' }],
    ['prorates', { prorate: true }],
    ['ended before', { endDate: day('2026-09-16') }],
    ['is in another currency', { currency: 'NZD' }],
    ['is inactive', { status: 'Inactive' }],
  ])('carries none where it %s [A5]', (_, over) => {
    const planned = plannedOf(of([annualInvoice([order])], { agreement: oneTimeAgreement(over) }))
    expect(codes(planned)).toEqual(['agreement-unfit'])
    expect(planned.totals).toMatchObject({ failed: { price: '600' } })
  })

  it('keeps what it carries when it is unfit later [F13]', () => {
    const after = writtenTo(of([annualInvoice([order])]))
    const planned = plannedOf({ ...after, agreement: oneTimeAgreement({ status: 'Inactive' }) })
    expect(planned.subscriptions).toMatchObject([{ status: 'No Change' }])
  })
})

describe('One id with two products', () => {
  const e3 = product('E3')
  const upgraded = annualInvoice(
    [
      annualLine(-5, '2026-10-01', '2027-09-15', { days: 350 }),
      annualLine(5, '2026-10-01', '2027-09-15', {
        days: 350,
        unit: [200, 250],
        offerName: 'E3 (NCE Product)',
      }),
    ],
    { invoiceId: '90018', issuedOn: day('2026-10-02') },
  )

  it('is a credit of the old one and a charge of the new one [J9]', () => {
    const all = of([annualInvoice([order]), upgraded], {
      products: [product(), e3],
      catalog: [catalogItem(), catalogItem(2, 'E3')],
    })
    const planned = plannedOf(all)
    expect(
      creates(planned).map(({ catalogItemId, unitPrice, quantity }) => [catalogItemId, quantity, unitPrice]),
    ).toEqual([
      [1, '-1', '575.34'],
      [2, '1', '1198.63'],
    ])
    expect(total(planned)).toEqual(['623.29', '623.29'])
  })

  it('is written whole or not at all [F11]', () => {
    const all = of([annualInvoice([order]), upgraded], { products: [product()] })
    const planned = plannedOf(all)
    expect(writes(planned)).toEqual([])
    expect(codes(planned).sort()).toEqual(['other-product-failed', 'product-retired'])
  })
})
