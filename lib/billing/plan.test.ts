/** What surrounds the sequence of changes: products, adoption, left-overs, Azure, annual terms, warnings, prices. */
import { describe, expect, it } from 'vitest'
import { subscriptionKey } from './keys.ts'
import { changesOf, plan } from './plan.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  agreement,
  catalogItem,
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
  InvoiceLine,
  Money,
  PeriodPlan,
  Quantity,
  Situation,
  Subscription,
  SubscriptionPlan,
} from './types.ts'

const other = 'B0000000-0000-4000-8000-000000000002'
const planned = (over: Partial<Situation>): PeriodPlan =>
  plan(situation(over)).periods[0] ?? expect.fail('no period')
const rows = (over: Partial<Situation>): SubscriptionPlan[] => planned(over).subscriptions
const messages = (row: SubscriptionPlan | undefined): string[] =>
  row?.findings.map((finding) => finding.message) ?? []
/** Additions that are left as they are: code, severity, and what they bill. */
const left = (of: PeriodPlan): (string | undefined)[][] =>
  of.subscriptions
    .filter(({ kind }) => kind === 'addition')
    .map(({ findings, billed }) => [findings[0]?.code, findings[0]?.severity, billed.price])
const synced = (of: PeriodPlan): SubscriptionPlan[] =>
  of.subscriptions.filter(({ kind }) => kind !== 'addition')
const writes = (of: PeriodPlan): string[] =>
  changesOf(of)
    .filter(({ kind }) => kind !== 'keep')
    .map(({ kind }) => kind)
const lines = (...all: InvoiceLine[]): Partial<Situation> => ({ usages: [usage(all)] })
const whole = (over: Parameters<typeof line>[4] = {}, quantity = 5): InvoiceLine =>
  line(quantity, '2026-09', 1, 30, over)
const unserialed = (quantity: number, over: Partial<Addition> = {}): Addition =>
  addition(quantity, '2026-06-01', null, { serialNumber: '', ...over })
const subscription = (id: string, over: Partial<Subscription> = {}): Subscription => ({
  id,
  tenantId,
  productId: 'id-Business Premium',
  productName: 'Business Premium',
  displayTemplate: '',
  ...over,
})
const both = [subscription(subscriptionId), subscription(other)]

describe('Products', () => {
  it('creates a missing catalog item first, with the name cut to 60 characters [D2]', () => {
    const name = 'Microsoft Defender for Office 365 (Plan 2) for a very long name that goes on'
    const of = planned({
      ...lines(whole({ offerName: `${name} (NCE Product)` })),
      subscriptions: [subscription(subscriptionId, { productId: `id-${name}`, productName: name })],
      products: [product(name, { sku: 'SKU-9' })],
      catalog: [],
    })
    expect(of.catalogItems).toMatchObject([
      {
        sku: 'SKU-9',
        identifier: 'SKU-9',
        description: name.slice(0, 60),
        customerDescription: name,
        unitCost: '8',
        unitPrice: '10',
      },
    ])
    expect(writes(of)).toEqual(['createCatalogItem', 'create'])
  })

  it('links by Vendor SKU, ignoring case and surrounding spaces [D1]', () => {
    const [row] = rows({
      ...lines(whole()),
      catalog: [catalogItem(9, '', { vendorSku: '  SKU-business premium ' })],
    })
    expect(row?.product.catalogItemId).toBe(9)
  })

  it('refuses two catalog items with one Vendor SKU, an inactive one included [D6]', () => {
    const [row] = rows({
      ...lines(whole()),
      catalog: [catalogItem(1), catalogItem(2, 'Business Premium', { inactive: true })],
    })
    expect(messages(row)).toEqual([
      "There are multiple products in the ConnectWise product catalog with the VendorSku of 'sku-Business Premium'",
    ])
    expect(row).toMatchObject({ status: 'Error', changes: [] })
  })

  it('syncs a retired product that somebody linked, and refuses one that nobody did [D4]', () => {
    const products = [product('Business Premium', { current: false })]
    expect(rows({ ...lines(whole()), products })[0]?.status).toBe('Success')
    expect(messages(rows({ ...lines(whole()), products, catalog: [] })[0])).toEqual([
      'Failed to get or create the product in ConnectWise: the product is no longer on the PRISM price list',
    ])
  })

  it('lets the offer decide where one subscription has several', () => {
    const all = rows({
      ...lines(whole(), whole({ offerName: 'Visio (NCE Product)' }, 2)),
      products: [product(), product('Visio')],
      catalog: [catalogItem(1), catalogItem(2, 'Visio')],
    })
    expect(all.map((row) => [row.product.catalogItemId, row.steps[0]?.quantity])).toEqual([
      [1, '5'],
      [2, '2'],
    ])
  })

  it('ends the old offer and starts the new one where a subscription moved', () => {
    const before = addition(5, '2026-06-01')
    const of = planned({
      ...lines(line(5, '2026-09', 1, 10), line(5, '2026-09', 11, 30, { offerName: 'Visio' })),
      products: [product(), product('Visio')],
      catalog: [catalogItem(1), catalogItem(2, 'Visio')],
      additions: [before],
      owned: owned(before),
    })
    expect(writes(of)).toEqual(['create', 'end', 'create'])
    expect(of.totals.unexplained).toEqual({ cost: '0', price: '0' })
  })
})

describe('Adoption and left-overs', () => {
  it('adopts by serial number without writing anything [F5]', () => {
    const of = planned({
      ...lines(whole()),
      additions: [addition(5, '2026-06-01', null, { serialNumber: ` ${subscriptionId.toLowerCase()} ` })],
    })
    expect(writes(of)).toEqual([])
    expect(of.subscriptions[0]?.changes).toMatchObject([
      { kind: 'keep', reason: { rule: 'adopt' }, lots: [{ origin: 'adopted' }] },
    ])
  })

  it('adopts by product where one subscription has it, and writes the serial number [F5]', () => {
    const [row] = rows({ ...lines(whole()), additions: [unserialed(5, { unitPrice: '12' as Money })] })
    expect(row?.changes).toMatchObject([{ kind: 'update', set: { serialNumber: subscriptionId } }])
    expect(row?.reconciliation.asAdopted).toEqual({ cost: '0', price: '-10' })
    expect(row?.findings.map(({ code, severity }) => [code, severity])).toEqual([['price-differs', 'note']])
  })

  it('pairs two subscriptions of a product by their quantities on the first day [F5]', () => {
    const all = rows({
      ...lines(whole(), whole({ subscriptionId: other }, 3)),
      subscriptions: both,
      additions: [unserialed(3), unserialed(5)],
    })
    expect(all.flatMap((row) => row.changes)).toMatchObject([
      { before: { quantity: '5' }, set: { serialNumber: subscriptionId } },
      { before: { quantity: '3' }, set: { serialNumber: other } },
    ])
  })

  it('asks a person where quantities do not tell, and takes the answer [F5]', () => {
    const first = unserialed(5)
    const second = unserialed(5)
    const over = {
      ...lines(whole(), whole({ subscriptionId: other })),
      subscriptions: both,
      additions: [first, second],
    }
    expect(rows(over).map((row) => row.findings[0]?.code)).toEqual([
      'ambiguous-additions',
      'ambiguous-additions',
    ])
    const answers = [
      { additionId: first.id, answer: 'subscription', subscriptionId: other },
      { additionId: second.id, answer: 'subscription', subscriptionId },
    ] as const
    expect(rows({ ...over, answers }).map((row) => row.status)).toEqual(['Success', 'Success'])
  })

  it('is an Error for an unknown serial number of an invoiced product until a person says it is nobody’s [F5]', () => {
    const own = addition(5, '2026-06-01')
    const strange = addition(2, '2026-06-01', null, { serialNumber: 'PO-77' })
    const over = { ...lines(whole()), additions: [own, strange], owned: owned(own) }
    expect(rows(over)[0]?.findings[0]?.code).toBe('unknown-serial-number')
    const of = planned({ ...over, answers: [{ additionId: strange.id, answer: 'nobody' }] })
    expect(synced(of).map(({ status }) => status)).toEqual(['No Change'])
    expect(left(of)).toEqual([['addition-not-ours', 'note', '20']])
  })

  it('only lists an addition of a subscription that is mapped elsewhere [F5]', () => {
    const foreign = addition(2, '2026-06-01', null, { serialNumber: 'C0000000' })
    const of = planned({
      ...lines(whole()),
      additions: [foreign],
      foreignSubscriptionIds: [subscriptionKey('c0000000')],
    })
    expect(synced(of).map((row) => row.status)).toEqual(['Success'])
    expect(left(of)).toEqual([['addition-not-ours', 'note', '20']])
  })

  it('is an Error on its own row for an addition of a price list product that nobody is invoiced for [F9]', () => {
    const left = unserialed(2, { catalogItemId: 2 })
    const all = rows({
      ...lines(whole()),
      products: [product(), product('Visio')],
      catalog: [catalogItem(1), catalogItem(2, 'Visio')],
      additions: [left],
    })
    expect(all.map((row) => [row.kind, row.status])).toEqual([
      ['subscription', 'Success'],
      ['leftover', 'Error'],
    ])
    expect(messages(all[1])).toEqual([
      "There is an existing addition for product sku 'sku-Visio' that needs to be cancelled as it is not in the PRISM invoice and ConnectWise has no subscription id (serial number) for accurate match",
    ])
  })

  it('neither touches nor reports additions of other products [F9]', () => {
    const of = planned({
      ...lines(whole()),
      catalog: [catalogItem(1), catalogItem(5, 'Firewall')],
      additions: [unserialed(1, { catalogItemId: 5 })],
    })
    expect([of.subscriptions.length, of.findings.length, writes(of)]).toEqual([1, 0, ['create']])
  })
})

describe('Azure', () => {
  const azureId = 'AZ000000-0000-4000-8000-000000000009'
  const azure = [
    subscription(azureId, {
      productId: 'id-Azure plan',
      productName: 'Azure plan',
      displayTemplate: 'Azure',
    }),
  ]
  const azureLine = (price: string): InvoiceLine =>
    whole(
      {
        subscriptionId: azureId,
        offerName: 'Azure plan',
        cost: '90.1' as Money,
        price: price as Money,
        billingCycle: '',
        termUnit: '',
        termDuration: '',
      },
      1,
    )
  const over = (price = '100.25'): Partial<Situation> => ({
    ...lines(azureLine(price)),
    subscriptions: azure,
    products: [product('Azure plan')],
    catalog: [catalogItem(3, 'Azure plan')],
  })

  it('is one addition of the whole month at the invoice’s amounts, found again by its serial number [F3]', () => {
    const before = situation(over())
    const of = planned(over())
    expect(of.subscriptions).toMatchObject([
      {
        kind: 'azure',
        changes: [
          {
            kind: 'create',
            addition: {
              serialNumber: 'azure-2026-09',
              quantity: '1',
              unitCost: '90.1',
              unitPrice: '100.25',
              effectiveDate: '2026-09-01',
              cancelledDate: '2026-09-30',
            },
          },
        ],
      },
    ])
    const after = simulate(before, changesOf(of))
    expect(writes(plan(after).periods[0] ?? expect.fail())).toEqual([])
    const reissued = plan({ ...after, usages: [usage([azureLine('120')])] }).periods[0]
    expect(reissued?.subscriptions[0]?.changes).toMatchObject([{ kind: 'update', set: { unitPrice: '120' } }])
    const none = plan({ ...after, usages: [usage([])] }).periods[0]
    expect(none?.subscriptions[0]?.changes).toMatchObject([
      { kind: 'update', set: { unitPrice: '0', unitCost: '0' } },
    ])
  })

  it('is an Error, not updated, where ConnectWise invoiced another amount already [F3]', () => {
    const after = simulate(situation(over()), changesOf(planned(over())))
    const [row] =
      plan({
        ...after,
        agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
        usages: [usage([azureLine('120')])],
      }).periods[0]?.subscriptions ?? []
    expect([row?.status, row?.findings[0]?.code, row?.changes]).toEqual([
      'Error',
      'azure-already-invoiced',
      [],
    ])
  })

  const edited = (change: Partial<Addition>, more: Partial<Situation> = {}): Situation => {
    const after = simulate(situation(over()), changesOf(planned(over())))
    return { ...after, ...more, additions: after.additions.map((each) => ({ ...each, ...change })) }
  }

  it('is set right where a person changed its quantity or first day, and stays where they said what is not billed [F3, F19]', () => {
    const seats = plan(edited({ quantity: '2' as Quantity, effectiveDate: day('2026-09-11') })).periods[0]
    expect(seats?.subscriptions[0]).toMatchObject({
      changes: [{ kind: 'update', set: { quantity: '1', effectiveDate: '2026-09-01' } }],
      billed: { price: '100.25' },
      reconciliation: { unexplained: { price: '0' } },
    })
    for (const change of [{ billCustomer: 'DoNotBill' as const }, { lessIncluded: '1' as Quantity }])
      expect(plan(edited(change)).periods[0]?.subscriptions[0]).toMatchObject({
        status: 'Warning',
        findings: [{ code: 'not-billed' }],
        changes: [{ kind: 'keep' }],
        billed: { price: '0' },
        reconciliation: { notBilled: { price: '100.25' }, unexplained: { price: '0' } },
      })
  })

  it('is an Error where ConnectWise invoiced another quantity of it already [F3]', () => {
    const invoiced = { agreement: agreement({ nextInvoiceDate: day('2026-10-01') }) }
    const [row] = plan(edited({ quantity: '2' as Quantity }, invoiced)).periods[0]?.subscriptions ?? []
    expect([row?.status, row?.findings[0]?.code, row?.changes]).toEqual([
      'Error',
      'azure-already-invoiced',
      [],
    ])
    expect(row?.findings[0]?.stillWrong).toBe('It bills 200.50 now; the invoice has 100.25.')
  })

  it('is not listed as ignored where it is synced [F3]', () => {
    const of = planned(over())
    expect([of.ignored, of.totals.ignored.price]).toEqual([[], '0'])
  })

  it('is listed as ignored where the option is off [F3]', () => {
    const { options } = situation()
    const of = planned({ ...over(), options: { ...options, syncAzure: false } })
    expect([of.subscriptions, of.ignored.map((each) => each.reason)]).toEqual([[], ['azure-off']])
    expect(of.totals.ignored.price).toBe('100.25')
  })
})

describe('Annual terms [F4]', () => {
  it.each([
    ['billed annually', { billingCycle: 'Annual' }],
    ['of years, billed monthly', { termUnit: 'YEARS' }],
  ])('ignores a subscription %s, and its additions', (_title, over) => {
    const of = planned({ ...lines(whole(over)), additions: [addition(5, '2026-06-01')] })
    expect([writes(of), synced(of), of.ignored[0]?.reason]).toEqual([[], [], 'annual'])
    expect(left(of)).toEqual([['addition-annual', 'note', '50']])
  })

  it('takes terms of years that are billed monthly where the option says so', () => {
    const { options } = situation()
    expect(
      rows({ ...lines(whole({ termUnit: 'YEARS' })), options: { ...options, annualTermsMonthly: true } })[0]
        ?.status,
    ).toBe('Success')
  })

  it('warns where a subscription turns annual while its additions run', () => {
    const before = addition(5, '2026-06-01')
    const of = planned({ ...lines(whole({ termUnit: 'YEARS' })), additions: [before], owned: owned(before) })
    expect(left(of)).toEqual([['addition-annual', 'warning', '50']])
    expect(writes(of)).toEqual([])
  })

  it('takes a file without the columns as monthly with a Warning, and refuses an empty field', () => {
    expect(
      planned(lines(whole({ billingCycle: null, termDuration: null, termUnit: null }))).findings[0]?.code,
    ).toBe('cycle-columns-missing')
    expect(rows(lines(whole({ billingCycle: '' })))[0]?.findings[0]?.code).toBe('billing-cycle-missing')
  })
})

describe('Prices', () => {
  const before = addition(5, '2026-06-01')
  const known = { additions: [before], owned: owned(before) }

  it('warns of PRISM’s price changes with the exact texts, once [F6]', () => {
    const changed = lines(line(5, '2026-09', 1, 15), line(5, '2026-09', 16, 30, { unit: [8.5, 10.125] }))
    const [row] = rows({ ...changed, ...known })
    expect(messages(row).slice(0, 2)).toEqual([
      'Subscription cost unit price changed from 8.00 to 8.50 on 16 Sep 2026',
      'Subscription retail unit price changed from 10.00 to 10.125 on 16 Sep 2026',
    ])
    expect([row?.status, row?.changes.map(({ kind }) => kind)]).toEqual(['Warning', ['keep']])
    const again = rows({
      ...changed,
      ...known,
      good: { [subscriptionId.toLowerCase()]: [period('2026-09')] },
    })
    expect(again[0]?.status).toBe('No Change')
  })

  it('compares the first day with the last day of the invoice synced before [F6]', () => {
    const [row] = rows({
      ...lines(whole({ unit: [8, 11] })),
      ...known,
      previous: usage([line(5, '2026-08', 1, 31)], '2026-08'),
    })
    expect(messages(row)[0]).toBe('Subscription retail unit price changed from 10.00 to 11.00 on 01 Sep 2026')
    expect(row?.reconciliation.priceChange).toEqual({ cost: '0', price: '5' })
  })

  it('writes an increase at its day’s price and the next month’s addition at the last day’s [F17]', () => {
    const of = planned({
      ...lines(line(5, '2026-09', 1, 15), line(8, '2026-09', 16, 30, { unit: [9, 11] })),
      ...known,
    })
    const created = changesOf(of).flatMap((change) => (change.kind === 'create' ? [change.addition] : []))
    expect(created.map(({ quantity, unitCost, unitPrice }) => [quantity, unitCost, unitPrice])).toEqual([
      ['3', '9', '11'],
      ['8', '9', '11'],
    ])
    expect(of.subscriptions[0]?.findings.map(({ code }) => code)).toContain('price-replaced')
  })

  it('takes a decrease back at what was billed, newest price first [F17]', () => {
    const newer = addition(3, '2026-08-01', null, { unitPrice: '11' as Money })
    const of = planned({
      ...lines(line(8, '2026-09', 1, 10), line(4, '2026-09', 11, 30)),
      additions: [before, newer],
      owned: owned(before, newer),
    })
    const steps = changesOf(of).flatMap((change) =>
      change.kind === 'create' && change.reason.rule === 'step' ? [change.addition] : [],
    )
    expect(steps.map(({ quantity, unitPrice }) => [quantity, unitPrice])).toEqual([
      ['-3', '11'],
      ['-1', '10'],
    ])
  })

  it('copies the terms of the addition it adjusts, and replacements inherit what is included [F19]', () => {
    const free = addition(5, '2026-06-01', null, {
      billCustomer: 'NoCharge',
      taxable: false,
      invoiceDescription: 'As agreed',
      lessIncluded: '2' as Quantity,
    })
    const of = planned({
      ...lines(line(5, '2026-09', 1, 15), line(8, '2026-09', 16, 30)),
      additions: [free],
      owned: owned(free),
    })
    const created = changesOf(of).flatMap((change) => (change.kind === 'create' ? [change.addition] : []))
    const terms = { billCustomer: 'NoCharge', taxable: false, invoiceDescription: 'As agreed' }
    expect(created).toMatchObject([
      { ...terms, lessIncluded: '0' },
      { ...terms, lessIncluded: '2' },
    ])
    expect(of.subscriptions[0]?.findings.map(({ code }) => code)).toContain('not-billed')
  })
})

describe('What stops', () => {
  it('plans a picked invoice’s negative or out-of-month lines apart, and nothing else of them [F1]', () => {
    const all = rows({ ...lines(whole({}, -5), whole({ subscriptionId: other }, 2)), subscriptions: both })
    expect(all.map((row) => [row.kind, row.findings[0]?.code, row.status])).toEqual([
      ['subscription', undefined, 'Success'],
      ['credit', undefined, 'Success'],
    ])
    expect(rows(lines(line(5, '2026-08', 1, 31)))).toMatchObject([{ kind: 'credit', status: 'Success' }])
  })

  it('leaves a tenant whose sync is off out of everything [F16]', () => {
    const of = planned({
      ...lines(whole()),
      additions: [addition(3, '2026-06-01')],
      tenants: [{ id: tenantId, name: 'Coho', syncs: false }],
    })
    expect([writes(of), synced(of), of.ignored[0]?.reason]).toEqual([[], [], 'tenant-off'])
    expect(left(of)).toEqual([['addition-not-ours', 'note', '30']])
  })

  it('refuses an agreement that ended before the period, and gives one that ends inside it nothing from the next month', () => {
    expect(
      rows({ ...lines(whole()), agreement: agreement({ endDate: day('2026-08-31') }) })[0]?.findings[0]?.code,
    ).toBe('agreement-unfit')
    const before = addition(5, '2026-06-01')
    const of = planned({
      ...lines(line(5, '2026-09', 1, 15), line(8, '2026-09', 16, 30)),
      additions: [before],
      owned: owned(before),
      agreement: agreement({ endDate: day('2026-09-30') }),
    })
    expect(writes(of)).toEqual(['create', 'end'])
  })

  it.each([
    ['billed quarterly', { billingCycle: 'Quarterly', billsMonthly: false }],
    ['set to Inactive', { status: 'Inactive' }],
    ['no longer prorated', { prorate: false }],
    ['on contract years', { invoicingCycle: 'ContractYear' }],
    [
      'cancelled before the period',
      { cancelled: true, dateCancelled: day('2026-08-31'), endDate: day('2026-08-31') },
    ],
    ['of another currency', { currency: 'USD' }],
  ])(
    'writes nothing on an agreement that is %s, whatever it was when it was mapped, and says what it goes on billing [F13][A5]',
    (_, facts) => {
      const before = addition(3, '2026-06-01')
      const azure = whole({ subscriptionId: other, offerName: 'Azure plan' })
      const of = planned({
        ...lines(whole(), azure),
        additions: [before],
        owned: owned(before),
        agreement: agreement(facts),
      })
      expect(writes(of)).toEqual([])
      expect(of.subscriptions.map(({ status }) => status)).toEqual(['Error', 'Error'])
      expect(of.findings).toMatchObject([{ code: 'agreement-unfit', severity: 'error' }])
      expect(of.totals).toMatchObject({ billed: { price: '30' }, unexplained: { price: '0' } })
    },
  )

  it('ends on an agreement that is over what is not invoiced any more, and nothing while it is billed otherwise [F13]', () => {
    const before = addition(3, '2026-06-01')
    const gone = {
      usages: [usage([])],
      previous: usage([line(3, '2026-08', 1, 31)], '2026-08'),
      additions: [before],
      owned: owned(before),
    }
    expect(
      writes(planned({ ...gone, agreement: agreement({ status: 'Expired', endDate: day('2026-08-31') }) })),
    ).toEqual(['end'])
    expect(writes(planned({ ...gone, agreement: agreement({ billsMonthly: false }) }))).toEqual([])
  })

  it('holds a subscription back whose earlier period failed, in a backlog of several [F12]', () => {
    const fixed = situation({
      usages: [
        usage([line(5, '2026-08', 1, 31), line(1, '2026-08', 1, 31, { subscriptionId: other })], '2026-08'),
        usage([whole(), whole({ subscriptionId: other }, 2)]),
      ],
      subscriptions: both,
      additions: [addition(5, '2026-06-01', '2026-08-14')],
      agreement: agreement({ nextInvoiceDate: day('2026-08-01') }),
    })
    const [august, september] = plan(fixed).periods
    expect(august?.subscriptions.map((row) => row.findings[0]?.code)).toEqual([
      'inconsistent-additions',
      undefined,
    ])
    expect(september?.subscriptions.map((row) => row.findings[0]?.code)).toEqual([
      'earlier-period-failed',
      undefined,
    ])
    expect(september ? writes(september) : []).toEqual(['create', 'end', 'create'])
  })

  it('shows a line whose amount is not what quantity, price and days make as unexplained', () => {
    const [row] = rows(lines(whole({ price: '50.5' as Money })))
    expect([row?.status, row?.findings[0]?.code, row?.reconciliation.unexplained]).toEqual([
      'Warning',
      'amount-differs',
      { cost: '0', price: '0.5' },
    ])
  })
})

describe('The quantity before the month [H1]', () => {
  const before = (...additions: Addition[]): (string | undefined)[] =>
    rows({ ...lines(whole({}, 8)), additions, owned: owned(...additions) }).map((row) => row.quantityBefore)

  it('counts what ended on its last day, as after every month with a change', () => {
    const ended = addition(5, '2026-06-01', '2026-08-31', { id: 1 })
    const step = addition(3, '2026-08-16', '2026-08-31', { id: 2 })
    const open = addition(8, '2026-09-01', null, { id: 3 })
    expect(before(ended, step, open)).toEqual(['8'])
  })

  it('is 0 where nothing was active on the day before', () => {
    expect(before()).toEqual(['0'])
    expect(before(addition(8, '2026-09-01', null))).toEqual(['0'])
    expect(before(addition(5, '2026-06-01', '2026-07-31'))).toEqual(['0'])
  })

  it('counts what ConnectWise invoiced up to it, also of an addition that is adopted now', () => {
    const byHand = addition(5, '2026-06-01', null, { serialNumber: '' })
    const invoiced = [{ through: day('2026-08-31'), additions: [byHand] }]
    const [row] = rows({ ...lines(whole({}, 5)), additions: [byHand], invoices: invoiced })
    expect([row?.changes[0]?.kind, row?.quantityBefore]).toEqual(['update', '5'])
    const own = { ...byHand, serialNumber: subscriptionId }
    const [known] = rows({ ...lines(whole({}, 5)), additions: [own], owned: owned(own), invoices: invoiced })
    expect(known?.quantityBefore).toBe('5')
  })

  it('counts only the subscription’s own, whatever the case of the serial number, and only of its product', () => {
    const own = addition(2, '2026-06-01', '2026-08-31', {
      id: 1,
      serialNumber: ` ${subscriptionId.toLowerCase()}`,
    })
    const foreign = addition(4, '2026-06-01', '2026-08-31', { id: 2, serialNumber: other })
    const product = addition(7, '2026-06-01', '2026-08-31', { id: 3, catalogItemId: 99 })
    expect(before(own, foreign, product)).toEqual(['2'])
  })

  it('is said of a subscription that fails, too', () => {
    const ended = addition(5, '2026-06-01', '2026-08-31')
    const [row] = rows({
      ...lines(whole({}, 8)),
      additions: [ended],
      owned: owned(ended),
      waiting: { [subscriptionId.toLowerCase()]: period('2026-08') },
    })
    expect(row).toMatchObject({ status: 'Error', quantityBefore: '5' })
  })
})
