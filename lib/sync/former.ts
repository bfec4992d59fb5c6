/**
 * Tenants that left an agreement, and agreements that tenants left (E5; docs/billing-rules.md,
 * "Moving and clearing").
 */
import type { Database } from '#db/client.ts'
import {
  type FormerMapping,
  formerMappingsAbout,
  formerMappingsOfTenants,
  noteFormerAttempt,
  unfinishedFormerMappings,
} from '#db/mappings/former-mappings.ts'
import { type Mapping, mappingsOfTenants } from '#db/mappings/mappings.ts'
import type { PeriodState } from '#db/mappings/period-states.ts'
import { type NewRunItem, runItem, unfinishedItem } from '#db/runs/runs.ts'
import { ProductError } from '#lib/base/errors.ts'
import { addMonths } from '#lib/billing/days.ts'
import type { BySubscription, SubscriptionKey } from '#lib/billing/keys.ts'
import { closingsOf, tenantOf, unreadableOf } from '#lib/billing/moving.ts'
import { stillBilledOf } from '#lib/billing/takeover.ts'
import type { MappedTenant, Period, Situation, StillBilled } from '#lib/billing/types.ts'
import type { SyncContext } from './context.ts'

export interface Former {
  readonly agreementId: number
  /** Those of the agreement's former mappings, and where their tenants are mapped now. */
  readonly here: readonly FormerMapping[]
  readonly now: ReadonlyMap<string, Mapping>
  /** Other agreements that the agreement's tenants left. */
  readonly elsewhere: readonly FormerMapping[]
}

/** Where nobody left the agreement, or came from another one. */
export const nobodyLeft = ([first]: readonly Mapping[]): Former => ({
  agreementId: first?.agreementId ?? 0,
  here: [],
  now: new Map(),
  elsewhere: [],
})

export const formerOf = async (
  { db, organisationId, program }: Pick<SyncContext, 'db' | 'organisationId' | 'program'>,
  agreementId: number,
  mappings: readonly Mapping[],
): Promise<Former> => {
  const tenantIds = mappings.map((each) => each.tenantId)
  const about = await formerMappingsAbout(db, organisationId, program.slug, agreementId, tenantIds)
  const here = about.filter((each) => each.agreementId === agreementId)
  const now = await mappingsOfTenants(
    db,
    organisationId,
    program.slug,
    here.map((each) => each.tenantId),
  )
  return {
    agreementId,
    here,
    now: new Map(now.map((each) => [each.tenantId, each])),
    elsewhere: about.filter((each) => each.agreementId !== agreementId),
  }
}

/** Which months are a tenant's on the agreement, and whether it syncs at all. */
export type Stay = Pick<MappedTenant, 'from' | 'until' | 'returns' | 'leaves' | 'takesOver' | 'syncs'>

/**
 * The months of each tenant that is mapped to the agreement or was.
 * @param firstPeriods of those that are mapped and sync. @param states their and the former ones' months, wherever they were good
 */
export const staysOf = (
  mappings: readonly Mapping[],
  { agreementId, here, now, elsewhere }: Former,
  firstPeriods: ReadonlyMap<string, Period>,
  states: readonly PeriodState[],
): ReadonlyMap<string, Stay> => {
  const stays = new Map<string, Stay>()
  for (const mapping of mappings) {
    const { tenantId } = mapping
    const from = firstPeriods.get(tenantId) ?? null
    const over = takesOver(elsewhere, mapping, from) ? { takesOver: true } : {}
    stays.set(tenantId, { from, syncs: from !== null, ...over })
  }
  for (const { tenantId, firstPeriod, lastPeriod } of here) {
    const until = lastPeriod ?? lastGood(states, agreementId, tenantId)
    if (until === null) continue
    const mapping = now.get(tenantId)
    const leaves = lastPeriod === null ? { leaves: true } : {}
    const back = stays.get(tenantId)
    if (back)
      stays.set(tenantId, { ...back, ...leaves, from: firstPeriod, until, returns: back.from ?? null })
    else {
      const syncs = mapping === undefined || mapping.syncEnabled
      stays.set(tenantId, { from: firstPeriod, until, syncs, ...leaves })
    }
  }
  return stays
}

/** Tenants that came from another agreement, whose last quantity there runs on here before the first month's invoice comes. */
export const tenantsTakingOver = async (
  db: Database,
  { organisationId, program }: Pick<SyncContext, 'organisationId' | 'program'>,
  mappings: readonly Mapping[],
): Promise<ReadonlySet<string>> => {
  const ids = mappings.filter((each) => each.firstPeriod !== null).map((each) => each.tenantId)
  const left = await formerMappingsOfTenants(db, organisationId, program.slug, ids)
  return new Set(
    mappings.filter((each) => takesOver(left, each, each.firstPeriod)).map((each) => each.tenantId),
  )
}

/** Whether the month before the mapping's first one is the last one of the tenant on another agreement. */
const takesOver = (
  left: readonly FormerMapping[],
  { tenantId, agreementId }: Pick<Mapping, 'tenantId' | 'agreementId'>,
  from: Period | null,
): boolean =>
  left.some(
    (each) =>
      each.tenantId === tenantId &&
      each.agreementId !== agreementId &&
      each.lastPeriod !== null &&
      addMonths(each.lastPeriod, 1) === from,
  )

/** The newest month in which a subscription of the tenant was good on the agreement. */
export const lastGood = (
  states: readonly PeriodState[],
  agreementId: number,
  tenantId: string,
): Period | null =>
  states
    .filter((each) => each.agreementId === agreementId && each.tenantId === tenantId && each.state === 'good')
    .reduce<Period | null>((last, { period }) => (last === null || period > last ? period : last), null)

/**
 * What is still open on the agreements that the tenants left, by subscription. @param read an agreement as a sync would read it
 */
export const stillBilledElsewhere = async (
  { elsewhere }: Former,
  tenantIds: readonly string[],
  read: (agreementId: number) => Promise<Situation>,
): Promise<BySubscription<StillBilled>> => {
  const still: Record<SubscriptionKey, StillBilled> = {}
  for (const { agreementId, tenantId, lastPeriod, doneAt } of elsewhere)
    if (lastPeriod !== null && doneAt === null && tenantIds.includes(tenantId))
      Object.assign(still, stillBilledOf(await readOrNone(() => read(agreementId)), tenantId, lastPeriod))
  return still
}

/** Of an agreement that ConnectWise has no more, nothing is open. */
export const readOrNone = async (read: () => Promise<Situation>): Promise<Situation | null> => {
  try {
    return await read()
  } catch (error) {
    if (error instanceof ProductError && error.code === 'agreement-gone') return null
    throw error
  }
}

/**
 * Agreements to end something on before a run goes on with one: their items of the run that are not finished. Throws
 * `already-running` where another run is at one of them: what it leaves open is not known yet.
 */
export const leftBefore = async (
  { db, organisationId, program }: SyncContext,
  runId: string,
  agreementId: number,
): Promise<number[]> => {
  const unfinished = await unfinishedFormerMappings(db, organisationId, program.slug)
  const ids = [...new Set(unfinished.map((each) => each.agreementId))].filter((id) => id !== agreementId)
  const mapped = await mappingsOfTenants(
    db,
    organisationId,
    program.slug,
    unfinished.map((each) => each.tenantId),
  )
  const here = new Set(
    mapped
      .filter((each) => each.agreementId === agreementId && each.syncEnabled)
      .map((each) => each.tenantId),
  )
  const left: number[] = []
  for (const id of ids) {
    if (!unfinished.some((each) => each.agreementId === id && here.has(each.tenantId))) continue
    const item = await runItem(db, organisationId, runId, id)
    if (item !== null && item.state !== 'finished') left.push(id)
    if (item === null && (await unfinishedItem(db, organisationId, program.slug, id)) !== null)
      throw new ProductError('already-running', `Agreement ${id} is being synced by another run.`)
  }
  return left
}

/** Items with those of the agreements that their tenants left and that are not finished yet. */
export const withLeft = async (
  db: Database,
  organisationId: string,
  program: string,
  mappings: readonly Mapping[],
  items: readonly NewRunItem[],
  isWanted: (former: FormerMapping, now: Mapping | undefined) => boolean = () => false,
): Promise<NewRunItem[]> => {
  const all = new Map(items.map((item) => [item.agreementId, item]))
  for (const former of await unfinishedFormerMappings(db, organisationId, program)) {
    const { agreementId, agreementName, companyId, companyName, tenantId } = former
    const now = mappings.find((each) => each.tenantId === tenantId)
    const follows = now?.syncEnabled === true && items.some((each) => each.agreementId === now.agreementId)
    const isDue = (now === undefined || now.syncEnabled) && isWanted(former, now)
    if (!follows && !isDue) continue
    const known = all.get(agreementId)
    const mapped = mappings.filter((each) => each.agreementId === agreementId).map((each) => each.tenantId)
    const tenantIds = [...new Set([...(known?.tenantIds ?? mapped), tenantId])]
    all.set(agreementId, { agreementId, agreementName, companyId, companyName, ...known, tenantIds })
  }
  return [...all.values()]
}

/** What a sync of an agreement that tenants left came to. */
export interface FormerOutcome {
  readonly invoiceId: string | null
  readonly lookAgainAt: Date | null
  readonly lookingSince: Date | null
  /** The last reading of the agreement; `null` where there was none. */
  readonly situation: Situation | null
  /** ConnectWise has no such agreement any more: nothing of it is left. */
  readonly isGone: boolean
  /** Whether a month of the tenant there is still to be synced, or its last one's invoice to come. */
  readonly isOpen: (tenantId: string) => boolean
}

/** Notes it for each tenant that left; done is one of which nothing is left, neither to end nor to sync. */
export const noteFormer = async (
  db: Database,
  { organisationId, program }: Pick<SyncContext, 'organisationId' | 'program'>,
  agreementId: number,
  here: readonly FormerMapping[],
  { invoiceId, lookAgainAt, lookingSince, situation, isGone, isOpen }: FormerOutcome,
): Promise<void> => {
  const open = here.filter((each) => each.doneAt === null && each.lastPeriod !== null)
  const gone = isGone ? { doneAt: new Date() } : {}
  const attempt = {
    lookAgainAt,
    lookingSince,
    ...gone,
    ...(invoiceId === null ? {} : { attemptedInvoiceId: invoiceId }),
  }
  const ids = open.map((each) => each.tenantId)
  await noteFormerAttempt(db, organisationId, program.slug, agreementId, ids, attempt)
  if (situation === null) return
  const done = ids.filter((id) => {
    const tenant = tenantOf(situation, id)
    return (
      tenant !== undefined &&
      closingsOf(situation, tenant).length === 0 &&
      unreadableOf(situation, tenant) === 0 &&
      !isOpen(id)
    )
  })
  await noteFormerAttempt(db, organisationId, program.slug, agreementId, done, { doneAt: new Date() })
}
