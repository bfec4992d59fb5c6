import type {
  MappedContent,
  MovedTenant,
  PodContent,
  SyncProgress,
  SyncResult,
  UnmappedContent,
} from '#app/api/schemas/pod.ts'
import type { SecondProof } from '#app/api/schemas/second-proof.ts'
import { connectWiseOf, currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { firstSyncs } from '#db/mappings/customers.ts'
import { formerMappingsOfAgreement } from '#db/mappings/former-mappings.ts'
import { type Mapping, mappingsOfAgreement, mappingsOfTenants } from '#db/mappings/mappings.ts'
import { type OneTimeMapping, oneTimeMappingsOfAgreement } from '#db/mappings/one-time.ts'
import { readyInvoices } from '#db/prism/invoices.ts'
import { programSettings } from '#db/prism/programs.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { lastFinishedItem, type RunItem, run, shownUnfinishedItem } from '#db/runs/runs.ts'
import { stopRequestedBy } from '#db/runs/stops.ts'
import { lastWriter } from '#db/runs/undos.ts'
import { mayDo, type Principal } from '#lib/auth/actions.ts'
import { ProductError } from '#lib/base/errors.ts'
import { agreementFindings } from '#lib/billing/agreement-rules.ts'
import { outcomesOf } from '#lib/ledger/outcomes.ts'
import { searchWord } from '#lib/matching/names.ts'
import { type Program, programs } from '#lib/programs/registry.ts'
import { monthToCheck } from '#lib/setup/going-live.ts'
import { shownInbox } from './inbox.ts'
import { agreementUse } from './mapping.ts'
import { secondProofsOfMonth } from './second-proof.ts'
import { suggestedTenants } from './suggestions.ts'

/** What a person may do in a pod. */
export const podRights = ({ role }: Principal) => ({
  sync: mayDo(role, 'customers.sync'),
  map: mayDo(role, 'customers.map'),
  skip: mayDo(role, 'customers.skip'),
  seeCost: mayDo(role, 'cost.read'),
  undo: mayDo(role, 'runs.undo'),
})

/** What the agreement pod shows: what is stored, or for an agreement without a tenant what ConnectWise says of it. */
export async function agreementContent(principal: Principal, agreementId: number): Promise<PodContent> {
  const { db } = server()
  for (const program of programs) {
    const mappings = await mappingsOfAgreement(db, principal.organisationId, program.slug, agreementId)
    const [first] = mappings
    if (first !== undefined) return mappedContent(principal, program, first, mappings)
  }
  for (const program of programs) {
    const { organisationId } = principal
    const oneTime = await oneTimeMappingsOfAgreement(db, organisationId, program.slug, agreementId)
    const [first] = oneTime
    if (first !== undefined) return oneTimeContent(principal, program, first, oneTime)
  }
  return unmappedContent(principal, programs[0], agreementId)
}

/** Tenants whose annual invoices the agreement carries (J9): nothing of a month is said of them. */
export async function oneTimeTenants(
  organisationId: string,
  program: string,
  mappings: readonly OneTimeMapping[],
): Promise<MappedContent['tenants']> {
  const ids = mappings.map(({ tenantId }) => tenantId)
  const tenants = await tenantsByIds(server().db, organisationId, program, ids)
  return mappings.map(({ tenantId: id, syncEnabled: syncs }) => {
    const { name = id, domain = '' } = tenants.find((each) => each.id === id) ?? {}
    return { id, name, domain, syncs, firstSync: null, checkMonth: null }
  })
}

const oneTimeContent = async (
  principal: Principal,
  of: Program,
  first: OneTimeMapping,
  mappings: readonly OneTimeMapping[],
): Promise<MappedContent> => ({
  ...(await syncedContent(principal, of, first)),
  isOneTime: true,
  tenants: await oneTimeTenants(principal.organisationId, of.slug, mappings),
  moved: [],
})

export const namedProgram = ({ slug, name }: Program) => ({ slug, name })

/** Tenants of mappings of one program, as a pod shows them. */
export async function mappedTenants(
  organisationId: string,
  program: string,
  mappings: readonly Mapping[],
): Promise<Map<string, MappedContent['tenants'][number]>> {
  const { db } = server()
  const ids = mappings.map(({ tenantId }) => tenantId)
  const [tenants, firsts, invoices] = await Promise.all([
    tenantsByIds(db, organisationId, program, ids),
    firstSyncs(db, organisationId, program, ids),
    readyInvoices(db, organisationId, program),
  ])
  const newest = invoices.at(-1)?.period ?? null
  const byId = new Map(tenants.map((tenant) => [tenant.id, tenant]))
  return new Map(
    mappings.map(({ tenantId: id, syncEnabled: syncs, firstPeriod }) => {
      const { name = id, domain = '' } = byId.get(id) ?? {}
      const checkMonth = syncs ? monthToCheck(firstPeriod, newest) : null
      return [id, { id, name, domain, syncs, firstSync: firsts.get(id) ?? null, checkMonth }]
    }),
  )
}

async function mappedContent(
  principal: Principal,
  of: Program,
  first: Mapping,
  mappings: readonly Mapping[],
): Promise<MappedContent> {
  const { organisationId } = principal
  return {
    ...(await syncedContent(principal, of, first)),
    isOneTime: false,
    tenants: [...(await mappedTenants(organisationId, of.slug, mappings)).values()],
    moved: await movedTenants(organisationId, of.slug, first.agreementId),
  }
}

/** What there is to say of a mapped agreement, whatever it carries. */
async function syncedContent(
  principal: Principal,
  of: Program,
  first: Pick<Mapping, 'agreementId' | 'agreementName' | 'companyId' | 'companyName'>,
): Promise<Omit<MappedContent, 'isOneTime' | 'tenants' | 'moved'>> {
  const { db } = server()
  const { organisationId } = principal
  const { slug } = of
  const { agreementId } = first
  const [program, currency, finished, unfinished] = await Promise.all([
    programSettings(db, organisationId, slug),
    currencyOf(organisationId),
    lastFinishedItem(db, organisationId, slug, agreementId),
    shownUnfinishedItem(db, organisationId, slug, agreementId),
  ])
  const result = finished === null ? null : await resultOf(organisationId, finished)
  return {
    state: 'mapped',
    program: namedProgram(of),
    agreement: { id: agreementId, name: first.agreementName },
    company: { id: first.companyId, name: first.companyName },
    currency,
    programEnabled: program?.enabled ?? false,
    lastCheckedAt: program?.lastCheckedAt?.toISOString() ?? null,
    result,
    running: unfinished === null ? null : await progressOf(organisationId, unfinished),
    undoes: await undoableRun(principal, slug, agreementId),
    todo: await todoOf(principal, slug, agreementId),
    second: await secondOf(organisationId, slug, agreementId, result),
    may: podRights(principal),
  }
}

/** Of the newest month of the last sync. */
export async function secondOf(
  organisationId: string,
  program: string,
  agreementId: number,
  result: SyncResult | null,
): Promise<SecondProof | null> {
  const [newest] = result?.periods ?? []
  if (newest === undefined) return null
  const found = await secondProofsOfMonth(organisationId, program, newest.period, [agreementId])
  return found.get(agreementId) ?? null
}

/** An undo that came last has taken back what can be. */
async function undoableRun(
  { organisationId, role }: Principal,
  program: string,
  agreementId: number,
): Promise<string | null> {
  if (!mayDo(role, 'runs.undo')) return null
  const last = await lastWriter(server().db, organisationId, program, agreementId)
  return last === null || last.undoes !== null ? null : last.runId
}

async function todoOf(principal: Principal, program: string, agreementId: number) {
  const found = await shownInbox(principal, { program, agreementId, page: 1 })
  return found.total === 0 ? null : found
}

/** Tenants that left the agreement for another one, or whose mapping was cleared. */
export async function movedTenants(
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<MovedTenant[]> {
  const { db } = server()
  const all = await formerMappingsOfAgreement(db, organisationId, program, agreementId)
  const ids = all.map(({ tenantId }) => tenantId)
  const names = new Map(
    (await tenantsByIds(db, organisationId, program, ids)).map(({ id, name }) => [id, name]),
  )
  const now = await mappingsOfTenants(db, organisationId, program, ids)
  return all.flatMap(({ tenantId, lastPeriod, doneAt }) => {
    const mapping = now.find((each) => each.tenantId === tenantId)
    if (mapping?.agreementId === agreementId) return []
    const goesTo = mapping === undefined ? null : `${mapping.companyName}, ${mapping.agreementName}`
    const isDone = doneAt !== null || lastPeriod === null
    return [{ id: tenantId, name: names.get(tenantId) ?? tenantId, until: lastPeriod, goesTo, isDone }]
  })
}

export async function resultOf(organisationId: string, item: RunItem): Promise<SyncResult | null> {
  const of = await run(server().db, organisationId, item.runId)
  if (of === null || item.finishedAt === null || item.status === null) return null
  return {
    runId: item.runId,
    finishedAt: item.finishedAt.toISOString(),
    actor: of.actor,
    status: item.status,
    note: of.note,
    message: item.message,
    detail: item.detail,
    remedy: item.remedy,
    reference: item.reference,
    periods: (await outcomesOf(server().db, organisationId, item)).reverse(),
  }
}

export async function progressOf(organisationId: string, item: RunItem): Promise<SyncProgress> {
  return {
    runId: item.runId,
    state: item.state === 'running' ? 'running' : 'queued',
    done: item.changesDone,
    total: item.changesTotal,
    doing: item.doing,
    startedAt: item.startedAt?.toISOString() ?? null,
    stopping: (await stopRequestedBy(server().db, organisationId, item.runId)) !== null,
  }
}

async function unmappedContent(
  principal: Principal,
  of: Program,
  agreementId: number,
): Promise<UnmappedContent> {
  const { organisationId } = principal
  const { client } = await connectWiseOf(organisationId)
  const readAt = new Date().toISOString()
  const [agreement, use] = await Promise.all([
    client.agreement(agreementId),
    agreementUse(organisationId, of.slug, null),
  ])
  if (agreement === null) throw new ProductError('not-found', `ConnectWise has no agreement ${agreementId}.`)
  const [suggested, moved] = await Promise.all([
    // Whoever may not map has no use for other customers' names.
    mayDo(principal.role, 'customers.map')
      ? suggestedTenants(organisationId, of.slug, agreement.company)
      : [],
    movedTenants(organisationId, of.slug, agreementId),
  ])
  return {
    state: 'unmapped',
    readAt,
    program: namedProgram(of),
    agreement: { id: agreement.id, name: agreement.name },
    company: agreement.company,
    findings: agreementFindings(agreement, use),
    suggested,
    search: searchWord(agreement.company.name),
    moved,
    todo: await todoOf(principal, of.slug, agreementId),
    may: podRights(principal),
  }
}
