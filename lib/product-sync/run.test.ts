/** The product sync at the size of a large partner: 20,000 catalog items, 5,000 products, everything that can be odd. */
import { afterEach, expect, it } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { storePriceList } from '#db/prism/products.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import { productResultsOf } from '#db/runs/product-runs.ts'
import { run } from '#db/runs/runs.ts'
import type { Money, Product } from '#lib/billing/types.ts'
import { drain } from '#lib/jobs/drain.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import { requestProducts } from '#lib/jobs/requests.ts'
import { programs } from '#lib/programs/registry.ts'
import { workerOf } from '#lib/sync/testing/processes.ts'
import { createConnectWise } from '#standin/connectwise/server.ts'
import { tinySeed } from '#standin/connectwise/testing.ts'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'

const PRODUCTS = 5_000
const ITEMS = 20_000
const program = 'microsoft-csp'
const money = (value: number): Money => String(value) as Money

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const sku = (index: number): string => `CFQ7TTC0${String(index).padStart(4, '0')}:0001`

const products: readonly Product[] = Array.from({ length: PRODUCTS }, (_, index) => ({
  productId: `product-${index}`,
  sku: sku(index),
  name: `Product ${index}`,
  unitCost: money(10 + index / 100),
  unitPrice: money(12 + index / 100),
  current: true,
}))

/** What ConnectWise holds of product `index`, and how many requests a sync must write for it. */
function kindOf(index: number): 'linked' | 'spelled' | 'dearer' | 'twice' | 'inactive' | 'missing' {
  if (index % 100 === 0) return 'dearer'
  if (index % 250 === 1) return 'twice'
  if (index % 250 === 2) return 'inactive'
  if (index % 100 === 3) return 'missing'
  return index % 7 === 0 ? 'spelled' : 'linked'
}

function catalog(): object[] {
  const [template] = tinySeed().records.catalog ?? []
  let id = 1_000
  const item = (vendorSku: string, more: object) => {
    id += 1
    return { ...template, id, identifier: `A clerk's ${id}`, description: `Mine ${id}`, vendorSku, ...more }
  }
  const ours = products.flatMap(({ sku: vendorSku, unitCost, unitPrice }, index) => {
    const amounts = { cost: Number(unitCost), price: Number(unitPrice) }
    switch (kindOf(index)) {
      case 'missing':
        return []
      case 'dearer':
        return [item(vendorSku, { cost: amounts.cost + 1, price: amounts.price })]
      case 'twice':
        return [item(vendorSku, amounts), item(vendorSku.toLowerCase(), { ...amounts, inactiveFlag: true })]
      case 'inactive':
        return [item(vendorSku, { ...amounts, inactiveFlag: true })]
      case 'spelled':
        return [item(`  ${vendorSku.toLowerCase()} `, amounts)]
      case 'linked':
        return [item(vendorSku, amounts)]
    }
  })
  const others = Array.from({ length: ITEMS - ours.length }, (_, index) =>
    item(index % 2 === 0 ? `OTHER-${index}` : '', { cost: 1, price: 2 }),
  )
  return [...ours, ...others]
}

async function start() {
  const database = await createTestDatabase()
  closing.push(() => database.drop())
  const { db, close } = openDatabase(database.url)
  closing.push(close, () => closeQueue(db))
  const tiny = tinySeed()
  const seed = { ...tiny, records: { ...tiny.records, catalog: catalog(), additions: [] } }
  const connectWise = createConnectWise({ seed: seed as typeof tiny })
  closing.push(() => connectWise.close())
  const addresses = { prism: 'http://127.0.0.1:1', connectWise: await connectWise.listen(0) }
  const { id: organisationId } = await createOrganisation(db, { name: 'Northwind' })
  const defaults = programs[0]?.defaults
  if (defaults === undefined) throw new Error('There is no program')
  await putProgramSettings(db, organisationId, program, { ...defaults, enabled: true, productMode: 'all' })
  await storePriceList(db, organisationId, program, products)
  const sync = async () => {
    connectWise.requests.reset()
    const runId = await requestProducts(db, { organisationId, program, trigger: 'hand', actor: 'test' })
    await drain(workerOf(db, addresses), { budgetMs: 60_000 })
    const sent = connectWise.requests.report().requests
    return {
      run: await run(db, organisationId, runId),
      results: await productResultsOf(db, organisationId, runId),
      reads: sent.filter(({ method }) => method === 'GET').length,
      writes: sent.filter(({ method }) => method !== 'GET').length,
    }
  }
  return { connectWise, sync }
}

it('ends every one of 5,000 products as it should, in few requests, and has nothing to write again [D1][D3][D6]', async () => {
  const { connectWise, sync } = await start()
  const before = new Map(connectWise.store.all('catalog').map((row) => [row.id, row]))
  const count = (kind: string) => products.filter((_, index) => kindOf(index) === kind).length
  const [dearer, twice, missing] = [count('dearer'), count('twice'), count('missing')]

  const first = await sync()
  expect(first.run).toMatchObject({
    state: 'finished',
    status: 'Error',
    counts: {
      created: missing,
      updated: dearer,
      failed: twice,
      unchanged: PRODUCTS - missing - dearer - twice,
    },
  })
  expect(first.writes).toBe(missing + dearer)
  expect(first.reads).toBeLessThanOrEqual(Math.ceil(ITEMS / 1_000) + 5)
  expect(
    first.results.filter(({ message }) => message?.startsWith('There are multiple products')),
  ).toHaveLength(twice)

  for (const row of connectWise.store.all('catalog')) {
    const was = before.get(row.id)
    if (was !== undefined) expect({ ...row, cost: 0, price: 0 }).toEqual({ ...was, cost: 0, price: 0 })
  }

  const second = await sync()
  expect(second.writes).toBe(0)
  expect(second.run).toMatchObject({ counts: { created: 0, updated: 0, failed: twice } })
})
