import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { additionsPath, newAddition, startTiny } from './testing.ts'

let connectWise: Awaited<ReturnType<typeof startTiny>>
beforeEach(async () => {
  connectWise = await startTiny()
})
afterEach(() => connectWise.close())

const create = async (serialNumber: string) =>
  (await connectWise.call('POST', additionsPath, newAddition({ serialNumber }))).body
const additions = async () => (await connectWise.call('GET', additionsPath)).body
const snapshot = async () => (await connectWise.call('GET', '/control/snapshot')).body
const restore = (body: unknown) => connectWise.call('PUT', '/control/snapshot', body)
const invoice = () => connectWise.call('POST', '/control/agreements/30/invoice')
const agreement = async () => (await connectWise.call('GET', 'finance/agreements/30')).body

describe('a snapshot', () => {
  it('puts back what was there, whatever was written, deleted and invoiced since', async () => {
    const kept = await create('kept')
    await invoice()
    const [before, asked] = [await additions(), await snapshot()]
    const { nextInvoiceDate } = await agreement()
    await create('later')
    await connectWise.call('PATCH', `${additionsPath}/${kept.id}`, [
      { op: 'replace', path: 'serialNumber', value: 'changed' },
    ])
    await invoice()
    expect(await additions()).not.toEqual(before)
    expect((await restore(asked)).status).toBe(204)
    expect(await additions()).toEqual(before)
    expect((await agreement()).nextInvoiceDate).toBe(nextInvoiceDate)
    expect((await connectWise.call('GET', '/control/agreements/30/invoices')).body).toHaveLength(1)
    expect(await snapshot()).toEqual(asked)
  })

  it('gives the next record the id that it would have had then', async () => {
    const asked = await snapshot()
    const first = await create('first')
    await restore(asked)
    expect((await create('again')).id).toBe(first.id)
  })

  it('is refused where it is none', async () => {
    await create('kept')
    for (const body of [null, {}, { collections: {} }]) expect((await restore(body)).status).toBe(400)
    expect(await additions()).toHaveLength(1)
  })
})
