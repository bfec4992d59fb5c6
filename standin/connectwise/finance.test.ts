/** What was invoiced, what will be, and who changed what (docs/facts/connectwise.md, "What was invoiced"). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { additionsPath, type Body, newAddition, startTiny } from './testing.ts'

let connectWise: Awaited<ReturnType<typeof startTiny>>
beforeAll(async () => {
  connectWise = await startTiny()
})
beforeEach(() => call('POST', '/control/reset'))
afterAll(() => connectWise.close())
const call: typeof connectWise.call = (...args) => connectWise.call(...args)
const get = async (path: string): Promise<Body> => (await call('GET', path)).body
const setAgreement = (path: string, value: unknown) =>
  call('PATCH', 'finance/agreements/30', [{ op: 'replace', path, value }])
const invoice = () => call('POST', '/control/agreements/30/invoice')
const unknowns = (switches: unknown) => call('PUT', '/control/unknowns', switches)

/** Five at 22.00 since 17 August: August was invoiced, so half of it (15/31) is caught up with September. */
async function addMidAugust(): Promise<number> {
  const body = newAddition({ quantity: 5, effectiveDate: '2026-08-17T00:00:00Z' })
  return (await call('POST', additionsPath, body)).body.id
}
const september = 110
const caughtUp = 53.25 // 22.00 × 15/31 = 10.65 a unit

describe('the forecast', () => {
  it('is the next invoice that the agreement then gets, catch-up included', async () => {
    await addMidAugust()
    await setAgreement('billAmount', 40)
    expect(await get('finance/agreementrecap/30')).toMatchObject({
      id: 30,
      name: 'Cloud Subscriptions',
      companyName: 'Wingtip Toys',
      agreementStatus: 'Active',
      nextInvoiceAmount: 40 + september + caughtUp,
      nextInvoiceDate: '2026-09-01T00:00:00Z',
      unbilledPeriods: 0,
    })
    await invoice()
    expect(await get('finance/agreementrecap/30')).toMatchObject({
      lastInvoiceAmount: (40 + september + caughtUp).toFixed(2),
      lastInvoiceNumber: 'INV-1001',
      lastInvoiceDate: '2026-09-15T00:00:00Z',
      nextInvoiceAmount: 40 + september,
      nextInvoiceDate: '2026-10-01T00:00:00Z',
    })
  })

  it('may leave the catch-up out', async () => {
    await addMidAugust()
    await unknowns({ forecastHasCatchUp: false })
    expect((await get('finance/agreementrecap/30')).nextInvoiceAmount).toBe(september)
    expect((await get('finance/agreements/30/recurringParameters/1')).additionsAmount).toBe(september)
    expect((await invoice()).body.price).toBe((september + caughtUp).toFixed(2))
  })

  it('is listed under its path with the slash at the end alone, with conditions and pages', async () => {
    expect(await get('finance/agreementrecap/')).toMatchObject([{ id: 30 }])
    expect(await get('finance/agreementrecap/?conditions=name%3D%22Other%22')).toEqual([])
    expect((await call('GET', 'finance/agreementrecap')).status).toBe(404)
    expect((await call('GET', 'finance/agreementrecap/31')).status).toBe(404)
  })

  it('counts the periods whose invoice was not made, in arrears and in advance', async () => {
    const unbilled = async () => (await get('finance/agreementrecap/30')).unbilledPeriods
    await setAgreement('nextInvoiceDate', '2026-07-01T00:00:00Z')
    expect(await unbilled()).toBe(2)
    await setAgreement('periodType', 'Future')
    expect(await unbilled()).toBe(3)
  })

  it('has its parts: own amount, additions, and the agreements below it', async () => {
    await addMidAugust()
    await setAgreement('billAmount', 40)
    const { type, company, contact, billingCycle, billStartDate, nextInvoiceDate } =
      await get('finance/agreements/30')
    const like = { type, company, contact, billingCycle, billStartDate, nextInvoiceDate }
    const child = { ...like, name: 'Below', billAmount: 7, parentAgreement: { id: 30 } }
    expect((await call('POST', 'finance/agreements', child)).status).toBe(201)
    expect(await get('finance/agreements/30/recurringParameters/12')).toMatchObject({
      aGRAmount: 40,
      additionsAmount: september + caughtUp,
      childrenAmount: 7,
      totalAmount: 40 + september + caughtUp + 7,
      cycleBase: { name: 'Calendar Year' },
      billingCycle: { name: 'Monthly' },
      prorateFlag: true,
      invoiceProratedAdditionsFlag: false,
    })
  })

  it('has no amount of an agreement that cannot be invoiced here, and the others keep theirs', async () => {
    const weekly = { identifier: 'W', name: 'Weekly', billingOptions: 'Weekly' }
    await setAgreement('billingCycle', { id: (await call('POST', 'finance/billingCycles', weekly)).body.id })
    expect(await get('finance/agreementrecap/30')).not.toHaveProperty('nextInvoiceAmount')
    expect((await call('GET', 'finance/agreements/30/recurringParameters/1')).status).toBe(400)
    expect((await call('GET', 'finance/agreements/31/recurringParameters/1')).status).toBe(404)
  })
})

describe('an invoice', () => {
  beforeEach(async () => {
    await addMidAugust()
    await setAgreement('billAmount', 40)
    await invoice()
  })

  it('is a header without lines, found by its agreement and date', async () => {
    const header = await get('finance/invoices/1001')
    expect(header).toMatchObject({
      invoiceNumber: 'INV-1001',
      type: 'Agreement',
      company: { identifier: 'Wingtip' },
      agreement: { id: 30, name: 'Cloud Subscriptions', type: 'Cloud Subscriptions' },
      date: '2026-09-15T00:00:00Z',
      agreementAmount: 40,
      productTotal: september + caughtUp,
      subtotal: 40 + september + caughtUp,
      total: 40 + september + caughtUp,
      salesTax: 0,
    })
    expect(header).not.toHaveProperty('lines')
    for (const [conditions, found] of [
      ['agreement/id=30 and date>=[2026-09-15]', 1],
      ['agreement/id=31', 0],
      ['type="Standard"', 0],
    ] as const)
      expect(await get(`finance/invoices?${new URLSearchParams({ conditions })}`)).toHaveLength(found)
    expect(await get('finance/invoices/count')).toEqual({ count: 1 })
  })

  it('cannot be written, and is gone when it is deleted', async () => {
    expect((await call('POST', 'finance/invoices', {})).status).toBe(405)
    expect((await call('DELETE', 'finance/invoices/1001')).status).toBe(405)
    await call('DELETE', '/control/agreements/30/invoices/last')
    expect((await call('GET', 'finance/invoices/1001')).status).toBe(404)
    expect((await call('GET', 'finance/invoices/1001/glEntries/')).status).toBe(404)
    expect((await call('GET', 'finance/info/invoice/1001')).status).toBe(404)
  })

  it('has GL entries, one an addition with its catch-up, that add up to it', async () => {
    const entries = await get('finance/invoices/1001/glEntries/')
    expect(entries).toMatchObject([
      { description: 'Cloud Subscriptions', amount: 40 },
      { productId: 'M365BP', description: 'M365BP for you', amount: september + caughtUp, cost: 88 + 42.6 },
    ])
    expect((await call('GET', 'finance/invoices/1001/glEntries')).status).toBe(404)
  })

  it('may show additions nowhere as lines', async () => {
    await unknowns({ additionsAsLines: false })
    const entries = await get('finance/invoices/1001/glEntries/')
    expect(entries.map(({ productId, amount }) => [productId, amount])).toEqual([
      [undefined, 40 + september + caughtUp],
    ])
    expect(await get('finance/info/invoice/1001')).toMatchObject({
      products: [],
      agreementBillingInfo: [{ agreementAmount: 40 + september + caughtUp }],
    })
  })

  it('has an info of header, products and agreements', async () => {
    expect(await get('finance/info/invoice/1001')).toMatchObject({
      id: 1001,
      invoice: { invoiceNumber: 'INV-1001', total: 40 + september + caughtUp },
      products: [
        { catalogItem: { identifier: 'M365BP' }, quantity: 5, price: 22 + 10.65, cost: 17.6 + 8.52 },
      ],
      agreementBillingInfo: [{ agreementName: 'Cloud Subscriptions', agreementRecId: 30 }],
      timeEntries: [],
      expenses: [],
    })
  })

  it('has its paper', async () => {
    const address = `${connectWise.url}/v2025_1/apis/3.0/finance/invoices/1001/pdf`
    const authorization = `Basic ${Buffer.from('acme+pub:priv').toString('base64')}`
    const response = await fetch(address, { headers: { authorization, clientid: 'any' } })
    expect(response.headers.get('content-type')).toBe('application/pdf')
    const text = Buffer.from(await response.arrayBuffer()).toString('latin1')
    expect(text).toMatch(/^%PDF-1\.4\n/)
    expect(text).toContain('(M365BP for you: 5 x 32.65 = 163.25)')
    expect(text).toContain('This item has been prorated with a start date of 2026-08-17')
    const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1])
    expect(text.slice(table, table + 4)).toBe('xref')
    for (const [index, [, offset]] of [...text.matchAll(/^(\d{10}) 00000 n $/gm)].entries())
      expect(text.slice(Number(offset))).toMatch(new RegExp(`^${index + 1} 0 obj\n`))
  })
})

describe('a role', () => {
  it.each([
    ['Finance/Agreements', ['finance/agreementrecap/', 'finance/agreements/30/recurringParameters/1']],
    ['Finance/Invoicing:Inquire', ['finance/invoices', 'finance/info/invoice/1', 'finance/invoices/1/pdf']],
    ['System/Table Setup/Tax Code', ['finance/taxCodes']],
    ['System/Audit Trail', ['system/audittrail?type=Agreement&id=30']],
  ])('without %s is refused', async (denied, paths) => {
    await call('PUT', '/control/role', { denied: [denied] })
    for (const path of paths) expect([path, (await call('GET', path)).status]).toEqual([path, 403])
    expect((await call('GET', 'company/companies')).status).toBe(200)
  })

  it('tells its own permissions, even where everything is denied', async () => {
    await call('PUT', '/control/role', {
      denied: ['Finance/Agreements:Edit', 'System/Table Setup/UOM', 'Companies/Contacts'],
    })
    const rows = await get('system/mySecurity?pageSize=1000')
    const of = (identifier: string) => rows.find((row) => row.moduleFunctionIdentifier === identifier)
    expect(of('Finance/Agreements')).toMatchObject({
      moduleName: 'Finance',
      moduleFunctionName: 'Agreements',
      inquireLevel: 'All',
      addLevel: 'All',
      editLevel: 'None',
      restrictFlag: true,
    })
    expect(of('System/Table Setup')).toMatchObject({ inquireLevel: 'All', restrictFlag: true })
    expect(of('Companies/Contacts')).toMatchObject({ inquireLevel: 'None' })
    expect(of('Finance/Invoicing')).toMatchObject({ editLevel: 'All', restrictFlag: false })
  })
})

describe('the audit trail', () => {
  const trail = (query: string) => call('GET', `system/audittrail?${query}`)

  it('says who changed which field of an addition, the newest first, after its end too', async () => {
    const id = await addMidAugust()
    await call('PATCH', `${additionsPath}/${id}`, [
      { op: 'replace', path: 'quantity', value: 6 },
      { op: 'replace', path: 'unitPrice', value: 22 },
    ])
    const row = connectWise.store.get('additions', id)
    connectWise.store.put('additions', { ...row, id, quantity: 7 }, 'GClerk')
    await call('DELETE', `${additionsPath}/${id}`)
    const { body } = await trail(`type=AgreementAddition&id=${id}`)
    expect(body.map(({ text, enteredBy }) => [enteredBy, text])).toEqual([
      ['pub', `Record ${id} was deleted.`],
      ['GClerk', 'quantity was changed from 6 to 7.'],
      ['pub', 'quantity was changed from 5 to 6.'],
      ['pub', `Record ${id} was created.`],
    ])
    expect(Object.keys(body[0] ?? {})).toEqual([
      'text',
      'enteredDate',
      'enteredBy',
      'auditType',
      'auditSubType',
      'auditSource',
    ])
  })

  it('is of the record asked for, and needs its type and id', async () => {
    await addMidAugust()
    expect((await trail('type=Agreement&id=30')).body).toEqual([])
    expect((await trail('type=agreementaddition&id=4711')).body).toEqual([])
    expect((await trail('type=Agreement')).body.errors[0]).toMatchObject({
      code: 'MissingRequiredField',
      message: 'id or deviceIdentifier is required.',
    })
    expect((await trail('id=30')).status).toBe(400)
  })
})

describe('set-up of finance', () => {
  it('has tax codes and currencies, and agreements show their currency', async () => {
    expect(await get('finance/taxCodes')).toMatchObject([{ identifier: 'GST', levelOneRate: 10 }])
    expect(await get('finance/currencies?conditions=currencyCode%3D%22AUD%22')).toMatchObject([{ id: 1 }])
    expect((await setAgreement('currency', { id: 1 })).body.currency).toMatchObject({
      id: 1,
      currencyCode: 'AUD',
      name: 'Australian Dollar',
    })
    expect(await get('finance/agreements?conditions=currency/currencyCode%3D%22AUD%22')).toHaveLength(1)
    expect((await setAgreement('currency', { id: 99 })).status).toBe(400)
  })

  it('keeps adjustments below their agreement', async () => {
    const path = 'finance/agreements/30/adjustments'
    const adjustment = { amount: -5, description: 'Goodwill', effectiveDate: '2026-09-01T00:00:00Z' }
    const { id } = (await call('POST', path, adjustment)).body
    expect(await get(path)).toMatchObject([{ id, agreementId: 30, ...adjustment }])
    expect((await call('GET', 'finance/agreements/31/adjustments')).status).toBe(404)
    expect((await call('POST', path, { description: 'x'.repeat(1001) })).status).toBe(400)
  })
})

it('switches of what is unknown are listed and checked', async () => {
  const switches: Body = await get('/control/unknowns')
  expect(Object.keys(switches)).toHaveLength(11)
  expect(new Set(Object.values(switches))).toEqual(new Set([true]))
  for (const body of [{ additionsAsLines: 'no' }, { nothing: true }])
    expect((await unknowns(body)).status).toBe(400)
})
