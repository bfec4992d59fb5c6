/** Every message about a product, exact, from a real cause in ConnectWise or PRISM, in both syncs, with what to do. */
import { afterEach, expect, it } from 'vitest'
import { productResultsOf } from '#db/runs/product-runs.ts'
import { runsOf } from '#db/runs/runs.ts'
import { drain } from '#lib/jobs/drain.ts'
import { requestProducts } from '#lib/jobs/requests.ts'
import { itemsWithMonths } from '#lib/ledger/testing/items-with-months.ts'
import {
  createMapped,
  detectAndSync,
  program,
  type StartOptions,
  startWorld,
  type World,
} from '#lib/sync/testing/world.ts'

interface Cause {
  readonly what: string
  readonly message: string
  readonly remedy: RegExp
  readonly start?: StartOptions
  /** What is wrong in ConnectWise; product B, which only sub-2 has, is not in its catalog. */
  readonly prepare?: (store: World['connectWise']['store']) => void
}

type Collection = 'categories' | 'subcategories' | 'productTypes' | 'unitOfMeasures'

const set = (store: World['connectWise']['store'], collection: Collection, values: object): void => {
  for (const record of store.all(collection)) store.put(collection, { ...record, ...values }, 'a clerk')
}
const item = (store: World['connectWise']['store'], values: object): void => {
  const [like] = store.all('catalog')
  store.put('catalog', { ...like, ...values } as never, 'a clerk')
}

const causes: readonly Cause[] = [
  {
    what: 'two items have its Vendor SKU, one of them inactive [D6]',
    message: "There are multiple products in the ConnectWise product catalog with the VendorSku of 'B'",
    remedy: /change the Vendor SKU/,
    prepare(store) {
      item(store, { id: 70, identifier: 'ONE', vendorSku: 'B' })
      item(store, { id: 71, identifier: 'TWO', vendorSku: ' b ', inactiveFlag: true })
    },
  },
  {
    what: 'the default category is not there, and so no sub-category of it [D7]',
    message: "Unable to find the default product sub-category of 'Miscellaneous' when adding a new product",
    remedy: /Preparation/,
    prepare: (store) => set(store, 'categories', { name: 'Other' }),
  },
  {
    what: 'the default sub-category is inactive [D7]',
    message: "Unable to find the default product sub-category of 'Miscellaneous' when adding a new product",
    remedy: /Preparation/,
    prepare: (store) => set(store, 'subcategories', { inactiveFlag: true }),
  },
  {
    what: 'the default product type is not there [D7]',
    message: "Unable to find the default product type of 'Miscellaneous' when adding a new product",
    remedy: /Preparation/,
    prepare: (store) => set(store, 'productTypes', { name: 'Other' }),
  },
  {
    what: 'the default unit of measure is inactive [D7]',
    message: "Unable to find the default product unit of measure of 'Each' when adding a new product",
    remedy: /Preparation/,
    prepare: (store) => set(store, 'unitOfMeasures', { inactiveFlag: true }),
  },
  {
    what: 'another item has its Product ID [D8]',
    message: 'Failed to get or create the product in ConnectWise: Product ID already in use.',
    remedy: /Preparation|Vendor SKU/,
    prepare: (store) => item(store, { id: 70, identifier: 'B', vendorSku: 'something else' }),
  },
  {
    what: 'its item cannot be read',
    message:
      "The product with the Vendor SKU 'B' in the ConnectWise product catalog cannot be read (B): Unit Cost is not understood",
    remedy: /Product Catalog/,
    prepare: (store) => item(store, { id: 70, identifier: 'B', vendorSku: 'B', cost: 'free' }),
  },
  {
    what: 'it is off the price list and linked to nothing [D4]',
    message:
      'Failed to get or create the product in ConnectWise: the product is no longer on the PRISM price list',
    remedy: /rhipe.*Vendor SKU/,
    start: { retired: 'b' },
  },
]

let world: World
afterEach(() => world.close())

it.each(causes)('$what', async ({ message, remedy, start = {}, prepare }) => {
  world = await startWorld(start)
  prepare?.(world.connectWise.store)
  const organisationId = await createMapped(world.db)
  await detectAndSync(world, organisationId)

  const products = await requestProducts(world.db, { organisationId, program, trigger: 'hand', actor: 'Ann' })
  await drain(world.worker, { budgetMs: 30_000 })
  const results = await productResultsOf(world.db, organisationId, products)
  expect(results.filter(({ sku }) => sku.toUpperCase() === 'B')).toMatchObject([
    { message, remedy: expect.stringMatching(remedy), catalogItemId: null },
  ])

  const [run] = await runsOf(world.db, organisationId, program, { kind: 'customers', limit: 1, offset: 0 })
  const [synced] = await itemsWithMonths(world.db, organisationId, run?.id ?? '')
  const of = new Map(synced?.months[0]?.subscriptions.map((each) => [each.subscriptionId, each]))
  expect(of.get('sub-2')).toMatchObject({ status: 'Error' })
  expect(of.get('sub-2')?.findings.filter(({ severity }) => severity === 'error')).toMatchObject([
    { message, remedy: expect.stringMatching(remedy) },
  ])
  expect(of.get('sub-2')?.applied.filter(({ outcome }) => outcome === 'done')).toEqual([])
  // F11: the others sync.
  expect([of.get('sub-1')?.status, of.get('sub-3')?.status]).toEqual(['Success', 'Warning'])
})
