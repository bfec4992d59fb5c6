/** Whose annual invoices a One-Time agreement carries, and which there are: read before anything is asked of ConnectWise (J9). */
import { type OneTimeMapping, oneTimeMappingsOfAgreement } from '#db/mappings/one-time.ts'
import { annualInvoicesFor, type StoredAnnualInvoice } from '#db/prism/annual-invoices.ts'
import type { SyncContext } from '../context.ts'

export interface AnnualState {
  readonly mappings: readonly OneTimeMapping[]
  readonly syncing: readonly OneTimeMapping[]
  /** Its customers. */
  readonly tenantIds: readonly string[]
  /** All that are in use of its customers, whether or not they are due; oldest first. */
  readonly invoices: readonly StoredAnnualInvoice[]
  readonly readAt: Date
}

export interface AsIf {
  /** Tenants that are looked at as if their Sync were on. */
  readonly syncing?: readonly string[]
  /** Tenants that are looked at as its customers, whether or not they are mapped to it. */
  readonly asIfMapped?: readonly string[]
}

/** Of an agreement that is no customer's One-Time agreement (any more) there is nothing. */
export const annualStateOf = async (
  ctx: Pick<SyncContext, 'db' | 'organisationId' | 'program' | 'now'>,
  agreementId: number,
  { syncing = [], asIfMapped = [] }: AsIf = {},
): Promise<AnnualState> => {
  const { db, organisationId, program } = ctx
  const readAt = ctx.now()
  const mappings = await oneTimeMappingsOfAgreement(db, organisationId, program.slug, agreementId)
  const tenantIds = [...new Set([...mappings.map(({ tenantId }) => tenantId), ...asIfMapped])]
  return {
    mappings,
    syncing: mappings.filter((each) => each.syncEnabled || syncing.includes(each.tenantId)),
    tenantIds,
    invoices: await annualInvoicesFor(db, organisationId, program.slug, tenantIds),
    readAt,
  }
}
