/** The product catalog, and the set-up records that a new item refers to. */
import type { Manage } from 'connectwise-rest'
import { catalogItemSchema, fields, setupRecordSchema } from './api-types.ts'
import { among, amongIds, batches, equals, isQuotable, wider } from './conditions.ts'
import { ConnectWiseError } from './errors.ts'
import * as inferred from './inferred.ts'
import { catalogItemBody, toCatalogItem } from './mapper.ts'
import type { PageRequest } from './paging.ts'
import type { ListParameters, Requests } from './requests.ts'
import type { CatalogRecord, ConnectWiseClient, SetupRecord, SetupRecords } from './values.ts'

type Part = Pick<
  ConnectWiseClient,
  'catalogByVendorSku' | 'catalogByIds' | 'createCatalogItem' | 'setupRecords'
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
    setupRecords: (names) => readSetupRecords(requests, names),
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

// ───────────────────────────── set-up records ─────────────────────────────

async function readSetupRecords(
  requests: Requests,
  names: Parameters<Part['setupRecords']>[0],
): Promise<SetupRecords> {
  const reader = setupReader(requests)
  const [category, subcategory, productType, unitOfMeasure] = await Promise.all([
    reader.category(names.category),
    reader.subcategory(names.subcategory, names.category),
    reader.productType(names.productType),
    reader.unitOfMeasure(names.unitOfMeasure),
  ])
  return { category, subcategory, productType, unitOfMeasure }
}

type Found = SetupRecord & { readonly categoryName: string }

function setupReader(requests: Requests) {
  type Send = Parameters<typeof requests.all>[3]
  const named = async (
    path: string,
    name: string,
    send: Send,
    more: readonly string[] = [],
  ): Promise<Found[]> => {
    const conditions = [equals('name', name), ...more].filter((condition) => condition !== '').join(' and ')
    const parameters = conditions === '' ? {} : { conditions }
    const rows = await requests.all(path, setupRecordSchema, toFound, send, parameters)
    return rows.filter((row) => sameName(row.name, name))
  }
  type Page = PageRequest & ListParameters
  return {
    category: async (name: string) =>
      best(
        await named('/procurement/categories', name, (api, page: Page) =>
          api.ProcurementAPI.getProcurementCategories(page),
        ),
      ),
    async subcategory(name: string, category: string) {
      const of = [equals('category/name', category)]
      const found = await named(
        '/procurement/subcategories',
        name,
        (api, page: Page) => api.ProcurementAPI.getProcurementSubcategories(page),
        of,
      )
      return best(found.filter((row) => sameName(row.categoryName, category)))
    },
    productType: async (name: string) =>
      best(
        await named('/procurement/types', name, (api, page: Page) =>
          api.ProcurementAPI.getProcurementTypes(page),
        ),
      ),
    unitOfMeasure: async (name: string) =>
      best(
        await named('/procurement/unitOfMeasures', name, (api, page: Page) =>
          api.ProcurementAPI.getProcurementUnitOfMeasures(page),
        ),
      ),
  }
}

function toFound(row: ReturnType<typeof setupRecordSchema.parse>): Found {
  const { id, name, inactiveFlag, category } = row
  return { id, name, inactive: inactiveFlag ?? inferred.absentFlag, categoryName: category?.name ?? '' }
}

const sameName = (a: string, b: string): boolean => skuKey(a) === skuKey(b)

/** Of several records of a name an active one, the oldest. */
function best(found: readonly Found[]): SetupRecord | null {
  const [first] = [...found].sort((a, b) => Number(a.inactive) - Number(b.inactive) || a.id - b.id)
  return first === undefined ? null : { id: first.id, name: first.name, inactive: first.inactive }
}
