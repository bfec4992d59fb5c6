/** Contested lines of an invoice, as they concern an agreement (docs/billing-rules.md, "Whose line"). */

import type { Mapping } from '#db/mappings/mappings.ts'
import { withClaimsOf } from '#db/prism/claimed-usage.ts'
import type { Usage } from '#lib/billing/types.ts'
import type { SyncContext } from './context.ts'

/**
 * The usage with the contested lines of the agreement's customers.
 * @param syncing mappings of the agreement whose Sync is on, or taken to be on
 */
export const withClaims = async (
  { db, organisationId, program }: SyncContext,
  usage: Usage,
  syncing: readonly Mapping[],
): Promise<Usage> => {
  const tenantIds = syncing
    .filter(({ firstPeriod }) => firstPeriod === null || firstPeriod <= usage.period)
    .map((each) => each.tenantId)
  return withClaimsOf(db, organisationId, program.slug, usage, tenantIds)
}
