/** A program's customers (E1), for the API and the pages. */
import { cache } from 'react'
import type { Customer, Customers, CustomersListQuery, CustomersQuery } from '#app/api/schemas/customers.ts'
import { csvLine } from '#app/http/csv.ts'
import { server } from '#app/process/process.ts'
import {
  type CustomerCounts,
  type CustomerRow,
  customerSorts,
  customersAfter,
  customersOf,
  firstSyncs,
} from '#db/mappings/customers.ts'
import { customersPage } from '#db/mappings/customers-page.ts'
import { exportHeadings } from '#lib/mapping-file/columns.ts'
import { annualTermsOf } from './annual-terms.ts'

const PAGE_SIZE = 50

export async function customersFound(
  organisationId: string,
  program: string,
  query: CustomersQuery,
): Promise<Customers> {
  const { counts: _, ...found } = await foundWithCounts(organisationId, program, query)
  return found
}

/** With how many customers are in each state, whatever is searched for. */
interface FoundWithCounts extends Customers {
  readonly counts: CustomerCounts
}

async function foundWithCounts(
  organisationId: string,
  program: string,
  { search, state, sort, page }: CustomersQuery,
): Promise<FoundWithCounts> {
  const { rows, total, counts } = await customersPage(server().db, organisationId, program, {
    search,
    state: state === '' ? null : state,
    sort: customerSorts.find((column) => sort.endsWith(column)) ?? 'name',
    descending: sort.startsWith('-'),
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
  })
  return { customers: await shown(organisationId, program, rows), page, pageSize: PAGE_SIZE, total, counts }
}

/** As `customersFound`; where there are fewer pages by now than the one asked for, the last of them. */
export async function customersOnPage(
  organisationId: string,
  program: string,
  query: CustomersQuery,
): Promise<FoundWithCounts> {
  const found = await foundWithCounts(organisationId, program, query)
  if (found.customers.length > 0 || found.total === 0) return found
  return foundWithCounts(organisationId, program, { ...query, page: Math.ceil(found.total / PAGE_SIZE) })
}

/** One customer, read once for all parts of a page; `null` where the program has none of this id. */
export const shownCustomer = cache(
  async (organisationId: string, program: string, tenantId: string): Promise<Customer | null> =>
    (await shownCustomers(organisationId, program, [tenantId]))[0] ?? null,
)

/** Those of the customers that the program has. */
export const shownCustomers = async (
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<Customer[]> =>
  shown(organisationId, program, await customersOf(server().db, organisationId, program, tenantIds))

async function shown(
  organisationId: string,
  program: string,
  rows: readonly CustomerRow[],
): Promise<Customer[]> {
  const ids = rows.map(({ tenant }) => tenant.id)
  const [first, annualOf] = await Promise.all([
    firstSyncs(server().db, organisationId, program, ids),
    annualTermsOf(organisationId, program, ids),
  ])
  return rows.map(({ tenant, mapping, state, running, lastResult }) => ({
    tenantId: tenant.id,
    name: tenant.name,
    domain: tenant.domain,
    state,
    running,
    mapping:
      mapping === null
        ? null
        : {
            companyId: mapping.companyId,
            companyName: mapping.companyName,
            agreementId: mapping.agreementId,
            agreementName: mapping.agreementName,
            syncEnabled: mapping.syncEnabled,
          },
    annual: annualOf(tenant.id),
    firstSync: first.get(tenant.id) ?? null,
    isBehind: isBehind(first.get(tenant.id)?.invoiceId, mapping?.attemptedInvoiceId),
    lastResult:
      lastResult === null ? null : { ...lastResult, finishedAt: lastResult.finishedAt.toISOString() },
  }))
}

const isBehind = (newest: string | undefined, attempted: string | null | undefined): boolean =>
  newest !== undefined && newest !== attempted

const EXPORTED_AT_A_TIME = 500
/** By it a spreadsheet knows that a file is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF'

/** The customers that fit as lines of a file that an import takes, by name, read part by part. */
export async function* mappingsCsv(
  organisationId: string,
  program: string,
  { search, state }: CustomersListQuery,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${BYTE_ORDER_MARK}${csvLine(exportHeadings)}`)
  const filter = { search, state: state === '' ? null : state }
  let after: CustomerRow['tenant'] | null = null
  for (;;) {
    const rows = await customersAfter(server().db, organisationId, program, filter, {
      after,
      limit: EXPORTED_AT_A_TIME,
    })
    yield Buffer.from(rows.map(exportedLine).join(''))
    after = rows.at(-1)?.tenant ?? null
    if (rows.length < EXPORTED_AT_A_TIME) return
  }
}

function exportedLine({ tenant, mapping }: Pick<CustomerRow, 'tenant' | 'mapping'>): string {
  const place =
    mapping === null
      ? ['', '', '', '', '']
      : [
          String(mapping.companyId),
          mapping.companyName,
          String(mapping.agreementId),
          mapping.agreementName,
          mapping.syncEnabled ? 'on' : 'off',
        ]
  return csvLine([tenant.id, tenant.domain, tenant.name, ...place])
}
