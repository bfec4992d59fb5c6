/** The catalog items that a sync plans with: of an agreement by itself, or read once for all agreements of a run. */
import { z } from 'zod'
import { createdItems } from '#db/ledger/created-items.ts'
import { readingClock } from '#db/ledger/readings.ts'
import { productsNamed } from '#db/prism/products.ts'
import { hasSeveralAgreements, productsOfRun, sharedValues, storeShared } from '#db/runs/shared-reads.ts'
import { type SkuKey, skuKey } from '#lib/billing/keys.ts'
import { productName } from '#lib/billing/products.ts'
import { type CatalogItem, catalogItemSchema, unreadableItemSchema } from '#lib/billing/types.ts'
import { maybeUnseenMs, readItems } from '#lib/ledger/shown.ts'
import type { SyncContext } from './context.ts'
import { maxAgeMs, readOnce } from './shared-reads.ts'

const itemsSchema = z.object({
  items: z.array(catalogItemSchema).readonly(),
  unreadable: z.array(unreadableItemSchema).readonly(),
})
export type Items = Readonly<z.infer<typeof itemsSchema>>

/** Where catalog items are read from. */
export interface Catalog {
  byIds(ids: readonly number[]): Promise<Items>
  bySkus(skus: readonly string[]): Promise<Items>
}

/** @param asWritten reads until ConnectWise shows what additions name. @param runId where it may be shared with that run's others */
export const catalogOf = async (
  ctx: SyncContext,
  { asWritten = false, runId }: { readonly asWritten?: boolean; readonly runId?: string | undefined },
): Promise<Catalog> => {
  if (runId !== undefined && (await hasSeveralAgreements(ctx.db, ctx.organisationId, runId)))
    return new SharedCatalog(ctx, runId, await createdOfLate(ctx))
  return {
    byIds: (ids) => (asWritten ? readItems(ctx, ids) : ctx.connectWise.catalogByIds(ids)),
    bySkus: (skus) => ctx.connectWise.catalogByVendorSku(skus),
  }
}

const createdOfLate = (ctx: SyncContext): Promise<readonly CatalogItem[]> =>
  createdItems(ctx.db, ctx.organisationId, ctx.program.slug, maxAgeMs + maybeUnseenMs(ctx))

class SharedCatalog implements Catalog {
  readonly #ctx: SyncContext
  readonly #runId: string
  /** What was created since a row was read, or so short before that it may not have been seen: the ledger tells. */
  readonly #created: readonly CatalogItem[]
  #hasRunSkus = false

  constructor(ctx: SyncContext, runId: string, created: readonly CatalogItem[]) {
    this.#ctx = ctx
    this.#runId = runId
    this.#created = created
  }

  async byIds(ids: readonly number[]): Promise<Items> {
    await this.#readRunSkus()
    const created = this.#created.filter(({ id }) => ids.includes(id))
    const missingIn = (found: readonly Items[]) => {
      const known = new Set([...found, { items: created, unreadable: [] }].flatMap(idsIn))
      return ids.filter((id) => !known.has(id))
    }
    const find = async () => [...(await this.#rows('item', ids.map(String))).values()]
    const found = await readOnce(this.#ctx, `${this.#runId}/items`, {
      find,
      isWhole: (rows) => missingIn(rows).length === 0,
      read: async () => {
        const readAt = await readingClock(this.#ctx.db)
        const read = await this.#ctx.connectWise.catalogByIds(missingIn(await find()))
        await this.#store(itemRows(read), readAt)
      },
    })
    const left = missingIn(found)
    const own = left.length === 0 ? [] : [await readItems(this.#ctx, left)]
    return together([...found, ...own, { items: created, unreadable: [] }])
  }

  async bySkus(skus: readonly string[]): Promise<Items> {
    await this.#readRunSkus()
    const keys = keysOf(skus)
    const missingIn = (found: ReadonlyMap<string, Items>) => keys.filter((key) => !found.has(key))
    const find = () => this.#rows('sku', keys)
    const found = await readOnce(this.#ctx, `${this.#runId}/skus`, {
      find,
      isWhole: (rows) => missingIn(rows).length === 0,
      read: async () => this.#readSkus(missingIn(await find())),
    })
    const left = missingIn(found)
    const own = left.length === 0 ? [] : [await this.#ctx.connectWise.catalogByVendorSku(left)]
    return together([...found.values(), ...own, { items: await this.#unread(keys), unreadable: [] }])
  }

  /** Asks for what the run's customers have, once for all of its agreements. */
  async #readRunSkus(): Promise<void> {
    if (this.#hasRunSkus) return
    this.#hasRunSkus = true
    const { db, organisationId, program } = this.#ctx
    const mark = { kind: 'run-skus', key: 'all', value: { items: [], unreadable: [] } } as const
    await readOnce(this.#ctx, `${this.#runId}/skus`, {
      find: () => this.#rows(mark.kind, [mark.key]),
      isWhole: (rows) => rows.size > 0,
      read: async () => {
        const had = await productsOfRun(db, organisationId, program.slug, this.#runId)
        const idsOrSkus = had.map(({ productId }) => productId)
        const names = had.map(({ name }) => productName(name))
        const products = await productsNamed(db, organisationId, program.slug, { idsOrSkus, names })
        await this.#readSkus(keysOf([...products.map(({ sku }) => sku), ...idsOrSkus]), [mark])
      },
    })
  }

  async #readSkus(keys: readonly SkuKey[], also: Rows = []): Promise<void> {
    const readAt = await readingClock(this.#ctx.db)
    const read = await this.#ctx.connectWise.catalogByVendorSku(keys)
    const itemsOf = Map.groupBy(read.items, ({ vendorSku }) => skuKey(vendorSku))
    const valueOf = (key: SkuKey): Items => ({
      items: itemsOf.get(key) ?? [],
      unreadable: read.unreadable.filter(({ vendorSku }) => vendorSku === null || skuKey(vendorSku) === key),
    })
    const rows = keys.map((key) => ({ kind: 'sku' as const, key, value: valueOf(key) }))
    await this.#store([...rows, ...itemRows(read), ...also], readAt)
  }

  /** Of what was created, what has one of the SKUs and no row yet, which would know better. */
  async #unread(keys: readonly SkuKey[]): Promise<CatalogItem[]> {
    const created = this.#created.filter(({ vendorSku }) => keys.includes(skuKey(vendorSku)))
    const known = await this.#rows(
      'item',
      created.map(({ id }) => String(id)),
    )
    return created.filter(({ id }) => !known.has(String(id)))
  }

  async #rows(kind: Rows[number]['kind'], keys: readonly string[]): Promise<Map<string, Items>> {
    const { db, organisationId } = this.#ctx
    return sharedValues(db, organisationId, this.#runId, { kind, keys, schema: itemsSchema, maxAgeMs })
  }

  async #store(rows: Rows, readAt: Date): Promise<void> {
    await storeShared(this.#ctx.db, this.#ctx.organisationId, this.#runId, rows, readAt)
  }
}

type Rows = Parameters<typeof storeShared>[3]

const keysOf = (skus: readonly string[]): SkuKey[] =>
  [...new Set(skus.map(skuKey))].filter((key) => key !== '')

const idsIn = ({ items, unreadable }: Items): (number | null)[] =>
  [...items, ...unreadable].map(({ id }) => id)

const itemRows = ({ items, unreadable }: Items): Rows => [
  ...items.map((item) => ({
    kind: 'item' as const,
    key: String(item.id),
    value: { items: [item], unreadable: [] },
  })),
  ...unreadable.flatMap((item) =>
    item.id === null
      ? []
      : [{ kind: 'item' as const, key: String(item.id), value: { items: [], unreadable: [item] } }],
  ),
]

/** What several rows have counts once; the first one tells. */
const together = (parts: readonly Items[]): Items => {
  const items = new Map<number, CatalogItem>()
  for (const item of parts.flatMap((part) => part.items)) if (!items.has(item.id)) items.set(item.id, item)
  const unreadable = new Map(
    parts.flatMap((part) => part.unreadable).map((item) => [JSON.stringify(item), item]),
  )
  return { items: [...items.values()], unreadable: [...unreadable.values()] }
}
