/** Which customers something is to be done with at once: those that are named, or all that fit a search and a state. */
import type { Fit } from '#app/api/schemas/mappings.ts'
import { refuse } from '#app/http/api-route.ts'
import { tenantsFitting } from '#db/mappings/customers.ts'
import { type Mapping, mappingsOfTenants } from '#db/mappings/mappings.ts'
import type { Program } from '#lib/programs/registry.ts'
import { server } from './process.ts'

export interface Selection {
  readonly tenantIds?: readonly string[] | undefined
  readonly fit?: Fit | undefined
}

/**
 * Where the customers are mapped: of those that fit the ones that are; `null`: nobody is named. Throws `not-mapped` where one is named
 * that is not, and `conflict` where not so many fit as were shown, as somebody might be meant whom nobody saw.
 */
export async function mappingsOfSelection(
  organisationId: string,
  { slug }: Program,
  { tenantIds, fit }: Selection,
): Promise<Mapping[] | null> {
  const { db } = server()
  if (fit !== undefined) {
    const { search, state, count } = fit
    const filter = { search, state: state === '' ? null : state }
    const fitting = await tenantsFitting(db, organisationId, slug, filter)
    if (fitting.length !== count)
      throw refuse('conflict', `${fitting.length} customers fit now, and ${count} were shown.`)
    return inOrder(await mappingsOfTenants(db, organisationId, slug, fitting))
  }
  if (tenantIds === undefined) return null
  const ids = [...new Set(tenantIds)]
  const mapped = await mappingsOfTenants(db, organisationId, slug, ids)
  const isMapped = new Set(mapped.map(({ tenantId }) => tenantId))
  if (ids.some((id) => !isMapped.has(id)))
    throw refuse('not-mapped', 'One of the customers is not mapped to an agreement.')
  return inOrder(mapped)
}

/** The same whenever it is asked, so that what is done can be compared with what was shown. */
const inOrder = (mappings: readonly Mapping[]): Mapping[] =>
  mappings.toSorted((a, b) => (a.tenantId < b.tenantId ? -1 : 1))
