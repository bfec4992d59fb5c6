/** Syncs that a person, a member or a token asks for. Each makes a run, or gives the one under way, and the jobs go on by themselves. */
import type { BodyOf } from '#app/contracts/contract.ts'
import type { Reply, Table } from '#app/contracts/table.ts'
import { refuse } from '#app/http/api-route.ts'
import { beginContext } from '#app/views/beginning.ts'
import { mapping, mappingsOf, mappingsOfTenants, tenantsThatWaitToBegin } from '#db/mappings/mappings.ts'
import { syncsOfCause } from '#db/mappings/open-points.ts'
import { audit } from '#db/people/audit.ts'
import { readyInvoices } from '#db/prism/invoices.ts'
import { programSettings } from '#db/prism/programs.ts'
import { run } from '#db/runs/runs.ts'
import type { Principal } from '#lib/auth/actions.ts'
import type { AnswerContext } from '#lib/inbox/answers.ts'
import { confirmCause, confirmWaiting } from '#lib/inbox/confirm.ts'
import { programOptions } from '#lib/intake/context.ts'
import {
  requestProducts,
  requestSetBack,
  requestSync,
  requestUndo,
  type SyncRequest,
} from '#lib/jobs/requests.ts'
import { type Program, programBySlug } from '#lib/programs/registry.ts'
import { chooseBegin } from '#lib/sync/begin.ts'
import { server } from './process.ts'
import { mappingsOfSelection } from './selection.ts'
import { lookForInvoices, runJobsAfterwards } from './worker.ts'

type Started = Reply<'POST /api/programs/{program}/customers/{tenantId}/sync'>

/** Throws `not-mapped`, `sync-off`, `contract-agreement-unclear`. */
export async function syncCustomer(
  { organisationId, actor, via }: Principal,
  program: Program,
  tenantId: string,
): Promise<Started> {
  const { db } = server()
  const mapped = await mapping(db, organisationId, program.slug, tenantId)
  if (mapped === null) throw refuse('not-mapped', 'The customer is not mapped to an agreement.')
  if (!mapped.syncEnabled) throw refuse('sync-off', 'Sync is switched off for this customer.')
  await refuseOff(organisationId, program.slug)
  const agreementIds = [mapped.agreementId]
  await lookForInvoices(organisationId, program.slug, { kind: 'customers', agreementIds })
  await refuseUnclearAgreement(organisationId, program.slug)
  const request = { organisationId, program: program.slug, agreementIds, trigger: via, actor }
  const runId = await requestSync(db, request)
  runJobsAfterwards()
  return { runId }
}

/**
 * Syncs many customers, or the agreements that a cause is open of; all that sync where nothing is named. Throws `not-mapped`,
 * `conflict`, `sync-off`, `contract-agreement-unclear`.
 */
export async function syncCustomers(
  { organisationId, actor, via }: Principal,
  program: Program,
  { cause, ...selection }: BodyOf<Table['POST /api/programs/{program}/customers/sync']>,
): Promise<Started> {
  const { db } = server()
  const asked = { organisationId, program: program.slug, trigger: via, actor } as const
  if (cause !== undefined) return syncOf(asked, await agreementsOfCause(organisationId, program, cause))
  const selected = await mappingsOfSelection(organisationId, program, selection)
  const mappings = selected ?? (await mappingsOf(db, organisationId, program.slug))
  const syncing = mappings.filter(({ syncEnabled }) => syncEnabled)
  const agreementIds = [...new Set(syncing.map(({ agreementId }) => agreementId))]
  if (agreementIds.length === 0) throw refuse('sync-off', 'Sync is switched off for all of them.')
  return syncOf(asked, agreementIds, selected === null ? {} : { agreementIds })
}

/** @param which those that are synced, where that is not only the agreements that are looked at for */
async function syncOf(
  asked: Omit<SyncRequest, 'agreementIds'>,
  agreementIds: readonly number[],
  which: Pick<SyncRequest, 'agreementIds'> = { agreementIds },
): Promise<Started> {
  const { organisationId, program } = asked
  await refuseOff(organisationId, program)
  await lookForInvoices(organisationId, program, { kind: 'customers', agreementIds })
  await refuseUnclearAgreement(organisationId, program)
  const runId = await requestSync(server().db, { ...asked, ...which })
  runJobsAfterwards()
  return { runId }
}

async function agreementsOfCause(
  organisationId: string,
  program: Program,
  cause: string,
): Promise<readonly number[]> {
  const found = await syncsOfCause(server().db, organisationId, program.slug, cause)
  if (found.length > 0) return [...new Set(found.map(({ agreementId }) => agreementId))]
  throw refuse('conflict', 'Nothing of it waits any more.')
}

/** Nothing syncs of several contract agreements until one is picked, not even what is stored of another time (F14). */
export async function refuseUnclearAgreement(organisationId: string, program: string): Promise<void> {
  const { db } = server()
  if ((await programSettings(db, organisationId, program))?.contractAgreementId) return
  if ((await readyInvoices(db, organisationId, program)).length === 0) return
  throw refuse('contract-agreement-unclear', 'No contract agreement is picked.')
}

/** Throws `sync-off`. */
export async function refuseOff(organisationId: string, program: string): Promise<void> {
  if ((await programSettings(server().db, organisationId, program))?.enabled) return
  throw refuse('sync-off', `Sync is switched off for ${programBySlug(program)?.name ?? program}.`)
}

/** Throws `sync-off`. */
export async function syncProducts(
  { organisationId, actor, via }: Principal,
  program: Program,
): Promise<Started> {
  const { db } = server()
  await refuseOff(organisationId, program.slug)
  // The price list of this moment.
  await lookForInvoices(organisationId, program.slug, { kind: 'products' })
  const runId = await requestProducts(db, { organisationId, program: program.slug, trigger: via, actor })
  runJobsAfterwards()
  return { runId }
}

/** Says yes to what waits in a run (F18), all of it or `which`, and syncs the agreements concerned. Throws `not-found`, `sync-off`. */
export async function confirmAndSync(
  principal: Principal,
  runId: string,
  which: BodyOf<Table['POST /api/runs/{id}/confirm']>,
): Promise<Started> {
  const { organisationId } = principal
  const program = (await run(server().db, organisationId, runId))?.program
  if (program === undefined) throw refuse('not-found', 'There is no such run.')
  return confirmed(principal, program, (ctx) => confirmWaiting({ ctx, input: { runId, which } }))
}

/** The same of all that waits of a cause. Throws `sync-off`. */
export const confirmCauseAndSync = (
  principal: Principal,
  program: string,
  input: BodyOf<Table['POST /api/programs/{program}/confirm']>,
): Promise<Started> => confirmed(principal, program, (ctx) => confirmCause({ ctx, input }))

async function confirmed(
  { organisationId, actor, via }: Principal,
  program: string,
  confirm: (ctx: AnswerContext) => Promise<number[]>,
): Promise<Started> {
  const { db } = server()
  await refuseOff(organisationId, program)
  const agreementIds = await confirm({ db, organisationId, program, actor })
  const runId = await requestSync(db, { organisationId, program, agreementIds, trigger: via, actor })
  runJobsAfterwards()
  return { runId }
}

/** Takes a run back (J2). Throws `not-found`, `already-running`. */
export async function undoRun(
  { organisationId, actor, via }: Principal,
  runId: string,
  { agreementIds }: BodyOf<Table['POST /api/runs/{id}/undo']>,
): Promise<Started> {
  const named = agreementIds === undefined ? {} : { agreementIds }
  const started = await requestUndo(server().db, { organisationId, runId, ...named, trigger: via, actor })
  const detail = { runId: started, agreementIds: agreementIds ?? null }
  await audit(server().db, organisationId, { actor, action: 'undo-run', subject: runId, detail })
  runJobsAfterwards()
  return { runId: started }
}

/** Sets back what somebody edited by hand on an agreement. Throws `not-found`, `already-running`. */
export async function setBackEdits(
  { organisationId, actor, via }: Principal,
  { program, agreementId }: { readonly program: Program; readonly agreementId: number },
  { subscriptionIds }: BodyOf<Table['POST /api/programs/{program}/agreements/{agreementId}/edits']>,
): Promise<Started> {
  const { db } = server()
  const of = { program: program.slug, agreementId, subscriptionIds }
  const runId = await requestSetBack(db, { organisationId, ...of, trigger: via, actor })
  const detail = { runId, subscriptionIds }
  await audit(db, organisationId, { actor, action: 'set-back-edits', subject: `${agreementId}`, detail })
  runJobsAfterwards()
  return { runId }
}

/**
 * Says of many customers how they begin, and syncs their agreements (docs/billing-rules.md, "First sync").
 * Throws `not-mapped`.
 */
export async function beginAndSync(
  { organisationId, actor, via }: Principal,
  program: Program,
  { begin, tenantIds: named }: BodyOf<Table['POST /api/programs/{program}/begin']>,
): Promise<Reply<'POST /api/programs/{program}/begin'>> {
  const { db } = server()
  const tenantIds = named ?? [...(await tenantsThatWaitToBegin(db, organisationId, program.slug))]
  const mappings = await mappingsOfTenants(db, organisationId, program.slug, tenantIds)
  if (tenantIds.some((id) => mappings.every(({ tenantId }) => tenantId !== id)))
    throw refuse('not-mapped', 'One of the customers is not mapped to an agreement.')
  const ctx = await beginContext(organisationId, program, actor)
  for (const tenantId of tenantIds) await chooseBegin({ ctx, input: { tenantId, begin } })
  const { enabled } = await programOptions(db, organisationId, program)
  const agreementIds = mappings.filter((each) => each.syncEnabled).map((each) => each.agreementId)
  if (!enabled || agreementIds.length === 0) return { tenantIds, runId: null }
  const request = { organisationId, program: program.slug, agreementIds, trigger: via, actor }
  const runId = await requestSync(db, request)
  runJobsAfterwards()
  return { tenantIds, runId }
}
