/** The set-up records that a new catalog item refers to: read, made, switched on (A2, A3). */
import type { ManageAPI } from 'connectwise-rest'
import type { SetAside } from '#lib/base/records.ts'
import { text as textOf } from './api-values.ts'
import { equals } from './conditions.ts'
import { isDenied } from './denied.ts'
import { agreedOn, type OddRecord, type ReadList } from './lists.ts'
import type { toSetupRecord } from './mapper.ts'
import type { PageRequest } from './paging.ts'
import * as kinds from './record-kinds.ts'
import type { ListParameters, Requests } from './requests.ts'
import type { LibraryOperations } from './transport.ts'
import type { ConnectWiseClient, NewSetupRecord, SetupKind, SetupRecord, SetupRecords } from './values.ts'

type Part = Pick<ConnectWiseClient, 'setupRecords' | 'createSetupRecord' | 'activateSetupRecord'>

export function setupCalls(requests: Requests): Part {
  return {
    setupRecords: (names) => readSetupRecords(requests, names),
    async createSetupRecord(record) {
      const { path, create } = endpoints[record.kind]
      const called = { method: 'POST', path } as const
      return withoutCategory(
        await requests.one(called, kinds.setupRecords, (api) => create(api.ProcurementAPI, record)),
      )
    },
    async activateSetupRecord(kind, id) {
      const { path, activate } = endpoints[kind]
      const called = { method: 'PATCH', path: `${path}/${id}` } as const
      return withoutCategory(
        await requests.one(called, kinds.setupRecords, (api) => activate(api.ProcurementAPI, id)),
      )
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
  const found = {
    category: reader.category(names.category),
    subcategory: reader.subcategory(names.subcategory, names.category),
    productType: reader.productType(names.productType),
    unitOfMeasure: reader.unitOfMeasure(names.unitOfMeasure),
  }
  const [category, subcategory, productType, unitOfMeasure] = await Promise.all([
    found.category,
    found.subcategory,
    found.productType,
    found.unitOfMeasure,
  ])
  return {
    category: category.record,
    subcategory: subcategory.record,
    productType: productType.record,
    unitOfMeasure: unitOfMeasure.record,
    unreadable: {
      ...(category.unreadable && { category: category.unreadable }),
      ...(subcategory.unreadable && { subcategory: subcategory.unreadable }),
      ...(productType.unreadable && { productType: productType.unreadable }),
      ...(unitOfMeasure.unreadable && { unitOfMeasure: unitOfMeasure.unreadable }),
    },
  }
}

type Found = ReturnType<typeof toSetupRecord>
interface Best {
  readonly record: SetupRecord | null
  readonly unreadable: SetAside | null
}

function setupReader(requests: Requests) {
  type Page = PageRequest & ListParameters
  const named = async (
    path: string,
    name: string,
    send: (api: ManageAPI, page: Page) => Promise<unknown>,
    category: string | null = null,
  ): Promise<Best> => {
    const conditions = [
      equals('name', name),
      ...(category === null ? [] : [equals('category/name', category)]),
    ]
      .filter((condition) => condition !== '')
      .join(' and ')
    const parameters = conditions === '' ? {} : { conditions }
    try {
      return best(await requests.all(path, kinds.setupRecords, send, parameters), name, category)
    } catch (error) {
      // One table that the role does not show says nothing of the others.
      if (isDenied(error)) return { record: null, unreadable: { record: name, reason: notAllowed } }
      throw error
    }
  }
  return {
    category: (name: string) =>
      named('/procurement/categories', name, (api, page) =>
        api.ProcurementAPI.getProcurementCategories(page),
      ),
    subcategory: (name: string, category: string) =>
      named(
        '/procurement/subcategories',
        name,
        (api, page) => api.ProcurementAPI.getProcurementSubcategories(page),
        category,
      ),
    productType: (name: string) =>
      named('/procurement/types', name, (api, page) => api.ProcurementAPI.getProcurementTypes(page)),
    unitOfMeasure: (name: string) =>
      named('/procurement/unitOfMeasures', name, (api, page) =>
        api.ProcurementAPI.getProcurementUnitOfMeasures(page),
      ),
  }
}

const notAllowed = 'the API member’s role does not allow reading it'

const sameName = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase()

/** Of several records of a name an active one, the oldest; one that cannot be read may be of that name, too. */
function best({ records, odd }: ReadList<Found>, name: string, category: string | null): Best {
  const [first] = records
    .filter((row) => sameName(row.name, name) && (category === null || sameName(row.categoryName, category)))
    .sort((a, b) => Number(a.inactive) - Number(b.inactive) || a.id - b.id)
  const record = first === undefined ? null : withoutCategory(first)
  const [aside] = record?.inactive === false ? [] : odd.filter((each) => mayBe(each, name))
  return { record, unreadable: aside === undefined ? null : { record: aside.record, reason: aside.reason } }
}

function mayBe(odd: OddRecord, name: string): boolean {
  const own = agreedOn(odd, (row) => textOf.safeParse('name' in row ? row.name : null).data ?? null)
  return own === null || own.trim() === '' || sameName(own, name)
}
