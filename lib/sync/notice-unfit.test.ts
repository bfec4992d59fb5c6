/** An agreement that was deleted or made unfit after its last sync is noticed by the next look, without a new invoice (F13). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPointGroups } from '#db/mappings/open-points.ts'
import { outlooksOf } from '#db/mappings/outlooks.ts'
import { pointSummaries } from '#db/mappings/point-summaries.ts'
import { runsOf } from '#db/runs/runs.ts'
import { outlooks as outlookSource } from '#lib/inbox/of-outlooks.ts'
import {
  agreementId,
  createMapped,
  detectAndSync,
  lastRun,
  program,
  startWorld,
  type World,
  writesTo,
} from './testing/world.ts'

let world: World
let organisationId: string
beforeEach(async () => {
  world = await startWorld()
  organisationId = await createMapped(world.db)
  await detectAndSync(world, organisationId)
})
afterEach(() => world.close())

const stored = () => {
  const row = world.connectWise.store.get('agreements', agreementId)
  if (row === undefined) throw new Error('the agreement is there')
  return row
}
const change = (fields: Readonly<Record<string, unknown>>) =>
  world.connectWise.store.put('agreements', { ...stored(), ...fields }, 'Ann')
const look = () => detectAndSync(world, organisationId)
const inbox = async () =>
  (await openPointGroups(world.db, organisationId, program, null)).map(({ kind }) => kind)
const line = async () => (await pointSummaries(world.db, organisationId, program, [agreementId]))[0]
const outlooks = () => outlooksOf(world.db, organisationId, program, null)
const runs = async () => (await runsOf(world.db, organisationId, program, { limit: 50, offset: 0 })).length
const agreementsRead = () =>
  world.connectWise.requests.report().requests.filter(({ path }) => path.includes('/finance/agreements?'))
    .length

describe('an agreement that was changed in ConnectWise after its last sync', () => {
  it('so that it bills no month as PRISM does, is an Error with the next look, and in the inbox', async () => {
    const before = writesTo(world.connectWise).length
    change({ prorateFlag: false })
    await look()
    expect((await lastRun(world, organisationId)).item.status).toBe('Error')
    expect(await inbox()).toEqual(['unfit'])
    expect(await line()).toMatchObject({ severity: 'error', message: expect.stringMatching(/prorate/) })
    expect(writesTo(world.connectWise).length).toBe(before)
  })

  it('so that it is not there any more, is an Error with the next look, and in the inbox', async () => {
    world.connectWise.store.remove('agreements', agreementId, 'Ann')
    await look()
    expect((await lastRun(world, organisationId)).item.status).toBe('Error')
    expect(await inbox()).toContain('failed')
    expect(await line()).toMatchObject({
      severity: 'error',
      message: expect.stringMatching(/^The agreement is not in ConnectWise/),
    })
  })

  it('so that it ends before the next month, is noted with the next look, and in the inbox until it is moved', async () => {
    const before = await runs()
    const end = { endDate: '2026-05-10T00:00:00Z', noEndingDateFlag: false }
    change(end)
    await look()
    expect(await outlooks()).toEqual([])
    change({ ...end, endDate: '2026-04-30T00:00:00Z' })
    await look()
    expect(await outlooks()).toMatchObject([
      {
        agreementId,
        outlook: { code: 'ended', period: '2026-05', message: 'The agreement ended 30 Apr 2026.' },
      },
    ])
    const groups = await outlookSource.groups(
      { db: world.db, organisationId, program },
      { agreementIds: null },
    )
    expect(groups).toMatchObject([
      { kind: 'unfit', count: 1, says: 'One customer has an agreement that ends before the next month' },
    ])
    const [first] = await outlooks()
    await look()
    expect(await outlooks()).toEqual([first])
    expect(await runs()).toBe(before)
    change({ endDate: null, noEndingDateFlag: true })
    await look()
    expect(await outlooks()).toEqual([])
  })

  it('so that it is cancelled, is noted with the next look, too', async () => {
    change({ cancelledFlag: true, dateCancelled: '2026-04-30T00:00:00Z', agreementStatus: 'Cancelled' })
    await look()
    expect(await outlooks()).toMatchObject([{ outlook: { code: 'cancelled', period: '2026-05' } }])
  })

  it('in what decides nothing of the bill, is not synced again, nor is one that nobody touched', async () => {
    const before = await runs()
    change({ name: 'Another name' })
    await look()
    await look()
    expect(await runs()).toBe(before)
  })
})

describe('a look', () => {
  it('notices a change once, and asks ConnectWise one question for its agreements', async () => {
    change({ prorateFlag: false })
    await look()
    const [before, asked] = [await runs(), agreementsRead()]
    await look()
    await look()
    expect(await runs()).toBe(before)
    expect(agreementsRead()).toBe(asked)
  })

  it('goes on where ConnectWise does not answer it', async () => {
    const before = await runs()
    world.connectWise.faults.add([{ kind: '403', method: 'GET', path: '*/finance/agreements*' }])
    change({ prorateFlag: false })
    await look()
    expect(await runs()).toBe(before)
    world.connectWise.faults.clear()
    await look()
    expect(await inbox()).toEqual(['unfit'])
  })
})
