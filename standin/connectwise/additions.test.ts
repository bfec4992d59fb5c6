import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, additionsPath, newAddition, startTiny, tinySeed } from './testing.ts'

let connectWise: Awaited<ReturnType<typeof startTiny>>
beforeEach(async () => {
  connectWise = await startTiny()
})
afterEach(() => connectWise.close())
const call: typeof connectWise.call = (...args) => connectWise.call(...args)
const create = (more: Record<string, unknown> = {}) => call('POST', additionsPath, newAddition(more))
const setAgreement = (path: string, value: unknown) =>
  call('PATCH', 'finance/agreements/30', [{ op: 'replace', path, value }])
const reasons = (answer: Answer) => answer.body.errors.map((one) => one.message)

describe('what an addition needs', () => {
  it('creates one with what ConnectWise computes', async () => {
    const { status, body } = await create({ lessIncluded: 1 })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      agreementId: 30,
      product: { id: 40, identifier: 'M365BP', serializedFlag: false },
      billedQuantity: 4,
      extPrice: 88,
      extCost: 70.4,
      margin: 17.6,
      proratePrice: 11.73, // 22 × 16/30
      prorateCost: 9.39,
      extendedProratePrice: 46.92,
      extendedProrateCost: 37.56,
      agreementStatus: 'Active',
      uom: 'Each',
      taxableFlag: true,
    })
    expect(body).not.toHaveProperty('cancelledDate')
  })

  it('takes prices and texts from the catalog item where none are named', async () => {
    const { body } = await call('POST', additionsPath, {
      product: { identifier: 'EXO1' },
      billCustomer: 'Billable',
    })
    expect(body).toMatchObject({ unitPrice: 22, unitCost: 17.6, quantity: 1, description: 'EXO1 for you' })
  })

  it('needs product and billCustomer, and knows its lengths', async () => {
    const missing = await call('POST', additionsPath, { serialNumber: 'x'.repeat(51) })
    expect(missing.body).toMatchObject({ code: 'InvalidObject', message: 'addition object is invalid' })
    expect(reasons(missing)).toEqual([
      'product is required.',
      'billCustomer is required.',
      'The field serialNumber must be a string with a maximum length of 50.',
    ])
  })

  it('refuses a product that is not there', async () => {
    const answer = await create({ product: { id: 99 } })
    expect(answer.body.errors).toEqual([
      { code: 'NotFound', message: 'Product 99 not found', resource: 'addition', field: 'product/id' },
    ])
  })

  it('refuses a bundle, and takes a second addition of one product', async () => {
    await call('PATCH', 'procurement/catalog/41', [{ op: 'replace', path: 'productClass', value: 'Bundle' }])
    expect((await create({ product: { id: 41 } })).status).toBe(400)
    await create()
    expect((await create()).status).toBe(201)
    expect((await call('GET', `${additionsPath}/count`)).body).toEqual({ count: 2 })
  })

  it('takes prices and texts of its new item where a PATCH changes the product and names none', async () => {
    const { id } = (await create({ unitPrice: 5, unitCost: 4 })).body
    const path = `${additionsPath}/${id}`
    const other = { op: 'replace', path: 'product', value: { id: 41 } }
    const price = { op: 'replace', path: 'unitPrice', value: 7 }
    const { body } = await connectWise.call('PATCH', path, [other, price])
    expect(body).toMatchObject({ quantity: 5, unitPrice: 7, unitCost: 17.6, description: 'EXO1 for you' })
    const same = await connectWise.call('PATCH', path, [other])
    expect(same.body).toMatchObject({ unitPrice: 7 })
  })

  it('is found below its own agreement only', async () => {
    const { body } = await create()
    await call('POST', 'finance/agreements', {
      name: 'B',
      type: { id: 1 },
      company: { id: 10 },
      contact: { id: 20 },
    })
    expect((await call('GET', `${additionsPath}/${body.id}`)).status).toBe(200)
    expect((await call('GET', `finance/agreements/31/additions/${body.id}`)).status).toBe(404)
    expect((await call('GET', 'finance/agreements/31/additions')).body).toEqual([])
    expect((await call('GET', 'finance/agreements/99/additions')).status).toBe(404)
  })
})

describe('dates', () => {
  it('refuses an effective date before the agreement bills', async () => {
    expect(reasons(await create({ effectiveDate: '2025-12-31T00:00:00Z' }))).toEqual([
      'effectiveDate cannot be less than the agreement billing start date',
    ])
  })

  it('refuses a date in an invoiced period where the agreement does not prorate', async () => {
    await setAgreement('prorateFlag', false)
    const refused = await create({ effectiveDate: '2026-08-31T00:00:00Z' })
    expect(reasons(refused)[0]).toMatch(
      /^Since this period has already been invoiced there will not be an invoice/,
    )
    expect((await create({ effectiveDate: '2026-09-01T00:00:00Z' })).status).toBe(201)
  })

  it('takes a date in an invoiced period where the agreement prorates', async () => {
    expect((await create({ effectiveDate: '2026-06-16T00:00:00Z' })).status).toBe(201)
  })

  it('can end an addition of an invoiced period where the agreement does not prorate', async () => {
    const { body } = await create({ effectiveDate: '2026-06-16T00:00:00Z' })
    await setAgreement('prorateFlag', false)
    const path = `${additionsPath}/${body.id}`
    const end = [{ op: 'replace', path: 'cancelledDate', value: '2026-09-30T00:00:00Z' }]
    expect((await call('PATCH', path, end)).body.cancelledDate).toBe('2026-09-30T00:00:00Z')
    const move = [{ op: 'replace', path: 'effectiveDate', value: '2026-07-01T00:00:00Z' }]
    expect((await call('PATCH', path, move)).status).toBe(400)
  })

  it('has its status by today, the cancelled date being its last active day', async () => {
    const { body } = await create({
      effectiveDate: '2026-09-10T00:00:00Z',
      cancelledDate: '2026-09-30T00:00:00Z',
    })
    const statusOn = async (today: string) => {
      await call('PUT', '/control/clock', { today })
      return (await call('GET', `${additionsPath}/${body.id}`)).body.agreementStatus
    }
    expect(await statusOn('2026-09-09')).toBe('Inactive')
    expect(await statusOn('2026-09-10')).toBe('Active')
    expect(await statusOn('2026-09-30')).toBe('Active')
    expect(await statusOn('2026-10-01')).toBe('Cancelled')
    await setAgreement('noEndingDateFlag', false)
    await setAgreement('endDate', '2026-09-20T00:00:00Z')
    expect(await statusOn('2026-09-21')).toBe('Expired')
  })
})

describe('invoices', () => {
  const invoice = () => call('POST', '/control/agreements/30/invoice')

  it('invoices the next month, moves on, and catches up what came later', async () => {
    await create({ effectiveDate: '2026-09-16T00:00:00Z', unitPrice: 10, unitCost: 8 })
    const september = await invoice()
    expect(september.status).toBe(201)
    expect(september.body).toMatchObject({ price: '25.00', cost: '20.00', nextInvoiceDate: '2026-10-01' })
    expect((await call('GET', 'finance/agreements/30')).body.nextInvoiceDate).toBe('2026-10-01T00:00:00Z')
    await create({
      effectiveDate: '2026-09-21T00:00:00Z',
      cancelledDate: '2026-09-30T00:00:00Z',
      unitPrice: 30,
    })
    const october = (await invoice()).body
    const lines = october.lines.map((line) => `${line.month} ${line.price}`)
    expect(lines).toEqual(['2026-10 50.00', '2026-09 50.00'])
  })

  it('counts what came with the seed as billed before', async () => {
    const additions = [{ id: 1, agreementId: 30, ...newAddition({ effectiveDate: '2026-02-01T00:00:00Z' }) }]
    const seeded = await startTiny(tinySeed({ additions }))
    const { body } = await seeded.call('POST', '/control/agreements/30/invoice')
    await seeded.close()
    expect(body.lines.map((line) => line.month)).toEqual(['2026-09'])
  })

  it('deletes the last invoice: the date goes back and the month is billed again', async () => {
    await create()
    const first = (await invoice()).body
    await call('DELETE', '/control/agreements/30/invoices/last')
    expect((await call('GET', 'finance/agreements/30')).body.nextInvoiceDate).toBe('2026-09-01T00:00:00Z')
    expect((await call('GET', '/control/agreements/30/invoices')).body).toEqual([])
    expect((await invoice()).body.lines).toEqual(first.lines)
    await call('DELETE', '/control/agreements/30/invoices/last')
    expect((await call('DELETE', '/control/agreements/30/invoices/last')).status).toBe(404)
  })

  it('does not invoice an agreement that ended or bills in weeks', async () => {
    const weekly = { identifier: 'W', name: 'Weekly', billingOptions: 'Weekly' }
    const { body: cycle } = await call('POST', 'finance/billingCycles', weekly)
    await setAgreement('billingCycle', { id: cycle.id })
    const refused = await invoice()
    expect(refused.status).toBe(400)
    expect(refused.body.message).toContain('Weekly')
    await setAgreement('billingCycle', { id: 2 })
    await setAgreement('cancelledFlag', true)
    expect((await invoice()).status).toBe(409)
  })

  it('bills each addition of a One-Time agreement once, in whole, and takes none for a day before that', async () => {
    await setAgreement('billingCycle', { id: 5 })
    await setAgreement('prorateFlag', false)
    await create({ effectiveDate: '2026-09-10T00:00:00Z', cancelledDate: '2026-09-10T00:00:00Z' })
    const first = (await invoice()).body
    expect(first.lines).toHaveLength(1)
    expect(first.lines[0]).toMatchObject({ days: 30, daysInPeriod: 30, catchUp: false })
    expect((await invoice()).body.lines).toEqual([])
    const { nextInvoiceDate } = (await call('GET', 'finance/agreements/30')).body
    expect(String(nextInvoiceDate) > '2026-09-10').toBe(true)
    const late = await call(
      'POST',
      'finance/agreements/30/additions',
      newAddition({ effectiveDate: '2026-09-10T00:00:00Z' }),
    )
    expect(late.status).toBe(400)
  })
})

describe('a condition on a field that is computed', () => {
  const paths: Readonly<Record<string, string>> = {
    agreement: 'finance/agreements',
    addition: additionsPath,
    item: 'procurement/catalog',
  }

  it.each(Object.entries(paths))('sees of each %s what is shown of it', async (_, path) => {
    await create({ lessIncluded: 1 })
    const { body } = await call('GET', path)
    const [shown] = body as unknown as Record<string, unknown>[]
    const plain = Object.entries(shown ?? {}).filter(([, value]) =>
      ['number', 'string', 'boolean'].includes(typeof value),
    )
    expect(plain.length).toBeGreaterThan(10)
    for (const [name, value] of plain) {
      const isDay = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
      const text = isDay ? `[${value}]` : typeof value === 'string' ? `"${value}"` : String(value)
      const found = await call('GET', `${path}?conditions=${encodeURIComponent(`${name} = ${text}`)}`)
      expect([name, found.status, (found.body as unknown as unknown[]).length > 0]).toEqual([name, 200, true])
    }
  })
})
