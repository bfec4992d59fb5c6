import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { additionsPath, newAddition, startTiny } from './testing.ts'

let connectWise: Awaited<ReturnType<typeof startTiny>>
beforeEach(async () => {
  connectWise = await startTiny()
})
afterEach(() => connectWise.close())
const call = (...args: Parameters<typeof connectWise.call>) => connectWise.call(...args)
const stale = (body: unknown) => call('PUT', '/control/stale-reads', body)
const quantities = async () => (await call('GET', additionsPath)).body.map(({ quantity }) => quantity)
const setQuantity = (id: number, value: number) =>
  call('PATCH', `${additionsPath}/${id}`, [{ op: 'replace', path: 'quantity', value }])
const create = async (quantity: number) =>
  (await call('POST', additionsPath, newAddition({ quantity }))).body.id
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Longer than any of these tests takes. */
const long = 60_000

describe('stale reads', () => {
  it('are off until they are asked for', async () => {
    expect((await call('GET', '/control/stale-reads')).body).toEqual({ ms: 0 })
    await create(5)
    expect(await quantities()).toEqual([5])
  })

  it('answer lists, counts and gets as before the write, and the write itself as it is', async () => {
    const id = await create(5)
    await stale({ ms: long })
    expect((await setQuantity(id, 6)).body.quantity).toBe(6)
    await create(7)
    expect(await quantities()).toEqual([5])
    expect((await call('GET', `${additionsPath}/count`)).body).toEqual({ count: 1 })
    expect((await call('GET', `${additionsPath}/${id}`)).body.quantity).toBe(5)
    expect((await call('GET', `${additionsPath}/${id + 1}`)).status).toBe(404)
  })

  it('may be of one write alone, as a fault', async () => {
    const id = await create(5)
    const rule = { kind: 'stale', method: 'write', path: '*/additions*', nth: 2, ms: long }
    await call('POST', '/control/faults', rule)
    await setQuantity(id, 6)
    await create(7)
    await create(8)
    expect(await quantities()).toEqual([6, 8])
  })

  it('show a deleted record, and forget one that came and went', async () => {
    const id = await create(5)
    await stale({ ms: long })
    const gone = await create(7)
    for (const each of [id, gone]) expect((await call('DELETE', `${additionsPath}/${each}`)).status).toBe(204)
    expect(await quantities()).toEqual([5])
    expect((await setQuantity(id, 6)).status, 'a write meets the record as it is').toBe(404)
  })

  it('see a write when its time has passed', async () => {
    await stale({ ms: 80 })
    await create(5)
    expect(await quantities()).toEqual([])
    await later(120)
    expect(await quantities()).toEqual([5])
  })

  it('can be of some records only, and end with a reset', async () => {
    await stale({ ms: long, only: ['catalog'] })
    await create(5)
    await call('PATCH', 'procurement/catalog/40', [{ op: 'replace', path: 'price', value: 30 }])
    expect(await quantities()).toEqual([5])
    expect((await call('GET', 'procurement/catalog/40')).body.price).toBe(22)
    await call('POST', '/control/reset')
    expect((await call('GET', '/control/stale-reads')).body).toEqual({ ms: 0 })
  })

  it('are refused where they make no sense, and stay as they were', async () => {
    await stale({ ms: 10 })
    for (const body of [{}, { ms: -1 }, { ms: '5' }, { ms: 5, only: ['nothing'] }])
      expect((await stale(body)).status).toBe(400)
    expect((await call('GET', '/control/stale-reads')).body).toEqual({ ms: 10 })
  })
})
