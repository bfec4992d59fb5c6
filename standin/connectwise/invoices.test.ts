import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { additionsPath, newAddition, startTiny } from './testing.ts'

let connectWise: Awaited<ReturnType<typeof startTiny>>
beforeEach(async () => {
  connectWise = await startTiny()
})
afterEach(() => connectWise.close())
const invoice = () => connectWise.call('POST', '/control/agreements/30/invoice')
const prorated = () => connectWise.call('POST', '/control/agreements/30/invoice-prorated')
const setAgreement = (path: string, value: unknown) =>
  connectWise.call('PATCH', 'finance/agreements/30', [{ op: 'replace', path, value }])
const create = (effective: string) =>
  connectWise.call(
    'POST',
    additionsPath,
    newAddition({ quantity: 2, unitPrice: 22, effectiveDate: `${effective}T00:00:00Z` }),
  )
const nextInvoiceDate = async () =>
  (await connectWise.call('GET', 'finance/agreements/30')).body.nextInvoiceDate

describe('prorated additions at once [inferred]', () => {
  it('bills the invoiced period alone, keeps the next invoice date, and the next invoice does not repeat it', async () => {
    await setAgreement('periodType', 'Future')
    await setAgreement('invoiceProratedAdditionsFlag', true)
    await invoice()
    await create('2026-09-16')
    const atOnce = (await prorated()).body
    expect(atOnce.lines.map((line) => `${line.month} ${line.price}`)).toEqual(['2026-09 22.00'])
    expect(await nextInvoiceDate()).toBe('2026-10-01T00:00:00Z')
    expect((await invoice()).body.lines.map((line) => `${line.month} ${line.price}`)).toEqual([
      '2026-10 44.00',
    ])
  })

  it('is refused without the flag', async () => {
    const refused = await prorated()
    expect(refused.status).toBe(400)
    expect(refused.body.message).toContain('invoiceProratedAdditionsFlag')
  })

  it('can be deleted, and the next invoice catches up', async () => {
    await setAgreement('invoiceProratedAdditionsFlag', true)
    await create('2026-08-17')
    await prorated()
    await connectWise.call('DELETE', '/control/agreements/30/invoices/last')
    expect((await invoice()).body.lines.map((line) => line.month)).toEqual(['2026-08', '2026-09'])
  })
})

describe('a billing cycle of three months [inferred]', () => {
  const setCycle = (id: number) => setAgreement('billingCycle', { id })

  it('is one invoice for the quarter, and no month of it is billed again once it is monthly', async () => {
    await setAgreement('nextInvoiceDate', '2026-07-01T00:00:00Z')
    await setCycle(3)
    await create('2026-07-16')
    const quarter = (await invoice()).body
    expect(quarter.period).toEqual({ first: '2026-07-01', last: '2026-09-30' })
    expect(quarter.lines.map((line) => `${line.month} ${line.price}`)).toEqual(['2026-07 36.82'])
    expect(await nextInvoiceDate()).toBe('2026-10-01T00:00:00Z')
    await setCycle(2)
    expect((await invoice()).body.lines.map((line) => `${line.month} ${line.price}`)).toEqual([
      '2026-10 44.00',
    ])
  })
})
