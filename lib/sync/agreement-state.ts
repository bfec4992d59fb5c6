/** How far an agreement's tenants are synced: read before anything is asked of ConnectWise. */
import { type Mapping, mappingsOfAgreement } from '#db/mappings/mappings.ts'
import type { SyncContext } from './context.ts'
import { type Former, formerOf } from './former.ts'
import { type Invoiced, invoicedTo, type Progress, progressOf } from './progress.ts'

/** Mapped tenants of an agreement and how far they are synced. */
export interface AgreementState {
  readonly mappings: readonly Mapping[]
  readonly syncing: readonly Mapping[]
  readonly former: Former
  readonly invoiced: Invoiced
  readonly progress: Progress
  readonly readAt: Date
}

export const agreementStateOf = async (
  ctx: SyncContext,
  agreementId: number,
  asIfSyncing: readonly string[] = [],
  asIfMapped: readonly Mapping[] = [],
): Promise<AgreementState> => {
  const readAt = ctx.now()
  const stored = await mappingsOfAgreement(ctx.db, ctx.organisationId, ctx.program.slug, agreementId)
  const others = stored.filter(({ tenantId }) => asIfMapped.every((each) => each.tenantId !== tenantId))
  const mappings = [...others, ...asIfMapped]
  const syncing = mappings.filter((each) => each.syncEnabled || asIfSyncing.includes(each.tenantId))
  const former = await formerOf(ctx, agreementId, mappings)
  const invoiced = await invoicedTo(ctx, syncing, former)
  const progress = await progressOf(ctx, syncing, former, invoiced)
  return { mappings, syncing, former, invoiced, progress, readAt }
}

/**
 * The same once the sync itself has stored how far it is. Who is mapped and what was invoiced stays as the sync began with it: what
 * comes meanwhile is for the next one, which `attemptedAt` tells of it. Of what is read again people decide too, but only while nobody
 * syncs the agreement.
 */
export const furtherOn = async (ctx: SyncContext, state: AgreementState): Promise<AgreementState> => {
  const { syncing, former, invoiced } = state
  return { ...state, progress: await progressOf(ctx, syncing, former, invoiced) }
}

/** Tenants with months here: those that are mapped, and those that were. */
export const tenantsOf = ({ progress }: AgreementState): string[] => [...progress.stays.keys()]
