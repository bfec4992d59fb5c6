/** A program's customers (E1), for the API and the pages. */
import { z } from 'zod'
import type { Customer, Customers } from '#app/api/schemas/customers.ts'
import {
  type CustomerRow,
  customerOf,
  customerSorts,
  customerStates,
  customersPage,
  firstSyncs,
} from '#db/queries/customers.ts'
import { server } from './process.ts'

const PAGE_SIZE = 50

export const customersQuerySchema = z.object({
  search: z.string().trim().max(200).default(''),
  state: z.enum(['', ...customerStates]).default(''),
  /** A column, with `-` in front for descending. */
  sort: z
    .string()
    .regex(
      new RegExp(`^-?(${customerSorts.join('|')})$`),
      `must be one of ${customerSorts.join(', ')}, with - in front for descending`,
    )
    .default('name'),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
})
export type CustomersQuery = z.infer<typeof customersQuerySchema>

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
  const row = await customerOf(server().db, organisationId, program, tenantId)
  const [customer] = row === null ? [] : await shown(organisationId, program, [row])
  return customer ?? null
}

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
