import { refuse } from '#app/http/api-route.ts'
import { mapping } from '#db/mappings/mappings.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { moneyOf, type Preview } from '#lib/billing/plan-money.ts'
import type { Program } from '#lib/programs/registry.ts'
import { previewAgreement } from '#lib/sync/run.ts'
import { server } from './process.ts'
import { syncContextOf } from './worker.ts'

/** What a sync of the customer's whole agreement would write now, its other customers included. Throws `not-mapped`. */
export async function planOfCustomer(
  { organisationId, actor }: Principal,
  { program, tenantId }: { readonly program: Program; readonly tenantId: string },
): Promise<Preview> {
  const mapped = await mapping(server().db, organisationId, program.slug, tenantId)
  if (mapped === null) throw refuse('not-mapped', 'The customer is not mapped to an agreement.')
  const ctx = await syncContextOf(organisationId, program.slug, actor)
  // Also while its Sync is off: a preview is how one decides to switch it on.
  const input = { agreementId: mapped.agreementId, asIfSyncing: [tenantId] }
  const { situation, plan } = await previewAgreement({ ctx, input })
  return { ...plan, money: moneyOf(situation, plan) }
}
