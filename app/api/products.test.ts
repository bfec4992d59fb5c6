/** The product sync over the API, against a catalog with everything that can be odd about it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { connectWiseSeed, demoMappings } from '../../standin/data/index.ts'
import { startedRunSchema } from './schemas/jobs.ts'
import { productsSchema } from './schemas/products.ts'
import { programSchema } from './schemas/programs.ts'
import { runSchema, runsSchema } from './schemas/runs.ts'
import { type ApiWorld, asOwner, type CallApi, settled, startApiWorld } from './testing/api-world.ts'
import { connect, scheduledCall } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
let world: ApiWorld
let api: CallApi
beforeAll(async () => {
  world = await startApiWorld(
    { CONNECTWISE_TIMEOUT_MS: '1000' },
    { ...connectWiseSeed(), records: { ...connectWiseSeed().records, catalog: [], additions: [] } },
  )
  api = await asOwner()
  await connect(world, api)
  await settled()
})
afterAll(() => world.stop())

const preview = (query = '') => readAnswer(api, productsSchema, 'GET', `${P}/products${query}`)
const run = async () => {
  const { runId } = await readAnswer(api, startedRunSchema, 'POST', `${P}/products/sync`)
  await settled()
  return readAnswer(api, runSchema, 'GET', `/api/runs/${runId}`)
}
const writes = () =>
  world.connectWise.requests
    .report()
    .requests.filter(({ method, path }) => method !== 'GET' && path.includes('/procurement/catalog'))
const items = () => world.connectWise.store.all('catalog')
const change = (id: number, set: object) =>
  world.connectWise.store.put(
    'catalog',
    { ...world.connectWise.store.get('catalog', id), ...set, id },
    'a clerk',
  )

describe('the product sync', () => {
  it('does nothing while the program’s Sync is off, and previews all the same [C2][D5][D9]', async () => {
    expect(await refusal(api('POST', `${P}/products/sync`))).toMatchObject({ code: 'sync-off' })
    await readAnswer(api, programSchema, 'PUT', P, { enabled: true, productMode: 'all' })
    await api('POST', `${P}/products/sync`)
    await settled()
    await readAnswer(api, programSchema, 'PUT', P, { enabled: false })
    expect((await preview()).total).toBeGreaterThan(5)
    expect(await refusal(api('POST', `${P}/products/sync`))).toMatchObject({ code: 'sync-off' })
    await readAnswer(api, programSchema, 'PUT', P, { enabled: true })
  })

  it('has created the whole list, each once, with cost, price and the cut name [C3][D2]', async () => {
    const { counts, products } = await preview()
    expect(counts).toMatchObject({ create: 0, change: 0, ambiguous: 0 })
    expect(items().length).toBe(counts.same)
    expect(new Set(items().map(({ vendorSku }) => vendorSku)).size).toBe(items().length)
    for (const { sku, items: linked, unitCost, unitPrice } of products.filter(
      ({ state }) => state === 'same',
    ))
      expect(linked, sku).toMatchObject([{ identifier: sku, unitCost, unitPrice }])
    for (const { description } of items()) expect(String(description).length).toBeLessThanOrEqual(60)
  })

  it('is downloaded as CSV, all that fits [D5]', async () => {
    const { total } = await preview('?state=same')
    const answer = await api('GET', `${P}/products/csv?state=same`)
    expect(answer.headers.get('content-type')).toContain('text/csv')
    const lines = (await answer.text()).trimEnd().split('\r\n')
    expect(lines[0]).toMatch(/^SKU,Name,State,In use,/)
    expect(lines.length).toBe(total + 1)
  })

  it('shows other pages of a preview without reading ConnectWise again [D5]', async () => {
    const reads = () =>
      world.connectWise.requests.report().requests.filter(({ path }) => path.includes('/procurement/catalog'))
        .length
    const { preview: id, readAt, total } = await preview()
    const before = reads()
    const same = await preview(`?preview=${id}&state=same&search=a`)
    expect(same).toMatchObject({ preview: id, readAt })
    expect(same.total).toBeLessThan(total)
    await api('GET', `${P}/products/csv?preview=${id}`)
    expect(reads()).toBe(before)
    const other = await preview('?preview=00000000-0000-4000-8000-000000000000')
    expect(other.preview).not.toBe(id)
    expect(reads()).toBeGreaterThan(before)
    expect((await preview(`?preview=${id}`)).preview).not.toBe(id)
  })

  it('is previewed for one customer, mapped or not, as if it synced [D5]', async () => {
    const [coho] = demoMappings()
    const own = await readAnswer(api, productsSchema, 'GET', `${P}/customers/${coho?.tenantId}/products`)
    expect(own.total).toBeGreaterThan(1)
    expect(own.total).toBeLessThan((await preview()).total)
    expect(own.products.every(({ inUse }) => inUse)).toBe(true)
    const answer = await api('GET', `${P}/customers/${coho?.tenantId}/products/csv`)
    expect((await answer.text()).trimEnd().split('\r\n')).toHaveLength(own.total + 1)
    expect(await refusal(api('GET', `${P}/customers/nobody/products`))).toMatchObject({ code: 'not-found' })
  })

  it('writes nothing the second time and says No Change [D3][G2]', async () => {
    const before = writes().length
    expect(await run()).toMatchObject({
      kind: 'products',
      status: 'No Change',
      trigger: 'hand',
      counts: { created: 0, updated: 0, failed: 0, unchanged: items().length },
      products: [],
    })
    expect(writes().length).toBe(before)
  })

  it('gives a linked item the list’s cost and price, and keeps what a person changed [D1][D3]', async () => {
    const [one, other] = items()
    if (one === undefined || other === undefined) throw new Error('two items')
    change(one.id, {
      cost: 0.01,
      identifier: 'RENAMED',
      description: 'My words',
      vendorSku: ` ${String(one.vendorSku).toLowerCase()} `,
    })
    const { counts, products } = await preview('?state=change')
    expect(counts).toMatchObject({ change: 1, create: 0 })
    expect(products).toMatchObject([{ items: [{ identifier: 'RENAMED', unitCost: '0.01' }] }])
    const before = writes().length
    const synced = await run()
    expect(synced).toMatchObject({ status: 'Success', counts: { created: 0, updated: 1 } })
    expect(synced.products).toMatchObject([
      { what: 'updated', before: { unitCost: '0.01' }, after: { unitCost: products[0]?.unitCost } },
    ])
    expect(writes().length).toBe(before + 1)
    expect(world.connectWise.store.get('catalog', one.id)).toMatchObject({
      identifier: 'RENAMED',
      description: 'My words',
      vendorSku: ` ${String(one.vendorSku).toLowerCase()} `,
    })
  })

  it('names a product with two items, one of them inactive, and syncs the others [D6]', async () => {
    const [one, other] = items()
    if (one === undefined || other === undefined) throw new Error('two items')
    const copy = { ...one, id: 90_000, identifier: 'COPY', inactiveFlag: true }
    world.connectWise.store.put('catalog', copy, 'a clerk')
    change(other.id, { price: 0.02 })
    const synced = await run()
    expect(synced).toMatchObject({ status: 'Error', counts: { updated: 1, failed: 1 } })
    const sku = String(one.vendorSku).trim().toUpperCase()
    expect(synced.products.find(({ what }) => what === 'failed')).toMatchObject({
      message: `There are multiple products in the ConnectWise product catalog with the VendorSku of '${sku}'`,
      remedy: expect.stringContaining('Vendor SKU'),
    })
    world.connectWise.store.remove('catalog', 90_000, 'a clerk')
    expect((await run()).status).toBe('No Change')
  })

  it('says what ConnectWise refuses in its exact words, and which default is missing [D7][D8]', async () => {
    const [one] = items()
    if (one === undefined) throw new Error('an item')
    world.connectWise.store.remove('catalog', one.id, 'a clerk')
    await readAnswer(api, programSchema, 'PUT', P, { defaults: { unitOfMeasure: 'Furlong' } })
    expect((await run()).products).toMatchObject([
      {
        what: 'failed',
        message: "Unable to find the default product unit of measure of 'Furlong' when adding a new product",
      },
    ])
    await readAnswer(api, programSchema, 'PUT', P, { defaults: { unitOfMeasure: 'Each' } })
    world.connectWise.faults.add([{ kind: '403', method: 'POST', path: '*/procurement/catalog' }])
    expect((await run()).products).toMatchObject([
      {
        status: 'Error',
        message:
          'Failed to get or create the product in ConnectWise: You do not have security permission to perform this action.',
      },
    ])
    world.connectWise.faults.clear()
    expect(await run()).toMatchObject({ status: 'Success', counts: { created: 1 } })
  })

  it('creates no second item where ConnectWise did not answer after creating one [D6]', async () => {
    const [one] = items()
    if (one === undefined) throw new Error('an item')
    const sku = String(one.vendorSku)
    world.connectWise.store.remove('catalog', one.id, 'a clerk')
    world.connectWise.faults.add([
      { kind: 'cut-after', method: 'POST', path: '*/procurement/catalog', nth: 1 },
    ])
    expect(await run()).toMatchObject({ status: 'Success', counts: { created: 1, failed: 0 } })
    expect(items().filter(({ vendorSku }) => vendorSku === sku)).toHaveLength(1)
  })

  it('creates only what is in use in the other mode [C3]', async () => {
    for (const { id } of items()) world.connectWise.store.remove('catalog', id, 'a clerk')
    await readAnswer(api, programSchema, 'PUT', P, { productMode: 'in-use' })
    const { counts } = await preview()
    expect(counts.create).toBe(0)
    expect(counts['not-in-use']).toBeGreaterThan(5)
    expect((await preview('?state=written')).total).toBe(0)
    expect((await run()).status).toBe('No Change')
    expect(items()).toEqual([])
  })

  it('comes before the customers of a detected invoice, which find their products there [D9]', async () => {
    const [coho] = demoMappings()
    const { tenantId, ...mapping } = { ...coho, syncEnabled: true }
    await api('PUT', `${P}/customers/${tenantId}/mapping`, { body: mapping })
    await world.issueNextInvoice()
    world.connectWise.faults.add([
      { kind: 'latency', method: 'POST', path: '*/procurement/catalog', ms: 200 },
    ])
    await scheduledCall()
    world.connectWise.faults.clear()
    const { runs } = await readAnswer(api, runsSchema, 'GET', '/api/runs')
    const [customers, products] = (['customers', 'products'] as const).map((kind) =>
      runs.find((each) => each.kind === kind && each.trigger === 'schedule'),
    )
    expect(products).toMatchObject({ status: 'Success' })
    const synced = await readAnswer(api, runSchema, 'GET', `/api/runs/${customers?.id}`)
    expect(synced.status).toBe('Success')
    expect(
      synced.customers.flatMap(({ periods }) => periods.flatMap((each) => each.appliedCatalogItems)),
    ).toEqual([])
    const bySku = await readAnswer(api, runSchema, 'GET', `/api/runs/${products?.id}`)
    expect(bySku.counts?.created).toBe(items().length)
    expect(items().length).toBeGreaterThan(0)
  })
})

describe('items that name a product otherwise than by its Vendor SKU', () => {
  it('takes PRISM Connect’s item over in place of a second one, and asks where two name the product [D1][D5]', async () => {
    const [taken, twice] = (await preview('?state=same')).products
    const [of, first] = [taken?.items[0], twice?.items[0]]
    if (!taken || !twice || !of || !first) throw new Error('The list has products')
    const name = `P1M:M:${taken.sku}`
    change(of.id, { identifier: name, vendorSku: name, price: 99 })
    change(first.id, { identifier: `P1M:M:${twice.sku}`, vendorSku: `P1M:M:${twice.sku}` })
    change(first.id + 50_000, {
      ...world.connectWise.store.get('catalog', first.id),
      identifier: `P1Y:M:${twice.sku}`,
      vendorSku: `P1Y:M:${twice.sku}`,
    })
    const before = items().length
    const shown = new Map((await preview()).products.map((each) => [each.sku, each]))
    expect(shown.get(taken.sku)).toMatchObject({
      state: 'take-over',
      items: [{ id: of.id, identifier: name }],
    })
    expect(shown.get(twice.sku)).toMatchObject({ state: 'claimed' })

    const { status, products } = await run()
    expect(status).toBe('Warning')
    expect(JSON.stringify(products)).toContain(`name the SKU '${twice.sku}'`)
    expect(items().length).toBe(before)
    expect(world.connectWise.store.get('catalog', of.id)).toMatchObject({
      identifier: name,
      vendorSku: taken.sku,
      price: Number(taken.unitPrice),
    })
    expect((await preview()).counts).toMatchObject({ 'take-over': 0, claimed: 1 })
    change(first.id, { identifier: twice.sku, vendorSku: twice.sku })
    change(first.id + 50_000, { identifier: 'other', vendorSku: 'other' })
    change(of.id, { identifier: taken.sku })
  })
})
