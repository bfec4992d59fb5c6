/**
 * Somebody mends ConnectWise and asks for a sync while the agreement is looked at again by itself, by a look that has read it before
 * (decision 089): what is shown in the end is what the mended one gives (G2).
 */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OpenDatabase } from '#db/client.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import { lastFinishedItem, type Run, run, shownUnfinishedItem } from '#db/runs/runs.ts'
import { requestStop } from '#db/runs/stops.ts'
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { lookAgainWhenOpened, requestSync } from '#lib/jobs/requests.ts'
import { openQueueDatabase } from '#lib/jobs/testing/two-organisations.ts'
import type { FaultRule } from '#standin/http/faults.ts'
import { startInQueue } from './testing/queue-world.ts'
import {
  additionsOf,
  agreementId,
  april,
  aprilStatus,
  detectAndSync,
  program,
  secondAgreementId,
  type World,
  writesTo,
} from './testing/world.ts'

let database: OpenDatabase
let world: World
let organisationId: string
beforeAll(async () => {
  database = await openQueueDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  ;({ world, organisationId } = await startInQueue(database, {
    withSecond: true,
  }))
  return () => world.close()
})

const setProrate = (id: number, prorateFlag: boolean): void => {
  const { store } = world.connectWise
  const row = store.get('agreements', id)
  if (row === undefined) throw new Error('The agreement is not there')
  store.put('agreements', { ...row, prorateFlag }, 'Ann')
}
/** The next request that fits is held, its answer being made already, until `letGo`. */
const hold = (rule: Pick<FaultRule, 'kind' | 'method' | 'path'>) => {
  const { promise: held, resolve: holds } = Promise.withResolvers<void>()
  const { promise: letGo, resolve } = Promise.withResolvers<void>()
  const { faults } = world.connectWise
  faults.watch(({ nth }) => {
    if (nth !== 1) return
    holds()
    return letGo
  })
  faults.add([{ ...rule, nth: 1, ms: 1 }])
  return { held, letGo: resolve }
}
const holdReading = () => hold({ kind: 'slow-body', method: 'GET', path: '*/agreements*' })
const holdWriting = () => hold({ kind: 'slow-body', method: 'POST', path: '*/additions' })

const ended = async () => {
  await detectAndSync(world, organisationId)
  await database.db.execute(sql`
    UPDATE mappings SET attempted_at = attempted_at - interval '1 hour', look_again_at = look_again_at - interval '1 hour'
    WHERE organisation_id = ${organisationId}`)
  await database.db.execute(sql`
    UPDATE invoices SET ready_at = ready_at - interval '2 hours' WHERE organisation_id = ${organisationId}`)
}
const opened = () => lookAgainWhenOpened(database.db, { organisationId, program, agreementId })
const drained = () => drain(world.worker, { budgetMs: 50_000 })
const request = (over: { agreementIds?: number[]; trigger?: Run['trigger'] } = {}) =>
  requestSync(database.db, { organisationId, program, trigger: 'hand', actor: 'Ann', ...over })
const allRuns = async (): Promise<unknown[]> => {
  const { rows } = await database.db.execute(sql`
    SELECT trigger, status, looks_again AS again FROM runs WHERE organisation_id = ${organisationId} ORDER BY created_at`)
  return rows
}
const first = { trigger: 'schedule', status: 'Error', again: null }
const shownLast = (id = agreementId) => lastFinishedItem(database.db, organisationId, program, id)

describe('what a person asks for while the agreement is looked at by itself', () => {
  it.each<[string, Run['trigger']]>([
    ['on the customer’s page', 'hand'],
    ['in its pod', 'pod'],
  ])('%s is synced once more, and shows what was mended after it was read [G2]', async (_where, trigger) => {
    setProrate(agreementId, false)
    await ended()
    expect(await opened()).toBe(true)
    const reading = holdReading()
    const syncing = drained()
    await reading.held
    setProrate(agreementId, true)
    const runId = await request({ agreementIds: [agreementId], trigger })
    expect(await shownUnfinishedItem(database.db, organisationId, program, agreementId)).toMatchObject({
      runId,
      state: 'queued',
    })
    expect(await request({ agreementIds: [agreementId] })).toBe(runId)
    reading.letGo()
    await syncing
    expect(await run(database.db, organisationId, runId)).toMatchObject({
      state: 'finished',
      status: aprilStatus,
    })
    expect(await shownLast()).toMatchObject({ runId, status: aprilStatus })
    expect(await additionsOf(world)).toEqual(april)
    expect(await allRuns()).toEqual([first, { trigger, status: aprilStatus, again: null }])
  })

  it('is each of a whole program’s agreements, those that a look has begun and those that wait in it [G2]', async () => {
    const second = { companyId: 10, agreementId: secondAgreementId, syncEnabled: true }
    await putMapping(database.db, organisationId, program, 'tenant-2', second)
    for (const id of [agreementId, secondAgreementId]) setProrate(id, false)
    await ended()
    await enqueueDetect(database.db, { organisationId, program })
    const reading = holdReading()
    world.worker = { ...world.worker, settings: { ...world.worker.settings, parallel: 1 } }
    const syncing = drained()
    await reading.held
    for (const id of [agreementId, secondAgreementId]) setProrate(id, true)
    const runId = await request()
    reading.letGo()
    await syncing
    expect(await shownLast()).toMatchObject({ runId, status: aprilStatus })
    expect(await shownLast(secondAgreementId)).toMatchObject({ runId, status: 'Success' })
    expect(await allRuns()).toHaveLength(2)
  })

  it('makes a look that writes end after the write in flight, which stays in the history, and nothing is written twice [F16]', async () => {
    setProrate(agreementId, false)
    await ended()
    setProrate(agreementId, true)
    await opened()
    const writing = holdWriting()
    const syncing = drained()
    await writing.held
    const runId = await request({ agreementIds: [agreementId] })
    writing.letGo()
    await syncing
    expect(await shownLast()).toMatchObject({ runId, status: aprilStatus })
    expect(await additionsOf(world)).toEqual(april)
    expect(writesTo(world.connectWise)).toHaveLength(9)
    expect(await allRuns()).toEqual([
      first,
      { trigger: 'schedule', status: 'Warning', again: 'shown' },
      { trigger: 'hand', status: aprilStatus, again: null },
    ])
  })

  it('stops with its run, the look that goes before it included [F16]', async () => {
    setProrate(agreementId, false)
    await ended()
    setProrate(agreementId, true)
    await opened()
    const writing = holdWriting()
    const syncing = drained()
    await writing.held
    const runId = await request({ agreementIds: [agreementId] })
    await requestStop(database.db, organisationId, runId, 'Ann')
    writing.letGo()
    await syncing
    expect(writesTo(world.connectWise)).toHaveLength(2)
    expect(await shownLast()).toMatchObject({ runId, status: 'Warning', message: 'Stopped by Ann' })
  })
})
