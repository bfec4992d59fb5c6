/** The set-up records that a new catalog item refers to: read, made, switched on (A2, A3). */
import type { ManageAPI } from 'connectwise-rest'
import { setupRecordSchema } from './api-types.ts'
import { equals } from './conditions.ts'
import * as inferred from './inferred.ts'
import type { PageRequest } from './paging.ts'
import type { ListParameters, Requests } from './requests.ts'
import type { LibraryOperations } from './transport.ts'
import type { ConnectWiseClient, NewSetupRecord, SetupKind, SetupRecord, SetupRecords } from './values.ts'

type Part = Pick<ConnectWiseClient, 'setupRecords' | 'createSetupRecord' | 'activateSetupRecord'>

export function setupCalls(requests: Requests): Part {
  const toRecord = (row: Parameters<typeof toFound>[0]): SetupRecord => withoutCategory(toFound(row))
  return {
    setupRecords: (names) => readSetupRecords(requests, names),
    createSetupRecord(record) {
      const { path, create } = endpoints[record.kind]
      const called = { method: 'POST', path } as const
      return requests.one(called, setupRecordSchema, toRecord, (api) => create(api.ProcurementAPI, record))
    },
    activateSetupRecord(kind, id) {
      const { path, activate } = endpoints[kind]
      const called = { method: 'PATCH', path: `${path}/${id}` } as const
      return requests.one(called, setupRecordSchema, toRecord, (api) => activate(api.ProcurementAPI, id))
    },
  }
}

// The library's type of an operation takes objects only as its value.
export const activation = [
  { op: 'replace', path: 'inactiveFlag', value: false },
] as unknown as LibraryOperations

type Api = ManageAPI['ProcurementAPI']
interface Endpoint {
  readonly path: string
  create(api: Api, record: NewSetupRecord): Promise<unknown>
  activate(api: Api, id: number): Promise<unknown>
}

const endpoints: Readonly<Record<SetupKind, Endpoint>> = {
  category: {
    path: '/procurement/categories',
    create: (api, { name }) => api.postProcurementCategories({ name }),
    activate: (api, id) => api.patchProcurementCategoriesById(id, activation),
  },
  subcategory: {
    path: '/procurement/subcategories',
    create: (api, record) =>
      api.postProcurementSubcategories({
        name: record.name,
        category: { id: record.kind === 'subcategory' ? record.categoryId : 0 },
      }),
    activate: (api, id) => api.patchProcurementSubcategoriesById(id, activation),
  },
  productType: {
    path: '/procurement/types',
    create: (api, { name }) => api.postProcurementTypes({ name }),
    activate: (api, id) => api.patchProcurementTypesById(id, activation),
  },
  unitOfMeasure: {
    path: '/procurement/unitOfMeasures',
    create: (api, { name }) => api.postProcurementUnitOfMeasures({ name }),
    activate: (api, id) => api.patchProcurementUnitOfMeasuresById(id, activation),
  },
}

const withoutCategory = ({ id, name, inactive }: SetupRecord): SetupRecord => ({ id, name, inactive })

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

const sameName = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase()

/** Of several records of a name an active one, the oldest. */
function best(found: readonly Found[]): SetupRecord | null {
  const [first] = [...found].sort((a, b) => Number(a.inactive) - Number(b.inactive) || a.id - b.id)
  return first === undefined ? null : withoutCategory(first)
}
