/**
 * The preview of 10,000 products against 20,000 catalog items. Budgets: planning costs per product at most 1.5 times what it
 * costs at 1,000; a page of a kept preview takes at most 3 times what parsing the preview's JSON takes, and 25 ms; reading
 * ConnectWise for it takes at most a request per 1,000 items and 5.
 */
import { createOrganisation } from '#db/directory/organisations.ts'
import { storePriceList } from '#db/prism/products.ts'
import { productPreview, putProductPreview } from '#db/runs/product-previews.ts'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { Secret } from '#lib/base/secrets.ts'
import type { Money, Product } from '#lib/billing/types.ts'
import { planProducts } from '#lib/catalog/plan-products.ts'
import type { ProductSituation } from '#lib/catalog/types.ts'
import { createConnectWiseClient } from '#lib/connectwise/client.ts'
import { previewProducts } from '#lib/product-sync/run.ts'
import { programs } from '#lib/programs/registry.ts'
import type { Row } from '#scripts/bench-table.ts'
import { createConnectWise } from '#standin/connectwise/server.ts'
import { tinySeed } from '#standin/connectwise/testing.ts'
import { startDatabase } from './stage/database.ts'
import { timed } from './stage/medians.ts'
import { shown } from './stage/sizes.ts'

const PRODUCTS = 10_000
const ITEMS = 20_000
const TIMES = { rounds: 9, warmUps: 1 }
const [program] = programs
const options = { ...program.defaults, enabled: true, productMode: 'all' as const }

const money = (value: number): Money => value.toFixed(2) as Money
const sku = (index: number): string => `CFQ7TTC0${String(index).padStart(5, '0')}:0001`
const products: readonly Product[] = Array.from({ length: PRODUCTS }, (_, index) => ({
  productId: `product-${index}`,
  sku: sku(index),
  name: `Microsoft product number ${index} with a name of an ordinary length`,
  unitCost: money(10 + index / 100),
  unitPrice: money(12 + index / 100),
  current: true,
}))

const situationOf = (size: number): ProductSituation => ({
  products: products.slice(0, size),
  catalog: products.slice(0, size).map(({ sku: vendorSku, unitCost, unitPrice }, index) => ({
    id: index + 1,
    identifier: vendorSku,
    vendorSku,
    description: vendorSku,
    inactive: false,
    taxable: true,
    unitCost,
    unitPrice: index % 10 === 0 ? money(1) : unitPrice,
  })),
  mode: 'all',
  inUse: new Set(),
  defaults: options.defaults,
})

export default async function productPreviewBenchmark(): Promise<Row[]> {
  const [small, large] = [situationOf(1_000), situationOf(PRODUCTS)]
  const planning = await timed({ small: () => planProducts(small), large: () => planProducts(large) }, TIMES)

  await using database = await startDatabase()
  const { db } = database
  const tiny = tinySeed()
  const [template] = tiny.records.catalog ?? []
  const items = Array.from({ length: ITEMS }, (_, index) => ({
    ...template,
    id: 1_000 + index,
    identifier: `ITEM-${index}`,
    vendorSku: index < PRODUCTS - 100 ? sku(index) : `OTHER-${index}`,
  }))
  const connectWise = createConnectWise({
    seed: { ...tiny, records: { ...tiny.records, catalog: items } },
  })
  const site = await connectWise.listen(0)
  const { id: organisationId } = await createOrganisation(db, { name: 'Northwind' })
  await storePriceList(db, organisationId, program.slug, products)
  const client = createConnectWiseClient({
    site,
    companyId: 'acme',
    publicKey: 'pub',
    privateKey: new Secret('priv'),
    clientId: 'any',
    codebase: 'v2025_1',
    guard: createGuard({ trustedHosts: new Set([new URL(site).host]) }),
    timeoutMs: 20_000,
  })

  connectWise.requests.reset()
  const started = performance.now()
  const ctx = { db, organisationId, program, options, connectWise: client }
  const kept = await putProductPreview(db, organisationId, program.slug, await previewProducts({ ctx }))
  const reading = performance.now() - started
  const reads = connectWise.requests.report().requests.length

  const text = JSON.stringify(kept.plan)
  const ms = await timed(
    {
      parse: () => JSON.parse(text),
      page: async () => {
        const found = await productPreview(db, organisationId, program.slug, kept.id)
        return found?.plan.products
          .filter(({ change, name }) => change !== null && name.includes('99'))
          .slice(0, 100)
      },
    },
    TIMES,
  )

  await connectWise.close()
  const size = `${shown(PRODUCTS)} products`
  return [
    {
      measure: `product preview, ${size}: planning one, against 1,000 products`,
      ours: (planning.large * 1_000) / PRODUCTS,
      reference: planning.small,
      unit: 'µs',
      budget: { times: 1.5 },
    },
    {
      measure: `product preview, ${size}: another page, against parsing its JSON`,
      ours: ms.page,
      reference: ms.parse,
      unit: 'ms',
      budget: { times: 3, plus: 25 },
    },
    {
      measure: `product preview, ${shown(ITEMS)} catalog items: requests, against one for each 1,000`,
      ours: reads,
      reference: Math.ceil(ITEMS / 1_000),
      unit: 'requests',
      budget: { times: 1, plus: 5 },
    },
    { measure: `product preview, ${size}: the first page, without latency`, ours: reading, unit: 'ms' },
  ]
}
