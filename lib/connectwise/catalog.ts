/** The product catalog. */
import type { Manage } from 'connectwise-rest'
import { namedProduct } from '#lib/billing/item-names.ts'
import { type SkuKey, skuKey } from '#lib/billing/keys.ts'
import type { UnreadableItem } from '#lib/billing/types.ts'
import { countSchema, fields } from './api-types.ts'
import { key as keyOf } from './api-values.ts'
import { among, amongIds, batches, isQuotable, wider } from './conditions.ts'
import { ConnectWiseError } from './errors.ts'
import * as inferred from './inferred.ts'
import { agreedOn, type OddRecord } from './lists.ts'
import { catalogItemBody, catalogItemOperations } from './mapper.ts'
import { largestPage } from './page-size.ts'
import * as kinds from './record-kinds.ts'
import type { Requests } from './requests.ts'
import { activation } from './setup-records.ts'
import type { CatalogRecord, ConnectWiseClient, ListedItems } from './values.ts'

type Part = Pick<
  ConnectWiseClient,
  | 'updateCatalogItem'
  | 'catalogByVendorSku'
  | 'catalogOfProducts'
  | 'catalogByIds'
  | 'createCatalogItem'
  | 'inactiveMiscItems'
  | 'activateCatalogItem'
>

const skusPerRequest = 35
const idsPerRequest = 200
/**
 * ConnectWise takes URLs of about 2,000 characters (docs/facts/connectwise.md, "Lists"); this leaves room for
 * host, path and the other parameters.
 */
const longestConditions = 1_650
/** A Vendor SKU is no longer (docs/facts/connectwise.md, "Records"). */
const longestVendorSku = 50

export function catalogCalls(requests: Requests): Part {
  const where = async (conditions: string): Promise<ListedItems> => {
    const { records, odd } = await requests.all(
      '/procurement/catalog',
      kinds.catalogItems,
      (api, page) => api.ProcurementAPI.getProcurementCatalog(page),
      { ...(conditions === '' ? {} : { conditions }), fields: fields.catalogItem },
    )
    return { items: records, unreadable: odd.map(unreadableItem) }
  }
  /** The whole catalog where that is fewer requests than asking for the SKUs; `null`: it is not. */
  const wholeWhereFewer = async (wanted: ReadonlySet<SkuKey>): Promise<ListedItems | null> => {
    if (wanted.size === 0) return nothing
    const { length } = conditionsFor('vendorSku', [...wanted])
    return length >= FEW_REQUESTS && (await pagesOf(requests)) < length ? where('') : null
  }
  return {
    async catalogByVendorSku(skus) {
      const wanted = wantedOf(skus)
      const whole = await wholeWhereFewer(wanted)
      return linkedTo(wanted, whole ?? (await bySkus(conditionsFor('vendorSku', [...wanted]), where)))
    },
    async catalogOfProducts(skus) {
      const wanted = wantedOf(skus)
      const whole = await wholeWhereFewer(wanted)
      const linked = linkedTo(wanted, whole ?? (await bySkus(conditionsFor('vendorSku', [...wanted]), where)))
      const known = new Set(linked.items.map(({ vendorSku }) => skuKey(vendorSku)))
      const missing = new Set([...wanted].filter((sku) => !known.has(sku)))
      const naming = whole ?? (missing.size === 0 ? nothing : await byNames([...missing], where))
      const items = naming.items.filter((item) => missing.has(namedProduct(item).sku))
      return { items: distinct([...linked.items, ...items]), unreadable: linked.unreadable }
    },
    async catalogByIds(ids) {
      const condition = (batch: readonly number[]) => amongIds('id', batch)
      const limits = { most: idsPerRequest, longest: longestConditions }
      const parts = batches([...new Set(ids)], limits, condition)
      return together(await Promise.all(parts.map((batch) => where(condition(batch)))))
    },
    createCatalogItem(change, setup) {
      // The library's types are of an older model (2022.1); the body is ours.
      const body = catalogItemBody(change, setup) as unknown as Manage.ProcurementAPITypes.CatalogItem
      const called = { method: 'POST', path: '/procurement/catalog' } as const
      return requests.one(called, kinds.catalogItems, (api) =>
        api.ProcurementAPI.postProcurementCatalog(body),
      )
    },
    updateCatalogItem: (id, values) =>
      requests.one({ method: 'PATCH', path: `/procurement/catalog/${id}` }, kinds.catalogItems, (api) =>
        api.ProcurementAPI.patchProcurementCatalogById(id, catalogItemOperations(values)),
      ),
    async inactiveMiscItems() {
      const { items, unreadable } = await where('identifier like "%misc%" and inactiveFlag = true')
      return {
        items: items.filter(({ identifier, inactive }) => inactive && /misc/i.test(identifier)),
        unreadable,
      }
    },
    activateCatalogItem: (id) =>
      requests.one({ method: 'PATCH', path: `/procurement/catalog/${id}` }, kinds.catalogItems, (api) =>
        api.ProcurementAPI.patchProcurementCatalogById(id, activation),
      ),
  }
}

/** So few requests are made without asking first how large the catalog is. */
const FEW_REQUESTS = 3

/** Requests that reading the whole catalog takes. */
async function pagesOf(requests: Requests): Promise<number> {
  const called = { method: 'GET', path: '/procurement/catalog/count' } as const
  const { count } = await requests.other(called, countSchema, (api) =>
    api.ProcurementAPI.getProcurementCatalogCount(),
  )
  return Math.max(1, Math.ceil(count / largestPage))
}

type Where = (conditions: string) => Promise<ListedItems>

const nothing: ListedItems = { items: [], unreadable: [] }

const wantedOf = (skus: readonly string[]): ReadonlySet<SkuKey> =>
  new Set(skus.map(skuKey).filter((sku) => sku !== '' && sku.length <= longestVendorSku))

const linkedTo = (wanted: ReadonlySet<SkuKey>, found: ListedItems): ListedItems => ({
  items: distinct(found.items.filter((item) => wanted.has(skuKey(item.vendorSku)))),
  unreadable: found.unreadable.filter(({ vendorSku }) => vendorSku === null || wanted.has(skuKey(vendorSku))),
})

/** Items that name the SKUs otherwise than by Vendor SKU, and more. */
const byNames = async (skus: readonly SkuKey[], where: Where): Promise<ListedItems> => {
  const conditions = [inferred.namedByMotion, ...conditionsFor('identifier', skus)]
  return together(await Promise.all(conditions.map((each) => where(each).catch(noneWhereRefused))))
}

async function bySkus(conditions: readonly string[], where: Where): Promise<ListedItems> {
  const spaced = where(inferred.surroundedBySpaces).catch(noneWhereRefused)
  return together(await Promise.all([...conditions.map(where), spaced]))
}

/** Parts of the catalog as one; an item that several of them gave counts once. */
function together(parts: readonly ListedItems[]): ListedItems {
  const unreadable = parts.flatMap((part) => part.unreadable)
  return {
    items: parts.flatMap(({ items }) => items),
    unreadable: [...new Map(unreadable.map((item, at) => [item.id ?? `row ${at}`, item])).values()],
  }
}

function unreadableItem(odd: OddRecord): UnreadableItem {
  const { id, record, reason } = odd
  const skuOf = (row: object) => keyOf.safeParse('vendorSku' in row ? row.vendorSku : null).data ?? null
  return { id, record, reason, vendorSku: agreedOn(odd, skuOf) }
}

function conditionsFor(field: 'vendorSku' | 'identifier', skus: readonly string[]): string[] {
  const quotable = skus.filter(isQuotable)
  const condition = (batch: readonly string[]) => among(field, batch)
  const limits = { most: skusPerRequest, longest: longestConditions }
  return [
    ...batches(quotable, limits, condition).map(condition),
    ...skus.filter((sku) => !isQuotable(sku)).map((sku) => wider(field, sku)),
  ]
}

/** The question about spaces is a precaution; an instance that does not take it must not lose its sync over it. */
function noneWhereRefused(error: unknown): ListedItems {
  if (error instanceof ConnectWiseError && error.status === 400) return { items: [], unreadable: [] }
  throw error
}

function distinct(items: readonly CatalogRecord[]): CatalogRecord[] {
  return [...new Map(items.map((item) => [item.id, item])).values()].sort((a, b) => a.id - b.id)
}
