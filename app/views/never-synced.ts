/** Customers that are mapped and that no sync has taken up yet, whose Sync is off (E6). */
import type { Customer } from '#app/api/schemas/customers.ts'
import { MOST_CHANGES } from '#app/api/schemas/mappings.ts'
import { server } from '#app/process/process.ts'
import { customersAfter } from '#db/mappings/customers.ts'
import { shownCustomers } from './customers.ts'

/** As many of them, by name, as are switched on at once. */
export async function neverSynced(
  organisationId: string,
  program: string,
): Promise<{ readonly customers: readonly Customer[]; readonly more: boolean }> {
  const filter = { search: '', state: 'mapped' } as const
  const limit = MOST_CHANGES + 1
  const rows = await customersAfter(server().db, organisationId, program, filter, { after: null, limit })
  const ids = rows.flatMap(({ tenant, mapping }) => (mapping?.attemptedAt === null ? [tenant.id] : []))
  const found = await shownCustomers(organisationId, program, ids.slice(0, MOST_CHANGES))
  const customers = found.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
  return { customers, more: rows.length === limit }
}
