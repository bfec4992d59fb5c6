/** What ended wrong is looked at again by itself (docs/applying.md, "Jobs and time"): hourly for three days, then daily, and when somebody opens it. */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OpenDatabase } from '#db/client.ts'
import { mappingsOf } from '#db/mappings/mappings.ts'
import { shownUnfinishedItem } from '#db/runs/runs.ts'
import { drain } from '#lib/jobs/drain.ts'
import { lookAgainWhenOpened, requestSync } from '#lib/jobs/requests.ts'
import { openQueueDatabase } from '#lib/jobs/testing/two-organisations.ts'
import { looksAgain } from './looks-again.ts'
import { startInQueue } from './testing/queue-world.ts'
import {
  additionsOf,
  agreementId,
  april,
  detectAndSync,
  lastRun,
  program,
  type World,
  writesTo,
} from './testing/world.ts'

const HOUR = 60 * 60_000
const DAY = 24 * HOUR

describe('an agreement is looked at again', () => {
  const ended = new Date('2026-09-03T10:00:00Z')
  const ago = (ms: number) => new Date(ended.getTime() - ms)
  const afterMs = (...[status, ending, since]: [Parameters<typeof looksAgain>[1], object, Date | null]) => {
    const { lookAgainAt } = looksAgain(ended, status, ending, since)
    return lookAgainAt === null ? null : lookAgainAt.getTime() - ended.getTime()
  }

  it('hourly for three days after an Error, then daily', () => {
    expect(afterMs('Error', {}, null)).toBe(HOUR)
    expect(afterMs('Error', {}, ago(3 * DAY - 1))).toBe(HOUR)
    expect(afterMs('Error', {}, ago(3 * DAY))).toBe(DAY)
    expect(looksAgain(ended, 'Error', {}, ago(DAY)).lookingSince).toEqual(ago(DAY))
  })

  it('first after a quarter of an hour where an outcome is not known, or a system was out of reach [docs/applying.md]', () => {
    expect(afterMs('Error', { lookAgain: true }, null)).toBe(HOUR / 4)
    expect(afterMs('Error', { lookAgain: true }, ago(HOUR / 4))).toBe(HOUR)
    expect(afterMs('Error', { lookAgain: true }, ago(4 * DAY))).toBe(DAY)
  })

  it('not after a Warning, and not where a person stopped it', () => {
    expect(looksAgain(ended, 'Warning', {}, ago(DAY))).toEqual({ lookAgainAt: null, lookingSince: null })
    expect(afterMs('Success', {}, null)).toBeNull()
    expect(afterMs('Error', { isStopped: true }, null)).toBeNull()
  })
})

let database: OpenDatabase
let world: World
let organisationId: string
beforeAll(async () => {
  database = await openQueueDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  ;({ world, organisationId } = await startInQueue(database))
  return () => world.close()
})

const refuse = () => world.connectWise.faults.add([{ kind: '403', method: 'POST', path: '*/additions' }])
/** As if so much time had passed since the last sync. */
const letPass = async (ms: number): Promise<void> => {
  await database.db.execute(sql`
    UPDATE invoices SET ready_at = ready_at - ${ms} * interval '1 millisecond' WHERE organisation_id = ${organisationId}`)
  await database.db.execute(sql`
    UPDATE mappings SET look_again_at = look_again_at - ${ms} * interval '1 millisecond',
      looking_since = looking_since - ${ms} * interval '1 millisecond', attempted_at = attempted_at - ${ms} * interval '1 millisecond'
    WHERE organisation_id = ${organisationId}`)
}
/** Of the database, whether people see them or not. */
const allRuns = async (): Promise<unknown[]> => {
  const { rows } = await database.db.execute(sql`
    SELECT trigger, actor, state, status, looks_again AS again FROM runs WHERE organisation_id = ${organisationId} ORDER BY created_at`)
  return rows
}
const failed = { trigger: 'schedule', actor: 'Scheduled', state: 'finished', status: 'Error', again: null }
const mapping = async () => (await mappingsOf(database.db, organisationId, program))[0]

describe('an agreement with an Error', () => {
  it('that was mended in ConnectWise clears without a press', async () => {
    refuse()
    await detectAndSync(world, organisationId)
    expect(await allRuns()).toEqual([failed])
    world.connectWise.faults.clear()
    await detectAndSync(world, organisationId)
    expect(await allRuns()).toEqual([failed])
    await letPass(HOUR)
    await detectAndSync(world, organisationId)
    expect(await additionsOf(world)).toEqual(april)
    expect(await allRuns()).toEqual([
      failed,
      { ...failed, status: expect.not.stringMatching('Error'), again: 'shown' },
    ])
    expect(await mapping()).toMatchObject({ lookAgainAt: null, lookingSince: null })
  })

  it('that was not mended adds no run, however often it is looked at, and its last result stays', async () => {
    refuse()
    await detectAndSync(world, organisationId)
    const before = await lastRun(world, organisationId)
    const first = await mapping()
    for (let looks = 0; looks < 2; looks += 1) {
      await letPass(HOUR)
      const tried = writesTo(world.connectWise).length
      await detectAndSync(world, organisationId)
      expect(writesTo(world.connectWise).length).toBeGreaterThan(tried)
    }
    expect(await allRuns()).toEqual([failed])
    expect((await lastRun(world, organisationId)).item).toEqual(before.item)
    const now = await mapping()
    expect(now?.lookingSince?.getTime()).toBe((first?.lookingSince?.getTime() ?? 0) - 2 * HOUR)
    expect(now?.lookAgainAt?.getTime()).toBeGreaterThan(Date.now() + HOUR - 60_000)
  })

  it('is shown where it is wrong in another way', async () => {
    refuse()
    await detectAndSync(world, organisationId)
    world.connectWise.faults.clear()
    world.connectWise.faults.add([{ kind: 'expired-token', path: '*' }])
    await letPass(HOUR)
    await detectAndSync(world, organisationId)
    expect(await allRuns()).toEqual([failed, { ...failed, again: 'shown' }])
  })

  it('is looked at when somebody opens it, and not again for some minutes', async () => {
    refuse()
    await detectAndSync(world, organisationId)
    const opened = () => lookAgainWhenOpened(database.db, { organisationId, program, agreementId })
    expect(await opened()).toBe(false)
    await letPass(10 * 60_000)
    expect(await Promise.all([opened(), opened()])).toEqual(expect.arrayContaining([true, false]))
    expect(await shownUnfinishedItem(database.db, organisationId, program, agreementId)).toBeNull()
    await drain(world.worker, { budgetMs: 20_000 })
    expect(await allRuns()).toEqual([failed])
    expect(await opened()).toBe(false)
    await letPass(10 * 60_000)
    world.connectWise.faults.clear()
    expect(await opened()).toBe(true)
    await drain(world.worker, { budgetMs: 20_000 })
    expect(await additionsOf(world)).toEqual(april)
    expect(await allRuns()).toHaveLength(2)
  })

  it('whose look a person asks for is that person’s, and stays in the history whatever it finds [G2]', async () => {
    refuse()
    await detectAndSync(world, organisationId)
    await letPass(10 * 60_000)
    await lookAgainWhenOpened(database.db, { organisationId, program, agreementId })
    const request = { organisationId, program, agreementIds: [agreementId] }
    const runId = await requestSync(database.db, { ...request, trigger: 'hand', actor: 'Ann' })
    expect((await shownUnfinishedItem(database.db, organisationId, program, agreementId))?.runId).toBe(runId)
    await drain(world.worker, { budgetMs: 20_000 })
    expect(await allRuns()).toEqual([failed, { ...failed, trigger: 'hand', actor: 'Ann' }])
  })

  it('that a person stopped stays stopped [F16]', async () => {
    refuse()
    await detectAndSync(world, organisationId)
    await letPass(10 * 60_000)
    await lookAgainWhenOpened(database.db, { organisationId, program, agreementId })
    await database.db.execute(
      sql`UPDATE runs SET stop_requested_at = now(), stop_requested_by = 'Ann' WHERE organisation_id = ${organisationId} AND state <> 'finished'`,
    )
    await drain(world.worker, { budgetMs: 20_000 })
    expect(await allRuns()).toEqual([failed])
    expect(await mapping()).toMatchObject({ lookAgainAt: null, lookingSince: null })
  })
})
