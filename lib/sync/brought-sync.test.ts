/**
 * An answer brings the sync that uses it, without a press and without another invoice (F5, J1): the look that it asks for is stored
 * with it, and stays where a sync is under way that may have passed it.
 */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OpenDatabase } from '#db/client.ts'
import { takeDueLooks } from '#db/directory/due-looks.ts'
import { bringSyncs, whatFollows } from '#db/mappings/bring-sync.ts'
import { mapping, noteAttempt, putMapping } from '#db/mappings/mappings.ts'
import { programSettings, putProgramSettings } from '#db/prism/programs.ts'
import { requestStop } from '#db/runs/stops.ts'
import type { AdditionAnswer, Day, Period } from '#lib/billing/types.ts'
import { answerAddition, takeAnswerBack } from '#lib/inbox/answers.ts'
import { changeProgram } from '#lib/jobs/change-program.ts'
import { drain } from '#lib/jobs/drain.ts'
import { requestSync, requestUndo } from '#lib/jobs/requests.ts'
import { openQueueDatabase } from '#lib/jobs/testing/two-organisations.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { setPriceRule } from '#lib/setup/price-rules.ts'
import { clientsOf } from './testing/processes.ts'
import { startInQueue } from './testing/queue-world.ts'
import {
  additionsOf,
  agreementId,
  detectAndSync,
  lastRun,
  program,
  tenantId,
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
  ;({ world, organisationId } = await startInQueue(database))
  await database.db.execute(sql`
    INSERT INTO due_looks (organisation_id, next_look_at) VALUES (${organisationId}, now() + interval '40 minutes')`)
  await clientsOf(world.addresses).connectWise.patchAddition(agreementId, existing, {
    serialNumber: 'PO-77',
  })
  return () => world.close()
})

/** The addition of product C that existed before us: 4 open since January. */
const existing = 900
const of = () => [database.db, organisationId, program] as const
const setup = () => ({ db: database.db, organisationId, program, actor: 'Ann' })
const answer = (said: Omit<AdditionAnswer, 'additionId'>) =>
  answerAddition({
    ctx: { ...setup(), connectWise: clientsOf(world.addresses).connectWise },
    input: { agreementId, answer: { ...said, additionId: existing } as AdditionAnswer },
  })
const look = () => detectAndSync(world, organisationId)
const allRuns = async (): Promise<string[]> => {
  const { rows } = await database.db.execute<{ trigger: string; status: string }>(sql`
    SELECT trigger, status FROM runs WHERE organisation_id = ${organisationId} ORDER BY created_at`)
  return rows.map(({ trigger, status }) => `${trigger} ${status}`)
}
const ofC = async (): Promise<string[]> => (await additionsOf(world)).filter((each) => each.startsWith('C'))
const isDue = async (): Promise<boolean> => {
  const { rows } = await database.db.execute(sql`
    SELECT FROM due_looks WHERE organisation_id = ${organisationId} AND next_look_at <= now()`)
  return rows.length > 0
}
const follows = () => whatFollows(...of(), agreementId)
const switchSync = (syncEnabled: boolean) =>
  putMapping(...of(), tenantId, { companyId: 10, agreementId, syncEnabled })
const switchProgram = async (enabled: boolean): Promise<void> => {
  const settings = await programSettings(...of())
  if (settings === null) throw new Error('The program is set up')
  const {
    organisationId: _,
    program: __,
    lastCheckedAt: _1,
    lastCheckError: _2,
    lastCheckCode: _3,
    ...options
  } = settings
  await putProgramSettings(...of(), { ...options, enabled })
}

describe('an answer about a customer that syncs', () => {
  it('has its agreement synced by the next look, which is due at once; taken back, it is asked again so [F5]', async () => {
    await look()
    expect([await allRuns(), await isDue()]).toEqual([['schedule Error'], false])
    await look()
    expect(await allRuns()).toHaveLength(1)
    await answer({ answer: 'nobody' })
    expect([await follows(), await isDue()]).toEqual(['soon', true])
    await look()
    expect(await allRuns()).toEqual(['schedule Error', 'schedule Success'])
    expect(await ofC()).toContain('C sub-3 2026-05-01 open 2 20 25')
    expect((await mapping(...of(), tenantId))?.lookAgainAt).toBeNull()
    await takeAnswerBack({ ctx: setup(), input: { agreementId, additionId: existing } })
    await look()
    expect(await allRuns()).toHaveLength(3)
    const { item } = await lastRun(world, organisationId)
    expect(item.months.flatMap(({ subscriptions }) => subscriptions.flatMap((row) => row.findings))).toEqual(
      expect.arrayContaining([expect.objectContaining({ asks: [expect.anything()] })]),
    )
  })

  it('that comes while another one’s sync is under way is used by a sync after it, and neither fails [J1]', async () => {
    await look()
    await answer({ answer: 'nobody' })
    const { promise: reading, resolve: reads } = Promise.withResolvers<void>()
    const { promise: letGo, resolve: lets } = Promise.withResolvers<void>()
    world.connectWise.faults.watch(({ nth }) => {
      if (nth !== 1) return
      reads()
      return letGo
    })
    world.connectWise.faults.add([{ kind: 'slow-body', method: 'POST', path: '*/additions', nth: 1, ms: 1 }])
    const syncing = look()
    await reading
    await answer({ answer: 'ends', endsOn: '2026-04-30' as Day } as never)
    lets()
    await syncing
    expect(await isDue()).toBe(true)
    await look()
    expect(await ofC()).toContain('C PO-77 2026-01-01 2026-04-30 4 9.5 11.5')
    const [, ...after] = await allRuns()
    expect(after).toEqual(['schedule Success', expect.stringMatching(/^schedule (Success|No Change)$/)])
    expect((await mapping(...of(), tenantId))?.lookAgainAt).toBeNull()
  })

  it('stays to be used where its transaction began before a sync read the agreement, and ended after [J1]', async () => {
    const attempt = { invoiceId: null, lookAgainAt: null, lookingSince: null } as const
    const [before, readAt] = [new Date('2026-06-01T10:00:00Z'), new Date('2026-06-01T10:00:05Z')]
    await bringSyncs(...of(), [agreementId], before)
    await noteAttempt(...of(), agreementId, [tenantId], { ...attempt, readAt, seen: [null] })
    expect((await mapping(...of(), tenantId))?.lookAgainAt).toEqual(before)
    await noteAttempt(...of(), agreementId, [tenantId], { ...attempt, readAt, seen: [before] })
    expect((await mapping(...of(), tenantId))?.lookAgainAt).toBeNull()
  })

  it('is due once more where a look came and went while the agreement was synced [J1]', async () => {
    const now = new Date()
    await bringSyncs(...of(), [agreementId], now)
    await takeDueLooks(database.db, { now, limit: 100, everyMs: 45 * 60_000 })
    expect(await isDue()).toBe(false)
    const attempt = { invoiceId: null, lookAgainAt: null, lookingSince: null, readAt: now, seen: [] }
    await noteAttempt(...of(), agreementId, [tenantId], attempt)
    expect(await isDue()).toBe(true)
  })

  it('does not write what was undone, which stays parked until it is released [J2]', async () => {
    await look()
    await answer({ answer: 'nobody' })
    await look()
    const { run } = await lastRun(world, organisationId)
    await requestUndo(database.db, { organisationId, runId: run.id, trigger: 'hand', actor: 'Ann' })
    await drain(world.worker, { budgetMs: 30_000 })
    await look()
    const undone = await additionsOf(world)
    const writes = writesTo(world.connectWise).length
    await answer({ answer: 'stays' })
    await look()
    expect(await allRuns()).toHaveLength(5)
    expect(await additionsOf(world)).toEqual(undone)
    expect(writesTo(world.connectWise)).toHaveLength(writes)
  })
})

describe('an answer about a customer that does not sync by itself', () => {
  it('begins nothing where its Sync is off, and is used once that is on', async () => {
    await look()
    await switchSync(false)
    await answer({ answer: 'nobody' })
    await look()
    expect([await follows(), await allRuns()]).toEqual(['sync-off', ['schedule Error']])
    await switchSync(true)
    await look()
    expect(await allRuns()).toEqual(['schedule Error', 'schedule Success'])
  })

  it('begins nothing where Sync of the program is off, and is used once that is on', async () => {
    await look()
    await switchProgram(false)
    await answer({ answer: 'nobody' })
    await look()
    expect([await follows(), await allRuns()]).toEqual(['program-off', ['schedule Error']])
    await switchProgram(true)
    await look()
    expect(await allRuns()).toEqual(['schedule Error', 'schedule Success'])
  })

  it('begins nothing where a person stopped the last sync, until one syncs it [F16]', async () => {
    await look()
    const request = {
      organisationId,
      program,
      agreementIds: [agreementId],
      trigger: 'hand',
      actor: 'Ann',
    } as const
    await requestStop(database.db, organisationId, await requestSync(database.db, request), 'Ann')
    await drain(world.worker, { budgetMs: 30_000 })
    await answer({ answer: 'nobody' })
    await look()
    expect([await follows(), await allRuns()]).toEqual(['stopped', ['schedule Error', 'hand Warning']])
    await requestSync(database.db, request)
    await drain(world.worker, { budgetMs: 30_000 })
    expect((await allRuns()).at(-1)).toBe('hand Success')
    expect(await follows()).toBe('soon')
  })

  it('asks for no look where a connection is missing, nor where no contract agreement is picked [B1, F14]', async () => {
    await look()
    await database.db.execute(sql`DELETE FROM due_looks WHERE organisation_id = ${organisationId}`)
    await answer({ answer: 'nobody' })
    expect([await follows(), await isDue()]).toEqual(['not-connected', false])
    await database.db.execute(
      sql`INSERT INTO due_looks (organisation_id, next_look_at) VALUES (${organisationId}, now())`,
    )
    await database.db.execute(
      sql`UPDATE programs SET contract_agreement_id = NULL WHERE organisation_id = ${organisationId}`,
    )
    expect(await follows()).toBe('agreement-unclear')
  })
})

describe('what else only a sync shows', () => {
  const asked = async (): Promise<boolean> => (await mapping(...of(), tenantId))?.lookAgainAt !== null
  const change = (input: object) =>
    changeProgram({
      ctx: {
        db: database.db,
        organisationId,
        program:
          programBySlug(program) ??
          (() => {
            throw new Error('There is no program')
          })(),
        actor: 'Ann',
        now: () => new Date(),
        refuseUnknownAgreement: async () => undefined,
      },
      input,
    })

  it('is an option that plans are made by, and none that they are not [J10]', async () => {
    await change({ firstSync: 'next' })
    expect(await asked()).toBe(false)
    await change({ exactAmounts: true })
    expect([await asked(), await isDue()]).toEqual([true, true])
  })

  it('is a price rule from a month on, and none that is for what will be created [J11]', async () => {
    const rule = {
      tenantId: null,
      sku: null,
      terms: { kind: 'cost-plus', percent: '20' },
    } as never as Parameters<typeof setPriceRule>[0]['input']
    await setPriceRule({ ctx: setup(), input: { ...rule, from: null } })
    expect(await asked()).toBe(false)
    await setPriceRule({ ctx: setup(), input: { ...rule, from: '2026-06' as Period } })
    expect([await asked(), await isDue()]).toEqual([true, true])
  })
})
