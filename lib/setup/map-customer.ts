/** Mapping a PRISM customer to a ConnectWise agreement (E2-E5). */
import type { Database } from '#db/client.ts'
import { audit } from '#db/queries/audit.ts'
import { firstSyncs } from '#db/queries/customers.ts'
import { deleteMapping, type Mapping, mapping, putMapping } from '#db/queries/mappings.ts'
import { type Kept, type ListedTenant, storeTenants, tenant } from '#db/queries/tenants.ts'
import { ProductError } from '#lib/base/errors.ts'
import { agreementFindings } from '#lib/billing/agreement-rules.ts'
import type { Day, FirstSync } from '#lib/billing/types.ts'
import type { AgreementRecord, ConnectWiseClient } from '#lib/connectwise/values.ts'

export interface MapContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly actor: string
  readonly connectWise: Pick<ConnectWiseClient, 'agreement'>
  /** Asks PRISM for all tenants of the program, where one is not stored yet. */
  readonly listTenants: () => Promise<{ readonly records: readonly ListedTenant[]; readonly kept: Kept }>
  /** Of the PRISM connection. */
  readonly currency: string
  readonly today: Day
  /** Goes on in the same transaction where Sync was switched on of a customer that was mapped there before. */
  readonly onSwitchedOn?: (tx: Database, mapping: Mapping) => Promise<unknown>
}

export interface MapInput {
  readonly tenantId: string
  readonly companyId: number
  readonly agreementId: number
  readonly syncEnabled: boolean
  /** How it begins; left out: as it was said before. */
  readonly begin?: FirstSync | null
}

/**
 * Maps a tenant. Throws `not-found` where PRISM lists no such tenant or ConnectWise no such agreement of the company, and
 * `agreement-unsuitable` with each rule of A5 that speaks against it.
 */
export async function mapCustomer({ ctx, input }: { ctx: MapContext; input: MapInput }): Promise<Mapping> {
  const { db, organisationId, program, actor } = ctx
  await knowTenant(ctx, input.tenantId)
  const before = await mapping(db, organisationId, program, input.tenantId)
  const agreement = await agreementOf(ctx, input)
  // An agreement that has ended since may be kept, with Sync switched off.
  const isNew = before === null || before.agreementId !== input.agreementId
  if (isNew || (input.syncEnabled && !before.syncEnabled))
    await refuseUnsuitable(ctx, input.tenantId, before, agreement)
  return db.transaction(async (tx) => {
    const { tenantId, ...values } = input
    const names = { companyName: agreement.company.name, agreementName: agreement.name }
    const stored = await putMapping(tx, organisationId, program, tenantId, { ...values, ...names })
    const detail = { before: before === null ? null : audited(before), after: audited(stored) }
    await audit(tx, organisationId, { actor, action: 'map-customer', subject: tenantId, detail })
    if (!isNew && stored.syncEnabled && !before.syncEnabled) await ctx.onSwitchedOn?.(tx, stored)
    return stored
  })
}

const audited = ({ companyId, agreementId, agreementName, syncEnabled, begin }: Mapping) => ({
  companyId,
  agreementId,
  agreementName,
  syncEnabled,
  begin,
})

async function knowTenant(ctx: MapContext, tenantId: string): Promise<void> {
  const { db, organisationId, program } = ctx
  if ((await tenant(db, organisationId, program, tenantId)) !== null) return
  const { records, kept } = await ctx.listTenants()
  await storeTenants(db, organisationId, program, records, kept)
  if ((await tenant(db, organisationId, program, tenantId)) !== null) return
  throw new ProductError('not-found', `PRISM lists no customer with the tenant id '${tenantId}'.`)
}

async function agreementOf(
  { connectWise }: MapContext,
  { agreementId, companyId }: MapInput,
): Promise<AgreementRecord> {
  const agreement = await connectWise.agreement(agreementId)
  if (agreement === null) throw new ProductError('not-found', `ConnectWise has no agreement ${agreementId}.`)
  if (agreement.company.id === companyId) return agreement
  throw new ProductError(
    'agreement-unsuitable',
    `Agreement ${agreementId} belongs to ${agreement.company.name}, not to company ${companyId}.`,
  )
}

async function refuseUnsuitable(
  ctx: MapContext,
  tenantId: string,
  before: Mapping | null,
  agreement: AgreementRecord,
): Promise<void> {
  const first = await firstSyncs(ctx.db, ctx.organisationId, ctx.program, [tenantId])
  const firstPeriod = before?.firstPeriod ?? first.get(tenantId)?.period ?? null
  const refusals = agreementFindings(agreement, {
    today: ctx.today,
    firstPeriod,
    currency: ctx.currency,
  }).filter(({ severity }) => severity === 'error')
  if (refusals.length === 0) return
  const detail = refusals.map(({ message, remedy }) => `${message} ${remedy}`).join(' ')
  throw new ProductError('agreement-unsuitable', detail)
}

/** Forgets a mapping; its additions stay as they are (E5). Throws `not-mapped`. */
export async function unmapCustomer({
  ctx,
  input,
}: {
  ctx: Pick<MapContext, 'db' | 'organisationId' | 'program' | 'actor'>
  input: { readonly tenantId: string }
}): Promise<void> {
  const { db, organisationId, program, actor } = ctx
  const before = await mapping(db, organisationId, program, input.tenantId)
  if (before === null) throw new ProductError('not-mapped', 'The customer has no mapping.')
  await db.transaction(async (tx) => {
    await deleteMapping(tx, organisationId, program, input.tenantId)
    const detail = { before: audited(before), after: null }
    await audit(tx, organisationId, { actor, action: 'unmap-customer', subject: input.tenantId, detail })
  })
}
