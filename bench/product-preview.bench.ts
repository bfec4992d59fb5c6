/**
 * The preview of 10,000 products against 20,000 catalog items. Budgets: planning costs per product at most 1.5 times what it
 * costs at 1,000; a page of a kept preview takes at most 3 times what parsing the preview's JSON takes, and 25 ms; reading
 * ConnectWise for it takes at most a request per 1,000 items and 5.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { migrate } from '#db/migrate.ts'
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
import { startPostgres } from '#scripts/postgres.ts'
import { createConnectWise } from '#standin/connectwise/server.ts'
import { tinySeed } from '#standin/connectwise/testing.ts'

const PRODUCTS = 10_000
const ITEMS = 20_000
const ROUNDS = 9
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

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Milliseconds of one round, after one that only warms up. */
async function timed(work: () => unknown): Promise<number> {
  await work()
  const rounds: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now()
    await work()
    rounds.push(performance.now() - start)
  }
  return median(rounds)
}

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

const [small, large] = [situationOf(1_000), situationOf(PRODUCTS)]
const perProduct = {
  small: (await timed(() => planProducts(small))) / 1_000,
  large: (await timed(() => planProducts(large))) / PRODUCTS,
}

const dataDir = await mkdtemp(join(tmpdir(), 'prism-pod-bench-'))
const postgres = await startPostgres({ dataDir, temporary: true })
await migrate(postgres.url)
const { db, close } = openDatabase(postgres.url)
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
const parse = await timed(() => JSON.parse(text))
const page = await timed(async () => {
  const found = await productPreview(db, organisationId, program.slug, kept.id)
  return found?.plan.products
    .filter(({ change, name }) => change !== null && name.includes('99'))
    .slice(0, 100)
})

await close()
await connectWise.close()
await postgres.stop()
await rm(dataDir, { recursive: true, force: true })

const growth = perProduct.large / perProduct.small
console.log(
  `planning: ${(perProduct.large * PRODUCTS).toFixed(0)} ms, per product ${growth.toFixed(2)} x that of 1,000`,
)
console.log(`first page: ${reading.toFixed(0)} ms, ${reads} requests to a ConnectWise without latency`)
console.log(
  `another page: ${page.toFixed(0)} ms; parsing the JSON of ${(text.length / 2 ** 20).toFixed(1)} MB alone: ${parse.toFixed(0)} ms`,
)
const isWithin = growth <= 1.5 && page <= 3 * parse + 25 && reads <= Math.ceil(ITEMS / 1_000) + 5
process.exitCode = isWithin ? 0 : 1
