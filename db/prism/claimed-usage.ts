import type { Usage } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { claimsOf } from './line-claims.ts'
import { tenantsByIds } from './tenants.ts'

/**
 * The usage with the contested lines that concern the tenants. Where all who have a claim are among them, it does not matter whose
 * they are: they are lines like others. Else nothing of the subscription is written until it is decided (docs/billing-rules.md,
 * "Whose line").
 */
export const withClaimsOf = async (
  db: Database,
  organisationId: string,
  program: string,
  usage: Usage,
  tenantIds: readonly string[],
): Promise<Usage> => {
  const { contested, learned } = await claimsOf(db, organisationId, program, usage.invoiceId, tenantIds)
  if (contested.length === 0 && learned.size === 0) return usage
  const here = new Set(tenantIds)
  const ids = [...new Set(contested.flatMap((each) => each.tenantIds))]
  const tenants = await tenantsByIds(db, organisationId, program, ids)
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
