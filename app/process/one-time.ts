/** One-Time agreements (J9): a sync of one that somebody asks for, and what it would write. */
import type { Reply } from '#app/contracts/table.ts'
import { refuse } from '#app/http/api-route.ts'
import { type OneTimeMapping, oneTimeMappingsOfAgreement } from '#db/mappings/one-time.ts'
import type { Principal } from '#lib/auth/actions.ts'
import type { Preview } from '#lib/billing/plan-money.ts'
import { requestSync } from '#lib/jobs/requests.ts'
import type { Program } from '#lib/programs/registry.ts'
import { previewAnnual } from '#lib/sync/annual/sync-annual.ts'
import { server } from './process.ts'
import { refuseOff, refuseUnclearAgreement } from './requests.ts'
import { lookForInvoices, runJobsAfterwards, syncContextOf } from './worker.ts'

interface Of {
  readonly program: Program
  readonly agreementId: number
}

const mapped = async (
  { organisationId }: Principal,
  { program, agreementId }: Of,
): Promise<readonly OneTimeMapping[]> => {
  const found = await oneTimeMappingsOfAgreement(server().db, organisationId, program.slug, agreementId)
  if (found.length > 0) return found
  throw refuse('not-mapped', `Agreement ${agreementId} is no customer’s One-Time agreement.`)
}

/** Throws `not-mapped`, `sync-off`, `contract-agreement-unclear`. */
export const syncOneTime = async (
  principal: Principal,
  of: Of,
): Promise<Reply<'POST /api/programs/{program}/agreements/{agreementId}/sync'>> => {
  const { organisationId, actor, via } = principal
  const program = of.program.slug
  if ((await mapped(principal, of)).every(({ syncEnabled }) => !syncEnabled))
    throw refuse('sync-off', 'Sync of annual terms is switched off for this customer.')
  await refuseOff(organisationId, program)
  const agreementIds = [of.agreementId]
  await lookForInvoices(organisationId, program, { kind: 'customers', agreementIds })
  await refuseUnclearAgreement(organisationId, program)
  const request = { organisationId, program, agreementIds, trigger: via, actor }
  const runId = await requestSync(server().db, request)
  runJobsAfterwards()
  return { runId }
}

/** What a sync would write now; also while Sync is off, as a preview is how one decides to switch it on. Throws `not-mapped`. */
export const planOfOneTime = async (principal: Principal, of: Of): Promise<Preview> => {
  const mappings = await mapped(principal, of)
  const ctx = await syncContextOf(principal.organisationId, of.program.slug, principal.actor)
  const syncing = mappings.map(({ tenantId }) => tenantId)
  const found = await previewAnnual(ctx, of.agreementId, syncing)
  if (found === null) throw refuse('not-mapped', 'It was cleared meanwhile.')
  return { ...found.plan, money: found.money, review: null }
}
