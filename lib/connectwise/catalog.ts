/** The product catalog. */
import type { Manage } from 'connectwise-rest'
import { catalogItemSchema, fields } from './api-types.ts'
import { among, amongIds, batches, isQuotable, wider } from './conditions.ts'
import { ConnectWiseError } from './errors.ts'
import * as inferred from './inferred.ts'
import { catalogItemBody, toCatalogItem } from './mapper.ts'
import type { Requests } from './requests.ts'
import { activation } from './setup-records.ts'
import type { CatalogRecord, ConnectWiseClient } from './values.ts'

type Part = Pick<
  ConnectWiseClient,
  'catalogByVendorSku' | 'catalogByIds' | 'createCatalogItem' | 'inactiveMiscItems' | 'activateCatalogItem'
>

const skusPerRequest = 35
const idsPerRequest = 200
/** ConnectWise takes URLs of about 2,000 characters (facts 6); this leaves room for host, path and the other parameters. */
const longestConditions = 1_650
/** A Vendor SKU is no longer (facts 9). */
const longestVendorSku = 50

/** How Vendor SKUs are compared (D1). */
export const skuKey = (sku: string): string => sku.trim().toLowerCase()

export function catalogCalls(requests: Requests): Part {
  const where = (conditions: string) =>
    requests.all(
      '/procurement/catalog',
      catalogItemSchema,
      toCatalogItem,
      (api, page) => api.ProcurementAPI.getProcurementCatalog(page),
      { ...(conditions === '' ? {} : { conditions }), fields: fields.catalogItem },
    )
  return {
    async catalogByVendorSku(skus) {
      const wanted = new Set(skus.map(skuKey).filter((sku) => sku !== '' && sku.length <= longestVendorSku))
      if (wanted.size === 0) return []
      const asked = skuConditions([...wanted]).map(where)
      const spaced = where(inferred.surroundedBySpaces).catch(noneWhereRefused)
      const found = (await Promise.all([...asked, spaced])).flat()
      return distinct(found.filter((item) => wanted.has(skuKey(item.vendorSku))))
    },
    async catalogByIds(ids) {
      const condition = (batch: readonly number[]) => amongIds('id', batch)
      const limits = { most: idsPerRequest, longest: longestConditions }
      const parts = batches([...new Set(ids)], limits, condition)
      return (await Promise.all(parts.map((batch) => where(condition(batch))))).flat()
    },
    createCatalogItem(change, setup) {
      // The library's types are of an older model (2022.1); the body is ours.
      const body = catalogItemBody(change, setup) as unknown as Manage.ProcurementAPITypes.CatalogItem
      const called = { method: 'POST', path: '/procurement/catalog' } as const
      return requests.one(called, catalogItemSchema, toCatalogItem, (api) =>
        api.ProcurementAPI.postProcurementCatalog(body),
      )
    },
    inactiveMiscItems: async () =>
      (await where('identifier like "%misc%" and inactiveFlag = true')).filter(
        ({ identifier, inactive }) => inactive && /misc/i.test(identifier),
      ),
    activateCatalogItem: (id) =>
      requests.one(
        { method: 'PATCH', path: `/procurement/catalog/${id}` },
        catalogItemSchema,
        toCatalogItem,
        (api) => api.ProcurementAPI.patchProcurementCatalogById(id, activation),
      ),
  }
}

function skuConditions(skus: readonly string[]): string[] {
  const quotable = skus.filter(isQuotable)
  const condition = (batch: readonly string[]) => among('vendorSku', batch)
  const limits = { most: skusPerRequest, longest: longestConditions }
  return [
    ...batches(quotable, limits, condition).map(condition),
    ...skus.filter((sku) => !isQuotable(sku)).map((sku) => wider('vendorSku', sku)),
  ]
}

/** The question about spaces is a precaution; an instance that does not take it must not lose its sync over it. */
function noneWhereRefused(error: unknown): CatalogRecord[] {
  if (error instanceof ConnectWiseError && error.status === 400) return []
  throw error
}

function distinct(items: readonly CatalogRecord[]): CatalogRecord[] {
  return [...new Map(items.map((item) => [item.id, item])).values()].sort((a, b) => a.id - b.id)
}
