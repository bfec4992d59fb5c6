import { refuse } from '#app/http/api-route.ts'
import { mapping, mappingsOfAgreement } from '#db/mappings/mappings.ts'
import { run } from '#db/runs/runs.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { cutoverReview, isCutover } from '#lib/billing/cutover-review.ts'
import { moneyOf, type Preview, type UndoPreview } from '#lib/billing/plan-money.ts'
import { tenantsOf } from '#lib/inbox/answers.ts'
import type { Program } from '#lib/programs/registry.ts'
import { previewAnnualUndo } from '#lib/sync/annual/undo-sync.ts'
import { previewAgreement } from '#lib/sync/run.ts'
import { previewSetBack } from '#lib/sync/set-back.ts'
import { previewUndo } from '#lib/sync/undo.ts'
import { server } from './process.ts'
import { syncContextOf } from './worker.ts'

/** What taking a run back on an agreement would write now (J2). Throws `not-found`, `conflict`. */
export async function planOfUndo(
  { organisationId, actor }: Principal,
  { id, agreementId }: { readonly id: string; readonly agreementId: number },
): Promise<UndoPreview> {
  const undone = await run(server().db, organisationId, id)
  if (undone === null || undone.undoes !== null || undone.setsBack !== null)
    throw refuse('not-found', 'There is no such sync.')
  const ctx = await syncContextOf(organisationId, undone.program, actor)
  const of = { agreementId, undoes: id }
  return (await previewAnnualUndo(ctx, of)) ?? previewUndo(ctx, of)
}

/** What setting back what was edited by hand would write now. Throws `not-found`. */
export async function planOfSetBack(
  { organisationId, actor }: Principal,
  { program, agreementId }: { readonly program: Program; readonly agreementId: number },
): Promise<Preview> {
  await tenantsOf({ db: server().db, organisationId, program: program.slug }, agreementId)
  return previewSetBack(await syncContextOf(organisationId, program.slug, actor), agreementId)
}

/**
 * What a sync of the customer's whole agreement would write now, its other customers included. Throws `not-mapped`.
 * @param others whether those of them whose Sync is off are taken as if it was on
 */
export async function planOfCustomer(
  { organisationId, actor }: Principal,
  { program, tenantId }: { readonly program: Program; readonly tenantId: string },
  others = false,
): Promise<Preview> {
  const { db } = server()
  const mapped = await mapping(db, organisationId, program.slug, tenantId)
  if (mapped === null) throw refuse('not-mapped', 'The customer is not mapped to an agreement.')
  const together = others
    ? await mappingsOfAgreement(db, organisationId, program.slug, mapped.agreementId)
    : [mapped]
  const ctx = await syncContextOf(organisationId, program.slug, actor)
  // Also while its Sync is off: a preview is how one decides to switch it on.
  const asIfSyncing = together.map((each) => each.tenantId)
  const input = { agreementId: mapped.agreementId, asIfSyncing }
  const { situation, plan } = await previewAgreement({ ctx, input })
  const review = isCutover(situation) ? cutoverReview(situation, plan) : null
  return { ...plan, money: moneyOf(situation, plan), review }
}
