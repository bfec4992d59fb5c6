/** A run that is taken back (J2): against both stand-ins, through crashes, later syncs and later months. */
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { periodStatesOf } from '#db/mappings/period-states.ts'
import type { Money, Period } from '#lib/billing/types.ts'
import { drain } from '#lib/jobs/drain.ts'
import { requestUndo } from '#lib/jobs/requests.ts'
import { unskipPeriod } from '#lib/setup/positions.ts'
import { hasStruck, loseConnection } from './testing/losing-connections.ts'
import { clientsOf } from './testing/processes.ts'
import {
  additionsOf,
  agreementId,
  april,
  createMapped,
  detectAndSync,
  lastRun,
  program,
  startWorld,
  sync,
  tenantId,
  type World,
  writesTo,
} from './testing/world.ts'

let world: World
let organisationId: string
beforeEach(async () => {
  world = await startWorld()
  organisationId = await createMapped(world.db)
})
afterEach(() => world.close())

const control = (path: string): Promise<Response> =>
  fetch(`${world.addresses.connectWise}/control/${path}`, { method: 'POST', body: '{}' })
const nextMonth = (): Promise<Response> =>
  fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
const undoLast = async (): Promise<string> => {
  const { run } = await lastRun(world, organisationId)
  return requestUndo(world.db, { organisationId, runId: run.id, trigger: 'hand', actor: 'Ann' })
}
const states = async (): Promise<string[]> =>
  (await periodStatesOf(world.db, organisationId, program, [tenantId]))
    .map(({ period, subscriptionId, state, by }) => `${period} ${subscriptionId} ${state} ${by ?? ''}`.trim())
    .sort()

const alone = () => ({
  db: world.db,
  organisationId,
  program,
  actor: 'Ann',
  alone: <T>(_: number, work: () => Promise<T>) => work(),
})

/** As before the sync of April, but for the serial number that it gave. */
const before = ['C sub-3 2026-01-01 open 4 9.5 11.5']
const parked = ['2026-04 sub-1 parked Ann', '2026-04 sub-2 parked Ann', '2026-04 sub-3 parked Ann']

describe('an undo of the newest run [J2]', () => {
  it('leads back to the additions before it, parks its month, and stays so through later syncs', async () => {
    await detectAndSync(world, organisationId)
    expect(await additionsOf(world)).toEqual(april)
    await undoLast()
    await drain(world.worker, { budgetMs: 30_000 })
    expect(await additionsOf(world)).toEqual(before)
    expect(await states()).toEqual(parked)
    const { run, item } = await lastRun(world, organisationId)
    expect([run.status, run.undoes === null]).toEqual(['Success', false])
    expect(item.months[0]?.subscriptions.map(({ findings }) => findings.map(({ code }) => code))).toEqual([
      [],
      [],
      ['undo-keeps-serial'],
    ])
    for (let i = 0; i < 2; i += 1) await sync(world, organisationId)
    expect(await additionsOf(world)).toEqual(before)
    expect((await lastRun(world, organisationId)).item.months[0]?.subscriptions[0]?.findings[0]?.code).toBe(
      'month-parked',
    )
  })

  it('is synced again once it is released', async () => {
    await detectAndSync(world, organisationId)
    await undoLast()
    await drain(world.worker, { budgetMs: 30_000 })
    for (const subscriptionId of ['sub-1', 'sub-2', 'sub-3'])
      await unskipPeriod({ ctx: alone(), input: { tenantId, subscriptionId, period: '2026-04' as Period } })
    await sync(world, organisationId)
    expect(await additionsOf(world)).toEqual(april)
  })

  it('stays undone when the next month is synced', async () => {
    await detectAndSync(world, organisationId)
    await undoLast()
    await drain(world.worker, { budgetMs: 30_000 })
    await nextMonth()
    await detectAndSync(world, organisationId)
    const inApril = (await additionsOf(world)).filter((each) => each.includes('2026-04-'))
    expect(inApril.map((each) => each.split(' ').slice(0, 3).join(' '))).toEqual([])
    expect((await states()).filter((each) => each.startsWith('2026-04'))).toEqual(parked)
  })

  it('of what ConnectWise has invoiced gives the difference back with its next invoice', async () => {
    await detectAndSync(world, organisationId)
    await control(`agreements/${agreementId}/invoice`)
    await undoLast()
    await drain(world.worker, { budgetMs: 30_000 })
    const adjusted = (await additionsOf(world)).filter((each) => each.includes('adjust-'))
    expect(adjusted).toHaveLength(3)
    const { item } = await lastRun(world, organisationId)
    expect(item.status).toBe('Warning')
    const release = () =>
      unskipPeriod({
        ctx: alone(),
        input: { tenantId, subscriptionId: 'sub-1', period: '2026-04' as Period },
      })
    await sync(world, organisationId)
    await expect(release()).rejects.toMatchObject({
      code: 'conflict',
      detail: expect.stringMatching(/adjust-2026-05/),
    })
    // An hour later: an addition that is missing right after it was written is taken for not shown yet.
    await world.db.execute(sql`UPDATE changes SET settled_at = settled_at - interval '1 hour'`)
    const { connectWise } = clientsOf(world.addresses)
    for (const { id, serialNumber } of (await connectWise.additions(agreementId)).additions)
      if (serialNumber.startsWith('adjust-')) await connectWise.deleteAddition(agreementId, id)
    await sync(world, organisationId)
    await expect(release()).resolves.toMatchObject({ price: expect.stringMatching(/^\d/) })
  })

  it('is refused where a later run has written since', async () => {
    await detectAndSync(world, organisationId)
    const { run } = await lastRun(world, organisationId)
    await nextMonth()
    await detectAndSync(world, organisationId)
    const additions = await additionsOf(world)
    await requestUndo(world.db, { organisationId, runId: run.id, trigger: 'hand', actor: 'Ann' })
    await drain(world.worker, { budgetMs: 30_000 })
    expect((await lastRun(world, organisationId)).item).toMatchObject({
      status: 'Error',
      detail: expect.stringMatching(
        /^The sync of \d{4}-\d\d-\d\d \d\d:\d\d UTC has written to this agreement since\. Undo that one first\.$/,
      ),
    })
    expect(await additionsOf(world)).toEqual(additions)
  })

  it('leaves what somebody changed since, and takes back the rest', async () => {
    await detectAndSync(world, organisationId)
    const { rows } = await world.db.execute<{ id: number }>(
      sql`SELECT addition_id AS id FROM changes WHERE subscription_id = 'sub-2' AND kind = 'create'`,
    )
    const { connectWise } = clientsOf(world.addresses)
    await connectWise.patchAddition(agreementId, Number(rows[0]?.id), { unitPrice: '9.5' as Money })
    await undoLast()
    await drain(world.worker, { budgetMs: 30_000 })
    expect(await additionsOf(world)).toEqual(['B sub-2 2026-04-12 open 3 7.35 9.5', ...before])
    expect((await lastRun(world, organisationId)).item.status).toBe('Error')
    expect(await states()).toEqual([
      '2026-04 sub-1 parked Ann',
      '2026-04 sub-2 good',
      '2026-04 sub-3 parked Ann',
    ])
  })
})

describe('an undo that is cut short [J2]', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])(
    'by a lost connection at its %i. note in the ledger goes on to the same end',
    async (nth) => {
      await detectAndSync(world, organisationId)
      await undoLast()
      await loseConnection(world, 'changes', nth)
      await drain(world.worker, { budgetMs: 30_000 })
      await drain(world.worker, { budgetMs: 30_000 })
      expect(await hasStruck(world.db, nth)).toBe(true)
      expect(await additionsOf(world)).toEqual(before)
      expect(await states()).toEqual(parked)
      expect(writesTo(world.connectWise).filter((each) => each.startsWith('DELETE'))).toHaveLength(6)
    },
  )
})
