/** Mapping a PRISM customer to a ConnectWise agreement (E2-E5). */
import type { Database } from '#db/client.ts'
import { deleteNeverMapped } from '#db/mappings/accepted.ts'
import { firstSyncs } from '#db/mappings/customers.ts'
import { deleteMapping, type Mapping, mapping, putMapping } from '#db/mappings/mappings.ts'
import { oneTimeMappingsOfAgreement } from '#db/mappings/one-time.ts'
import { audit } from '#db/people/audit.ts'
import { type Kept, type ListedTenant, storeTenants, tenant, tenantsByIds } from '#db/prism/tenants.ts'
import { ProductError } from '#lib/base/errors.ts'
import { type AgreementFinding, agreementFindings } from '#lib/billing/agreement-rules.ts'
import { carriesAnnual } from '#lib/billing/annual/one-time-rules.ts'
import { addMonths, firstDay } from '#lib/billing/days.ts'
import type { FirstSync, Period } from '#lib/billing/types.ts'
import type { AgreementRecord, ConnectWiseClient } from '#lib/connectwise/values.ts'
import {
  billedElsewhereUpTo,
  type LeaveContext,
  type Leaving,
  type LeavingAnswer,
  leavingOf,
  noteLeaving,
  refuseEarlier,
  refuseUnended,
} from './leave-agreement.ts'

export interface MapContext extends LeaveContext {
  /** Does `work` while nobody syncs the agreement. Throws `already-running`. */
  readonly alone: (agreementId: number, work: () => Promise<void>) => Promise<void>
  readonly connectWise: Pick<ConnectWiseClient, 'agreement'>
  /** Asks PRISM for all tenants of the program, where one is not stored yet. */
  readonly listTenants: () => Promise<{ readonly records: readonly ListedTenant[]; readonly kept: Kept }>
  /** Throws `billed-already` where Sync would be switched on beside what bills the customer already. */
  readonly refuseDoubled?: (input: MapInput) => Promise<void>
  /** Goes on in the same transaction where Sync was switched on of a customer that was mapped there before. */
  readonly onSwitchedOn?: (tx: Database, mapping: Mapping) => Promise<unknown>
  /** With which others it was accepted as it was suggested; left out: it was chosen. */
  readonly acceptedIn?: string
}

export interface MapInput {
  readonly tenantId: string
  readonly companyId: number
  readonly agreementId: number
  readonly syncEnabled: boolean
  /** Where the mapping moves: from which month on the new agreement bills. */
  readonly takesOver?: Period | undefined
  /** Where it moves: what is on the old agreement stays as it is. */
  readonly leave?: boolean | undefined
  /** How it begins; left out: as it was said before. */
  readonly begin?: FirstSync | null
}

/** Nobody has decided yet about what is open on the agreement that the customer would leave. */
export class Undecided extends ProductError {
  override readonly name = 'Undecided'
  readonly leaving: Leaving

  constructor(leaving: Leaving) {
    const { open, agreementName, monthly } = leaving
    super(
      'still-billed',
      `${open.length === 1 ? '1 addition stays' : `${open.length} additions stay`} open on ${agreementName} and ${open.length === 1 ? 'bills' : 'bill'} ${monthly.price} a month.`,
    )
    this.leaving = leaving
  }
}

/** What is known of a mapping before it is stored. */
export interface Judged {
  readonly before: Mapping | null
  /** `null`: it is not needed, as the customer stays on it with Sync off. */
  readonly agreement: AgreementRecord | null
  /** The first month that the agreement may bill, where another one bills those before it. */
  readonly from: Period | null
}

/**
 * Maps a tenant. Throws `still-billed` where it moves and nobody has decided what becomes of what is open on the old one, and `not-found` where PRISM lists no such tenant or ConnectWise no such agreement of the company, and
 * `agreement-unsuitable` with each rule of A5 that speaks against it, and `billed-already`.
 */
export async function mapCustomer({ ctx, input }: { ctx: MapContext; input: MapInput }): Promise<Mapping> {
  await knowTenant(ctx, input.tenantId)
  const { db, organisationId, program } = ctx
  const before = await mapping(db, organisationId, program, input.tenantId)
  if (before !== null && before.agreementId !== input.agreementId)
    return moveCustomer(ctx, input, before, await agreementOf(ctx, input))
  const judged = await judgeMapping(ctx, input, before)
  if (input.syncEnabled && before?.syncEnabled !== true) await ctx.refuseDoubled?.(input)
  return storeMapping(ctx, input, judged)
}

/**
 * What `mapCustomer` would refuse of a customer that does not move, without storing anything. Throws what `mapCustomer` throws.
 * @param before as it is mapped now; `null`: it is not
 */
export async function judgeMapping(
  ctx: Pick<MapContext, 'db' | 'organisationId' | 'program' | 'connectWise' | 'currency' | 'today'>,
  input: MapInput,
  before: Mapping | null,
): Promise<Judged> {
  // Sync can be switched off also where the agreement was deleted, or ConnectWise does not answer.
  if (before !== null && !input.syncEnabled) {
    if (before.companyId !== input.companyId) await agreementOf(ctx, input)
    return { before, agreement: null, from: null }
  }
  const agreement = await agreementOf(ctx, input)
  const from = before === null ? await billedElsewhereUpTo(ctx, input) : null
  // An agreement that has ended since may be kept.
  if (before === null || !before.syncEnabled)
    await refuseUnsuitable(ctx, input.tenantId, from ?? before?.firstPeriod ?? null, agreement, from !== null)
  return { before, agreement, from }
}

/** Stores a mapping that does not move, as it was judged; that the customer is never mapped is over with it. */
export async function storeMapping(
  ctx: Pick<MapContext, 'db' | 'organisationId' | 'program' | 'actor' | 'onSwitchedOn' | 'acceptedIn'>,
  { tenantId, companyId, agreementId, syncEnabled, begin }: MapInput,
  { before, agreement, from }: Judged,
): Promise<Mapping> {
  const { db, organisationId, program, actor } = ctx
  return db.transaction(async (tx) => {
    const names =
      agreement === null ? {} : { companyName: agreement.company.name, agreementName: agreement.name }
    const begins = from === null ? {} : { firstPeriod: from }
    const chosen = begin === undefined ? {} : { begin }
    const accepted = ctx.acceptedIn === undefined ? {} : { acceptedIn: ctx.acceptedIn }
    const values = { companyId, agreementId, syncEnabled, ...begins, ...chosen, ...accepted, ...names }
    await deleteNeverMapped(tx, organisationId, program, tenantId)
    const stored = await putMapping(tx, organisationId, program, tenantId, values)
    const detail = { before: before === null ? null : audited(before), after: audited(stored) }
    await audit(tx, organisationId, { actor, action: 'map-customer', subject: tenantId, detail })
    if (before !== null && stored.syncEnabled && !before.syncEnabled) await ctx.onSwitchedOn?.(tx, stored)
    return stored
  })
}

/**
 * Moves a mapping: the old agreement ends with a month, and the new one takes over with the next
 * (docs/billing-rules.md, "Moving and clearing").
 */
async function moveCustomer(
  ctx: MapContext,
  input: MapInput,
  before: Mapping,
  agreement: AgreementRecord,
): Promise<Mapping> {
  const { organisationId, program, actor } = ctx
  const { tenantId, companyId, agreementId, syncEnabled, takesOver, leave = false } = input
  await refuseUnended(ctx, before)
  refuseFor(await oneTimeUse(ctx, agreement.id))
  const leaving = await leavingOf(ctx, before, agreement)
  if (leaving.open.length > 0 && takesOver === undefined && !leave) throw new Undecided(leaving)
  const from = takesOver ?? leaving.takeover.from
  refuseEarlier(leaving, { from })
  const firstPeriod = leaving.isUntouched && takesOver === undefined ? null : from
  await refuseUnsuitable(ctx, tenantId, firstPeriod, agreement, firstPeriod !== null)
  let stored: Mapping | null = null
  await ctx.alone(before.agreementId, () =>
    ctx.db.transaction(async (tx) => {
      const now = await mapping(tx, organisationId, program, tenantId)
      if (now?.agreementId !== before.agreementId)
        throw new ProductError('conflict', 'The customer was mapped to another agreement at this moment.')
      if (firstPeriod !== null) await noteLeaving(tx, ctx, before, leave ? 'leave' : { from })
      const names = { companyName: agreement.company.name, agreementName: agreement.name }
      const values = { companyId, agreementId, syncEnabled, firstPeriod, ...names }
      stored = await putMapping(tx, organisationId, program, tenantId, values)
      const after = { ...audited(stored), ...(leave ? { leaves: true } : { takesOver: firstPeriod }) }
      const detail = { before: audited(before), after }
      await audit(tx, organisationId, { actor, action: 'map-customer', subject: tenantId, detail })
    }),
  )
  if (stored === null) throw new Error('A mapping that was moved is there')
  return stored
}

const audited = ({ companyId, agreementId, agreementName, syncEnabled, begin }: Mapping) => ({
  companyId,
  agreementId,
  agreementName,
  syncEnabled,
  begin,
})

/** Throws `not-found` where PRISM lists no such tenant. */
export async function knowTenant(
  ctx: Pick<MapContext, 'db' | 'organisationId' | 'program' | 'listTenants'>,
  tenantId: string,
): Promise<void> {
  const { db, organisationId, program } = ctx
  if ((await tenant(db, organisationId, program, tenantId)) !== null) return
  const { records, kept } = await ctx.listTenants()
  await storeTenants(db, organisationId, program, records, kept)
  if ((await tenant(db, organisationId, program, tenantId)) !== null) return
  throw new ProductError('not-found', `PRISM lists no customer with the tenant id '${tenantId}'.`)
}

/** Throws `not-found` where ConnectWise has none of the id, and `agreement-unsuitable` where it is another company's. */
export async function agreementOf(
  { connectWise }: Pick<MapContext, 'connectWise'>,
  { agreementId, companyId }: Pick<MapInput, 'agreementId' | 'companyId'>,
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
  ctx: Pick<MapContext, 'db' | 'organisationId' | 'program' | 'currency' | 'today'>,
  tenantId: string,
  begins: Period | null,
  agreement: AgreementRecord,
  isMove = false,
): Promise<void> {
  const first = await firstSyncs(ctx.db, ctx.organisationId, ctx.program, [tenantId])
  const firstPeriod = begins ?? first.get(tenantId)?.period ?? null
  // One that takes over with the day on which it starts carries nothing from before it.
  const startsWithIt = isMove && firstPeriod !== null && agreement.startDate === firstDay(firstPeriod)
  const use = { today: ctx.today, firstPeriod, currency: ctx.currency }
  const found = [...agreementFindings(agreement, use), ...(await oneTimeUse(ctx, agreement.id))]
  refuseFor(
    found.filter(
      ({ severity, code }) => severity === 'error' && !(startsWithIt && code === 'starts-too-late'),
    ),
  )
}

/** Throws `agreement-unsuitable` with each rule and its remedy; nothing where none speaks against the agreement. */
export function refuseFor(refusals: readonly AgreementFinding[]): void {
  if (refusals.length === 0) return
  const detail = refusals.map(({ message, remedy }) => `${message} ${remedy}`).join(' ')
  throw new ProductError('agreement-unsuitable', detail)
}

/** What speaks against an agreement that carries a customer's annual invoices (J9). */
export async function oneTimeUse(
  { db, organisationId, program }: Pick<MapContext, 'db' | 'organisationId' | 'program'>,
  agreementId: number,
): Promise<AgreementFinding[]> {
  const mapped = await oneTimeMappingsOfAgreement(db, organisationId, program, agreementId)
  const ids = mapped.map(({ tenantId }) => tenantId)
  const tenants = await tenantsByIds(db, organisationId, program, ids)
  return tenants.map(({ name, domain }) => carriesAnnual(name || domain))
}

/**
 * Clears a mapping: what is on its agreement ends with a month, or stays as it is (E5); there is no default. Throws `not-mapped`,
 * and `still-billed` where something is open there and neither was chosen.
 */
export async function unmapCustomer({
  ctx,
  input,
}: {
  ctx: LeaveContext & Pick<MapContext, 'alone'>
  input: {
    readonly tenantId: string
    /** The last month that is billed there. */
    readonly end?: Period | undefined
    readonly leave?: boolean | undefined
  }
}): Promise<void> {
  const { db, organisationId, program, actor } = ctx
  const { tenantId, end, leave = false } = input
  const before = await mapping(db, organisationId, program, tenantId)
  if (before === null) throw new ProductError('not-mapped', 'The customer has no mapping.')
  await refuseUnended(ctx, before)
  const answer: LeavingAnswer | null = leave ? 'leave' : end ? { from: addMonths(end, 1) } : null
  if (answer !== 'leave') {
    const leaving = await leavingOf(ctx, before, null)
    if (answer === null && leaving.open.length > 0) throw new Undecided(leaving)
    if (answer !== null) refuseEarlier(leaving, answer)
  }
  await ctx.alone(before.agreementId, () =>
    db.transaction(async (tx) => {
      await noteLeaving(tx, ctx, before, answer ?? 'leave')
      await deleteMapping(tx, organisationId, program, tenantId)
      const after = answer === null ? null : answer === 'leave' ? { leaves: true } : { endsAfter: end }
      const detail = { before: audited(before), after }
      await audit(tx, organisationId, { actor, action: 'unmap-customer', subject: tenantId, detail })
    }),
  )
}
