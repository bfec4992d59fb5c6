/** A program's customers (E1), for the API and the pages. */
import type { Customer, Customers, CustomersQuery } from '#app/api/schemas/customers.ts'
import { server } from '#app/process/process.ts'
import {
  type CustomerRow,
  customerSorts,
  customersOf,
  customersPage,
  firstSyncs,
} from '#db/mappings/customers.ts'

const PAGE_SIZE = 50

export async function customersFound(
  organisationId: string,
  program: string,
  { search, state, sort, page }: CustomersQuery,
): Promise<Customers> {
  const { rows, total } = await customersPage(server().db, organisationId, program, {
    search,
    state: state === '' ? null : state,
    sort: customerSorts.find((column) => sort.endsWith(column)) ?? 'name',
    descending: sort.startsWith('-'),
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
  })
  return { customers: await shown(organisationId, program, rows), page, pageSize: PAGE_SIZE, total }
}

/** One customer; `null` where the program has none of this id. */
export async function shownCustomer(
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<Customer | null> {
  return (await shownCustomers(organisationId, program, [tenantId]))[0] ?? null
}

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
  const first = await firstSyncs(server().db, organisationId, program, ids)
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
    firstSync: first.get(tenant.id) ?? null,
    lastResult:
      lastResult === null ? null : { ...lastResult, finishedAt: lastResult.finishedAt.toISOString() },
  }))
}
