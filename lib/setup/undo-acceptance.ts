/** Taking back mappings that were accepted at once, those alone of which nothing was written since (J7). */
import type { Database } from '#db/client.ts'
import { isWrittenSince, mappingsAcceptedIn } from '#db/mappings/accepted.ts'
import { deleteMapping, type Mapping, mapping } from '#db/mappings/mappings.ts'
import { audit } from '#db/people/audit.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { MapContext } from './map-customer.ts'

export interface UndoAcceptanceContext extends Pick<MapContext, 'alone'> {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly actor: string
}

export interface AcceptanceUndone {
  readonly takenBack: readonly string[]
  /** Those that stay mapped, and why. */
  readonly kept: readonly { readonly tenantId: string; readonly says: string }[]
}

/** Throws `not-found` where no mapping is left of what was accepted then. */
export async function undoAcceptance({
  ctx,
  input: { acceptance },
}: {
  ctx: UndoAcceptanceContext
  input: { readonly acceptance: string }
}): Promise<AcceptanceUndone> {
  const { db, organisationId, program, actor } = ctx
  const accepted = await mappingsAcceptedIn(db, organisationId, program, acceptance)
  if (accepted.length === 0)
    throw new ProductError('not-found', 'Nothing is mapped any more as it was accepted then.')
  const takenBack: string[] = []
  const kept: { tenantId: string; says: string }[] = []
  for (const each of accepted) {
    const { tenantId } = each
    const says = await takeBack(ctx, each, acceptance)
    if (says === null) takenBack.push(tenantId)
    else kept.push({ tenantId, says })
  }
  const detail = { takenBack: takenBack.length, kept: kept.length, acceptance }
  await audit(db, organisationId, { actor, action: 'undo-accepted-mappings', subject: program, detail })
  return { takenBack, kept }
}

/** @returns why it stays mapped; `null`: it was taken back */
async function takeBack(
  ctx: UndoAcceptanceContext,
  { tenantId, agreementId }: Mapping,
  acceptance: string,
): Promise<string | null> {
  const { organisationId, program, actor } = ctx
  let says: string | null = null
  try {
    await ctx.alone(agreementId, () =>
      ctx.db.transaction(async (tx) => {
        const now = await mapping(tx, organisationId, program, tenantId)
        says = now === null || now.acceptedIn !== acceptance ? CHANGED : await whyKept(tx, ctx, now)
        if (now === null || says !== null) return
        await deleteMapping(tx, organisationId, program, tenantId)
        const { companyId, companyName, agreementName, syncEnabled } = now
        const before = { companyId, companyName, agreementId, agreementName, syncEnabled }
        const detail = { before, after: { takesBack: acceptance } }
        await audit(tx, organisationId, { actor, action: 'unmap-customer', subject: tenantId, detail })
      }),
    )
  } catch (error) {
    if (!(error instanceof ProductError) || error.code !== 'already-running') throw error
    return 'A sync of its agreement is under way.'
  }
  return says
}

const CHANGED = 'Somebody changed it at this moment.'

async function whyKept(
  tx: Database,
  { organisationId }: UndoAcceptanceContext,
  { program, agreementId, createdAt, attemptedAt }: Mapping,
): Promise<string | null> {
  if (attemptedAt !== null) return 'A sync has taken it up since.'
  const since = { program, agreementId, since: createdAt }
  return (await isWrittenSince(tx, organisationId, since))
    ? 'Something was written to its agreement since.'
    : null
}
