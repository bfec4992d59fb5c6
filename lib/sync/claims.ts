/** Contested lines of an invoice, as they concern an agreement (docs/billing-rules.md, "Whose line"). */

import type { Mapping } from '#db/mappings/mappings.ts'
import { claimsOf } from '#db/prism/line-claims.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import type { Usage } from '#lib/billing/types.ts'
import type { SyncContext } from './context.ts'

/**
 * The usage with the contested lines of the agreement's customers. Where all who have a claim are on the agreement, it does not
 * matter whose they are: they are lines like others. Else nothing of the subscription is written until it is decided.
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
  const claims = await claimsOf(db, organisationId, program.slug, usage.invoiceId, tenantIds)
  const { contested, learned } = claims
  if (contested.length === 0 && learned.size === 0) return usage
  const here = new Set(tenantIds)
  const ids = [...new Set(contested.flatMap((each) => each.tenantIds))]
  const tenants = await tenantsByIds(db, organisationId, program.slug, ids)
  const names = new Map(tenants.map(({ id, name, domain }) => [id, name || domain]))
  const open = contested.filter(
    (each) => each.tenantIds.some((id) => !here.has(id)) || each.tenantIds.length === 1,
  )
  const lines = contested.flatMap((each) => {
    const tenantId = each.tenantIds.find((id) => here.has(id)) ?? ''
    return each.lines.map((line) => ({ ...line, tenantId }))
  })
  return {
    ...usage,
    lines: [...usage.lines, ...lines].sort((a, b) => a.row - b.row),
    ...(open.length === 0
      ? {}
      : {
          contested: Object.fromEntries(
            open.map((each) => [each.subscriptionId, each.tenantIds.map((id) => names.get(id) ?? id)]),
          ),
        }),
    ...(learned.size === 0 ? {} : { learnedDomains: Object.fromEntries(learned) }),
  }
}
