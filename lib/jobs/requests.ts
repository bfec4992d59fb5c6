/**
 * Requests for a sync, from a person or from the product itself: each makes a run and its jobs in one transaction, one request of
 * a program at a time.
 */
import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { type Mapping, mappingsOf, mappingsOfAgreement, takeOpened } from '#db/mappings/mappings.ts'
import { oneTimeMappingsOf } from '#db/mappings/one-time.ts'
import { programSettings } from '#db/prism/programs.ts'
import { takeOutQueued } from '#db/runs/looks-again.ts'
import { lastProductRun, unfinishedProductRun } from '#db/runs/product-runs.ts'
import {
  createRun,
  finishRunWhereDone,
  type NewRunItem,
  type Run,
  run,
  unfinishedItem,
} from '#db/runs/runs.ts'
import { itemsThatWrote } from '#db/runs/undos.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { SyncContext } from '#lib/sync/context.ts'
import { itemsOf } from '#lib/sync/due.ts'
import { withLeft } from '#lib/sync/former.ts'
import { oneTimeItems } from '#lib/sync/one-time-due.ts'
import { byPerson, type SyncAgreementPayload, syncAgreementKey, syncProductsKey } from './definitions.ts'
import { enqueueProducts, enqueueSyncs } from './enqueue.ts'
import { giveUp } from './give-up.ts'
import { hasJob } from './queue.ts'

const priorityOf = (trigger: Run['trigger']) => (trigger === 'schedule' ? {} : { priority: byPerson })

export interface SyncRequest {
  readonly organisationId: string
  readonly program: string
  /** The agreements to sync; of the whole program where left out. */
  readonly agreementIds?: readonly number[]
  readonly trigger: Run['trigger']
  readonly actor: string
}

/**
 * Makes a run and its jobs, and returns the run's id. A request for one agreement that is being synced already, or waits for
 * it, returns that run instead, but for one that looks again by itself: that makes way. Throws `sync-off` where nothing that was
 * asked for syncs.
 */
export const requestSync = async (db: Database, request: SyncRequest): Promise<string> => {
  const { organisationId, program, agreementIds, trigger, actor } = request
  return db.transaction(async (tx) => {
    await oneRequestAtATime(tx, organisationId, program)
    const isWanted = ({ agreementId }: Mapping): boolean => agreementIds?.includes(agreementId) ?? true
    const mappings = await mappingsOf(tx, organisationId, program)
    const wanted = itemsOf(mappings, isWanted)
    const items = await withLeft(
      tx,
      organisationId,
      program,
      mappings,
      wanted,
      ({ agreementId }) => agreementIds?.includes(agreementId) ?? true,
    )
    const oneTime = await oneTimeMappingsOf(tx, organisationId, program)
    items.push(...oneTimeItems(oneTime, ({ agreementId }) => agreementIds?.includes(agreementId) ?? true))
    if (items.length === 0) throw new ProductError('sync-off', 'No customer of it has Sync on.')
    const free: typeof items = []
    let busy: string | null = null
    for (const item of items) {
      const agreement = { organisationId, program, agreementId: item.agreementId }
      const runId = await activeRun(db, tx, agreement)
      if (runId === null || (await makesWay(tx, { ...agreement, runId }))) free.push(item)
      else busy = runId
    }
    if (free.length === 0 && busy !== null) return busy
    const { id } = await createRun(tx, organisationId, { program, kind: 'customers', trigger, actor }, free)
    const jobs = free.map(({ agreementId }) => ({ organisationId, program, runId: id, agreementId }))
    await enqueueSyncs(db, tx, jobs, priorityOf(trigger))
    return id
  })
}

export type UndoRequest = Omit<SyncRequest, 'program'> & { readonly runId: string }

/**
 * Makes a run that takes back what another one wrote, and its jobs; of the agreements named, of all where left out (J2). Whether
 * it can be taken back is found when it is done. Throws `not-found` where there is no such run or agreement in it,
 * `already-running` where one of them is being synced.
 */
export const requestUndo = async (
  db: Database,
  { organisationId, runId, agreementIds, trigger, actor }: UndoRequest,
): Promise<string> =>
  db.transaction(async (tx) => {
    const undone = await run(tx, organisationId, runId)
    if (undone === null || undone.kind !== 'customers' || undone.undoes !== null || undone.setsBack !== null)
      throw new ProductError('not-found', 'There is no such sync.')
    const { program } = undone
    await oneRequestAtATime(tx, organisationId, program)
    const all = await itemsThatWrote(tx, organisationId, runId)
    const items = all.filter(({ agreementId }) => agreementIds?.includes(agreementId) ?? true)
    if (
      items.length === 0 ||
      agreementIds?.some((id) => items.every(({ agreementId }) => agreementId !== id))
    )
      throw new ProductError('not-found', 'The sync wrote nothing to it.')
    return beginAlone(db, tx, organisationId, { program, trigger, actor, undoes: runId }, items)
  })

export interface SetBackRequest extends Omit<SyncRequest, 'agreementIds'> {
  readonly agreementId: number
  /** In lower case; `''`: of what is no subscription's. */
  readonly subscriptionIds: readonly string[]
}

/**
 * Makes a run that sets back what was edited by hand on an agreement, and its job. Throws `not-found` where the agreement is not
 * mapped, `already-running` where it is being synced.
 */
export const requestSetBack = async (
  db: Database,
  { organisationId, program, agreementId, subscriptionIds, trigger, actor }: SetBackRequest,
): Promise<string> =>
  db.transaction(async (tx) => {
    await oneRequestAtATime(tx, organisationId, program)
    const mappings = await mappingsOfAgreement(tx, organisationId, program, agreementId)
    const [first] = mappings
    if (first === undefined)
      throw new ProductError('not-found', `No customer is mapped to agreement ${agreementId}.`)
    const { agreementName, companyId, companyName } = first
    const tenantIds = mappings.map(({ tenantId }) => tenantId)
    const item = { agreementId, agreementName, companyId, companyName, tenantIds }
    const asked = { program, trigger, actor, setsBack: [...subscriptionIds] }
    return beginAlone(db, tx, organisationId, asked, [item])
  })

/** Makes a run that is no sync, where none of its agreements is being synced; a look that is under way makes way. */
const beginAlone = async (
  db: Database,
  tx: Database,
  organisationId: string,
  asked: Pick<Run, 'program' | 'trigger' | 'actor'> & Partial<Pick<Run, 'undoes' | 'setsBack'>>,
  items: readonly NewRunItem[],
): Promise<string> => {
  const { program, trigger } = asked
  for (const { agreementId, agreementName } of items) {
    const agreement = { organisationId, program, agreementId }
    const active = await activeRun(db, tx, agreement)
    if (active !== null && !(await makesWay(tx, { ...agreement, runId: active })))
      throw new ProductError(
        'already-running',
        `${agreementName || `Agreement ${agreementId}`} is being synced.`,
      )
  }
  const { id } = await createRun(tx, organisationId, { ...asked, kind: 'customers' }, items)
  const jobs = items.map(({ agreementId }) => ({ organisationId, program, runId: id, agreementId }))
  await enqueueSyncs(db, tx, jobs, priorityOf(trigger))
  return id
}

/**
 * Whether the run that an agreement is in looks again by itself. Then it makes way for a request: it may have read ConnectWise
 * before what was just mended there. An agreement that it has not begun is taken out of it; one that it has begun ends before its
 * next write (`stopOf`), and the request's own sync follows.
 */
const makesWay = async (
  tx: Database,
  { organisationId, runId, agreementId }: SyncAgreementPayload,
): Promise<boolean> => {
  if ((await run(tx, organisationId, runId))?.looksAgain === null) return false
  if (await takeOutQueued(tx, organisationId, runId, agreementId))
    await finishRunWhereDone(tx, organisationId, runId)
  return true
}

/**
 * Looks again at an agreement that ended wrong because somebody opens it, so that what was mended clears; at most once in some
 * minutes. The run is hidden until the agreement is found otherwise. False where there is nothing to look at.
 */
export const lookAgainWhenOpened = async (
  db: Database,
  { organisationId, program, agreementId }: Omit<SyncAgreementPayload, 'runId'>,
): Promise<boolean> =>
  db.transaction(async (tx) => {
    if ((await programSettings(tx, organisationId, program))?.enabled !== true) return false
    await oneRequestAtATime(tx, organisationId, program)
    if ((await unfinishedItem(tx, organisationId, program, agreementId)) !== null) return false
    if (!(await takeOpened(tx, organisationId, program, agreementId))) return false
    const mappings = await mappingsOf(tx, organisationId, program)
    const items = itemsOf(mappings, (each) => each.agreementId === agreementId)
    const run = {
      program,
      kind: 'customers',
      trigger: 'schedule',
      actor: 'Scheduled',
      looksAgain: 'hidden',
    } as const
    const { id: runId } = await createRun(tx, organisationId, run, items)
    const jobs = items.map((each) => ({ organisationId, program, runId, agreementId: each.agreementId }))
    await enqueueSyncs(db, tx, jobs, { priority: byPerson })
    return true
  })

/**
 * Makes a run over products and its job, and returns the run's id; that of the one under way where there is one. A run whose
 * job is gone is finished first, so that it blocks nothing.
 */
export const requestProducts = async (
  db: Database,
  { organisationId, program, trigger, actor }: Omit<SyncRequest, 'agreementIds'>,
): Promise<string> =>
  db.transaction(async (tx) => {
    await oneRequestAtATime(tx, organisationId, program)
    const active = await unfinishedProductRun(tx, organisationId, program)
    if (active !== null) {
      const payload = { organisationId, program, runId: active.id }
      if (await hasJob(db, tx, 'sync-products', syncProductsKey(payload), payload.runId)) return active.id
      await giveUp(tx, 'sync-products', payload)
    }
    const { id: runId } = await createRun(
      tx,
      organisationId,
      { program, kind: 'products', trigger, actor },
      [],
    )
    await enqueueProducts(db, { organisationId, program, runId }, priorityOf(trigger), tx)
    return runId
  })

const DAY_MS = 24 * 60 * 60 * 1000

/** D9: before the customers of a detected invoice, and once a day; only while the program's Sync is on. */
export const dailyProducts = async (
  db: Database,
  { organisationId, program, options }: Pick<SyncContext, 'organisationId' | 'program' | 'options'>,
  hasNewInvoice: boolean,
): Promise<void> => {
  if (!options.enabled) return
  const last = await lastProductRun(db, organisationId, program.slug)
  const isDue = last === null || Date.now() - last.createdAt.getTime() > DAY_MS
  if (!hasNewInvoice && !isDue) return
  await requestProducts(db, {
    organisationId,
    program: program.slug,
    trigger: 'schedule',
    actor: 'Scheduled',
  })
}

/** Two requests at once would both find nothing active. */
const oneRequestAtATime = async (tx: Database, organisationId: string, program: string): Promise<void> => {
  await tx.execute(
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`sync/${organisationId}/${program}`}, 0))`,
  )
}

/**
 * The run in which the agreement waits or is being synced; `null` where there is none. An item whose job was given up, which
 * takes many failures in a row, is finished here, so that it blocks nothing.
 */
const activeRun = async (
  db: Database,
  tx: Database,
  agreement: Omit<SyncAgreementPayload, 'runId'>,
): Promise<string | null> => {
  const { organisationId, program, agreementId } = agreement
  const item = await unfinishedItem(tx, organisationId, program, agreementId)
  if (!item) return null
  if (await hasJob(db, tx, 'sync-agreement', syncAgreementKey(agreement), item.runId)) return item.runId
  await giveUp(tx, 'sync-agreement', { ...agreement, runId: item.runId })
  return null
}
