/** Mapping a customer to the One-Time agreement that carries what it is billed at once (E2, J9). */
import { ownedAdditions } from '#db/ledger/changes.ts'
import { unfinishedFormerMappings } from '#db/mappings/former-mappings.ts'
import { mapping, mappingsOfAgreement } from '#db/mappings/mappings.ts'
import {
  deleteOneTimeMapping,
  type OneTimeMapping,
  oneTimeMapping,
  putOneTimeMapping,
} from '#db/mappings/one-time.ts'
import { audit } from '#db/people/audit.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { AgreementFinding } from '#lib/billing/agreement-rules.ts'
import { billingDay } from '#lib/billing/annual/one-time-bill.ts'
import { billsByTheMonth, oneTimeUnfitness } from '#lib/billing/annual/one-time-rules.ts'
import type { Day } from '#lib/billing/types.ts'
import type { AgreementRecord } from '#lib/connectwise/values.ts'
import { agreementOf, knowTenant, type MapContext, refuseFor } from './map-customer.ts'

export type OneTimeContext = Pick<
  MapContext,
  | 'db'
  | 'organisationId'
  | 'program'
  | 'actor'
  | 'currency'
  | 'today'
  | 'alone'
  | 'connectWise'
  | 'listTenants'
>

export interface OneTimeInput {
  readonly tenantId: string
  readonly companyId: number
  readonly agreementId: number
  readonly syncEnabled: boolean
}

/** Additions of ours on an agreement that a customer leaves. They stay as they are: each is invoiced once. */
export interface LeftOneTime {
  readonly agreementName: string
  readonly additions: number
}

/**
 * Maps a tenant, moves it, or switches its Sync. What is on the agreement that it leaves stays there. Throws `not-found` where PRISM
 * lists no such tenant or ConnectWise no such agreement, `agreement-unsuitable` with each rule that speaks against it, and
 * `already-running` where the agreement that it leaves is being synced.
 */
export async function mapOneTime({
  ctx,
  input,
}: {
  ctx: OneTimeContext
  input: OneTimeInput
}): Promise<{ readonly mapping: OneTimeMapping; readonly left: LeftOneTime | null }> {
  const { db, organisationId, program } = ctx
  await knowTenant(ctx, input.tenantId)
  const before = await oneTimeMapping(db, organisationId, program, input.tenantId)
  const isMove = before !== null && before.agreementId !== input.agreementId
  // Sync can be switched off also where the agreement was deleted, or ConnectWise does not answer.
  const isSwitchedOff =
    before !== null && !isMove && before.companyId === input.companyId && !input.syncEnabled
  const agreement = isSwitchedOff ? null : await fitAgreement(ctx, input)
  if (!isMove) return { mapping: await store(ctx, input, before, agreement), left: null }
  let stored: OneTimeMapping | null = null
  await ctx.alone(before.agreementId, async () => {
    stored = await store(ctx, input, before, agreement)
  })
  if (stored === null) throw new Error('A mapping that was moved is there')
  return { mapping: stored, left: await leftOn(ctx, before) }
}

/** Clears it: what is on its agreement stays there. Throws `not-mapped`, `already-running`. */
export async function unmapOneTime({
  ctx,
  input: { tenantId },
}: {
  ctx: Omit<OneTimeContext, 'connectWise' | 'listTenants' | 'currency' | 'today'>
  input: { readonly tenantId: string }
}): Promise<LeftOneTime | null> {
  const { db, organisationId, program, actor } = ctx
  const before = await oneTimeMapping(db, organisationId, program, tenantId)
  if (before === null) throw new ProductError('not-mapped', 'The customer has no One-Time agreement.')
  await ctx.alone(before.agreementId, () =>
    db.transaction(async (tx) => {
      await deleteOneTimeMapping(tx, organisationId, program, tenantId)
      const detail = { before: audited(before), after: null }
      await audit(tx, organisationId, { actor, action: 'unmap-one-time', subject: tenantId, detail })
    }),
  )
  return leftOn(ctx, before)
}

async function store(
  ctx: OneTimeContext,
  { tenantId, companyId, agreementId, syncEnabled }: OneTimeInput,
  before: OneTimeMapping | null,
  agreement: AgreementRecord | null,
): Promise<OneTimeMapping> {
  const { db, organisationId, program, actor } = ctx
  return db.transaction(async (tx) => {
    const names =
      agreement === null ? {} : { companyName: agreement.company.name, agreementName: agreement.name }
    const values = { companyId, agreementId, syncEnabled, mappedBy: actor, ...names }
    const stored = await putOneTimeMapping(tx, organisationId, program, tenantId, values)
    const detail = { before: before === null ? null : audited(before), after: audited(stored) }
    await audit(tx, organisationId, { actor, action: 'map-one-time', subject: tenantId, detail })
    return stored
  })
}

const audited = ({ companyId, agreementId, agreementName, syncEnabled }: OneTimeMapping) => ({
  companyId,
  agreementId,
  agreementName,
  syncEnabled,
})

async function fitAgreement(ctx: OneTimeContext, input: OneTimeInput): Promise<AgreementRecord> {
  const { db, organisationId, program, currency, today } = ctx
  const monthly = await mapping(db, organisationId, program, input.tenantId)
  if (monthly !== null && monthly.companyId !== input.companyId)
    throw new ProductError(
      'agreement-unsuitable',
      `The customer is mapped to ${monthly.companyName || `company ${monthly.companyId}`}: its One-Time agreement has to be of the same company.`,
    )
  const agreement = await agreementOf(ctx, input)
  refuseFor([
    ...oneTimeFindings(agreement, { today, currency }),
    ...(await monthlyUse(ctx, input.agreementId)),
  ])
  return agreement
}

/** A5 for the agreements that carry annual invoices, for one that is issued today. */
export const oneTimeFindings = (
  agreement: AgreementRecord,
  { today, currency }: { readonly today: Day; readonly currency: string },
): AgreementFinding[] => oneTimeUnfitness(agreement, billingDay(agreement, today), currency)

/** What speaks against an agreement that bills a customer by the month, or has still to end what one left there. */
export async function monthlyUse(
  { db, organisationId, program }: Pick<OneTimeContext, 'db' | 'organisationId' | 'program'>,
  agreementId: number,
): Promise<AgreementFinding[]> {
  const mapped = await mappingsOfAgreement(db, organisationId, program, agreementId)
  const former = await unfinishedFormerMappings(db, organisationId, program)
  const tenantIds = [...mapped, ...former.filter((each) => each.agreementId === agreementId)].map(
    (each) => each.tenantId,
  )
  const tenants = await tenantsByIds(db, organisationId, program, [...new Set(tenantIds)])
  return tenants.map(({ name, domain }) => billsByTheMonth(name || domain))
}

/** Additions of ours there that carry lines; where others are mapped there, too, theirs are among them. */
async function leftOn(
  { db, organisationId, program }: Pick<OneTimeContext, 'db' | 'organisationId' | 'program'>,
  { agreementId, agreementName }: OneTimeMapping,
): Promise<LeftOneTime | null> {
  const additions = (await ownedAdditions(db, organisationId, program, agreementId)).length
  return additions === 0 ? null : { agreementName: agreementName || `agreement ${agreementId}`, additions }
}
