/**
 * What the API member's security role must allow (docs/facts/connectwise.md, "Authentication"): one table,
 * from which the role is checked and described. Reading is checked by reading; adding and editing by requests
 * that cannot write (`inferred.probes`).
 */
import type { ManageAPI } from 'connectwise-rest'
import { id as idOf } from './api-values.ts'
import { isDenied } from './denied.ts'
import { ConnectWiseError } from './errors.ts'
import * as inferred from './inferred.ts'
import type { Requests } from './requests.ts'
import { activation } from './setup-records.ts'
import type { ConnectWiseClient, PermissionCheck } from './values.ts'

type Level = PermissionCheck['level']
interface Found {
  readonly agreementId: number | null
}
type Probe = (api: ManageAPI, found: Found) => Promise<unknown>

export interface Permission {
  readonly area: string
  readonly levels: readonly Level[]
  /** What the product does with it. */
  readonly why: string
  /** The product does without it. */
  readonly isOptional?: boolean
}

export const contactsArea = 'Companies / Contacts'
/** Reading invoices (docs/facts/connectwise.md, "What was invoiced"). */
const invoicingArea = 'Finance / Invoicing'

/** The role, as rhipe's guide describes it and the owner sets it up. */
export const permissions: readonly Permission[] = [
  { area: 'Companies / Company Maintenance', levels: ['Inquire'], why: 'find the customer’s company' },
  {
    area: 'Finance / Agreements',
    levels: ['Inquire', 'Add', 'Edit'],
    why: 'read agreements, write their additions',
  },
  {
    area: 'Procurement / Product Catalog',
    levels: ['Inquire', 'Add', 'Edit'],
    why: 'create products, update cost and price',
  },
  {
    area: 'Procurement / Products',
    levels: ['Inquire', 'Add', 'Edit'],
    why: 'additions are products of an agreement',
  },
  {
    area: 'System / Table Setup: Category',
    levels: ['Inquire', 'Add', 'Edit'],
    why: 'default category of new products',
  },
  {
    area: 'System / Table Setup: Subcategories',
    levels: ['Inquire', 'Add', 'Edit'],
    why: 'default sub-category of new products',
  },
  {
    area: 'System / Table Setup: Product Type',
    levels: ['Inquire', 'Add', 'Edit'],
    why: 'default type of new products',
  },
  {
    area: 'System / Table Setup: UOM',
    levels: ['Inquire', 'Add', 'Edit'],
    why: 'default unit of measure of new products',
  },
  { area: 'General / Manage Hosted API', levels: ['Inquire', 'Add', 'Edit'], why: 'install the pods' },
  {
    area: 'Finance / Agreements',
    levels: ['Delete'],
    why: 'delete additions that were never billed; without it they are cancelled instead',
    isOptional: true,
  },
  {
    area: invoicingArea,
    levels: ['Inquire'],
    why: 'compare what was billed with ConnectWise’s own invoices; without it that stays grey, and days that an invoice billed are inferred',
    isOptional: true,
  },
  {
    area: contactsArea,
    levels: ['Inquire'],
    why: 'suggest companies by the domains of their contacts’ mail; without it suggestions go without',
    isOptional: true,
  },
]

const one = { pageSize: 1, fields: 'id' } as const
const { emptyBody, noSuchId } = inferred.probes
// The library's types want whole records; what is sent is refused before anything is done.
const nothing = emptyBody as never

const probes: Readonly<Record<string, Readonly<Partial<Record<Level, Probe>>>>> = {
  'Companies / Company Maintenance': { Inquire: (api) => api.CompanyAPI.getCompanyCompanies(one) },
  [contactsArea]: { Inquire: (api) => api.CompanyAPI.getCompanyContacts(one) },
  'Finance / Agreements': {
    Inquire: (api) => api.FinanceAPI.getFinanceAgreements(one),
    Add: (api) => api.FinanceAPI.postFinanceAgreements(nothing),
    Edit: (api) => api.FinanceAPI.patchFinanceAgreementsById(noSuchId, activation),
    Delete: deleteAddition,
  },
  [invoicingArea]: { Inquire: (api) => api.FinanceAPI.getFinanceInvoices(one) },
  'Procurement / Product Catalog': {
    Inquire: (api) => api.ProcurementAPI.getProcurementCatalog(one),
    Add: (api) => api.ProcurementAPI.postProcurementCatalog(nothing),
    Edit: (api) => api.ProcurementAPI.patchProcurementCatalogById(noSuchId, activation),
  },
  'Procurement / Products': {
    Inquire: readAdditions,
    Add: addAddition,
    Edit: editAddition,
  },
  'System / Table Setup: Category': {
    Inquire: (api) => api.ProcurementAPI.getProcurementCategories(one),
    Add: (api) => api.ProcurementAPI.postProcurementCategories(nothing),
    Edit: (api) => api.ProcurementAPI.patchProcurementCategoriesById(noSuchId, activation),
  },
  'System / Table Setup: Subcategories': {
    Inquire: (api) => api.ProcurementAPI.getProcurementSubcategories(one),
    Add: (api) => api.ProcurementAPI.postProcurementSubcategories(nothing),
    Edit: (api) => api.ProcurementAPI.patchProcurementSubcategoriesById(noSuchId, activation),
  },
  'System / Table Setup: Product Type': {
    Inquire: (api) => api.ProcurementAPI.getProcurementTypes(one),
    Add: (api) => api.ProcurementAPI.postProcurementTypes(nothing),
    Edit: (api) => api.ProcurementAPI.patchProcurementTypesById(noSuchId, activation),
  },
  'System / Table Setup: UOM': {
    Inquire: (api) => api.ProcurementAPI.getProcurementUnitOfMeasures(one),
    Add: (api) => api.ProcurementAPI.postProcurementUnitOfMeasures(nothing),
    Edit: (api) => api.ProcurementAPI.patchProcurementUnitOfMeasuresById(noSuchId, activation),
  },
  'General / Manage Hosted API': {
    Inquire: (api) => api.SystemAPI.getSystemConnectwisehostedsetups(one),
    Add: (api) => api.SystemAPI.postSystemConnectwisehostedsetups(nothing),
    Edit: (api) => api.SystemAPI.patchSystemConnectwisehostedsetupsById(noSuchId, activation),
  },
}

function addAddition(api: ManageAPI, { agreementId }: Found): Promise<unknown> {
  if (agreementId === null) throw new NothingToAsk()
  return api.FinanceAPI.postFinanceAgreementsByParentIdAdditions(agreementId, nothing)
}

function editAddition(api: ManageAPI, { agreementId }: Found): Promise<unknown> {
  if (agreementId === null) throw new NothingToAsk()
  return api.FinanceAPI.patchFinanceAgreementsByParentIdAdditionsById(agreementId, noSuchId, activation)
}

function deleteAddition(api: ManageAPI, { agreementId }: Found): Promise<unknown> {
  if (agreementId === null) throw new NothingToAsk()
  return api.FinanceAPI.deleteFinanceAgreementsByParentIdAdditionsById(noSuchId, agreementId)
}

function readAdditions(api: ManageAPI, { agreementId }: Found): Promise<unknown> {
  if (agreementId === null) throw new NothingToAsk()
  return api.FinanceAPI.getFinanceAgreementsByParentIdAdditions(agreementId, one)
}

/** Additions can be asked about only where there is an agreement. */
class NothingToAsk extends Error {}

export function permissionCalls(requests: Requests): Pick<ConnectWiseClient, 'permissions'> {
  return {
    async permissions() {
      const found = { agreementId: await someAgreement(requests) }
      const asked = permissions.flatMap(({ area, levels, isOptional = false }) =>
        levels.map(async (level): Promise<PermissionCheck> => {
          const probe = probes[area]?.[level]
          const state = probe === undefined ? 'unknown' : await stateOf(requests, probe, found)
          return { area, level, state, isOptional }
        }),
      )
      return withoutGuesses(await Promise.all(asked))
    },
  }
}

/** Additions need both areas: where a level of agreements is missing, that of products cannot be told apart. */
function withoutGuesses(checks: readonly PermissionCheck[]): PermissionCheck[] {
  const isMissing = (area: string, level: Level) =>
    checks.some((each) => each.area === area && each.level === level && each.state === 'missing')
  return checks.map((each) =>
    each.area === 'Procurement / Products' && isMissing('Finance / Agreements', each.level)
      ? { ...each, state: 'unknown' }
      : each,
  )
}

async function someAgreement(requests: Requests): Promise<number | null> {
  const called = { method: 'GET', path: '/finance/agreements' } as const
  try {
    const [row] = await requests.rows(called, (api) => api.FinanceAPI.getFinanceAgreements(one))
    return typeof row === 'object' && row !== null && 'id' in row
      ? (idOf.safeParse(row.id).data ?? null)
      : null
  } catch (error) {
    if (error instanceof ConnectWiseError && error.outcome === 'refused') return null
    throw error
  }
}

/** A definite answer other than "you may not" says that the role allows it. */
async function stateOf(requests: Requests, probe: Probe, found: Found): Promise<PermissionCheck['state']> {
  try {
    await requests.done({ method: 'GET', path: '' }, (api) => probe(api, found))
    return 'granted'
  } catch (error) {
    if (error instanceof NothingToAsk) return 'unknown'
    if (!(error instanceof ConnectWiseError)) throw error
    // Nothing was asked to be done, so that a write without an answer is only a question without one.
    if (error.outcome === 'unknown') return 'unknown'
    if (error.outcome !== 'refused') throw error
    if (error.status === 429) throw error
    return isDenied(error) ? 'missing' : 'granted'
  }
}
