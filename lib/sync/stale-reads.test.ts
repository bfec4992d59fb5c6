/**
 * ConnectWise may answer a read right after a write as if the write had not taken place
 * (docs/facts/connectwise.md, "Reading after a write").
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mapping, putMapping } from '#db/mappings/mappings.ts'
import { periodStatesOf } from '#db/mappings/period-states.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import { drain } from '#lib/jobs/drain.ts'
import { requestProducts } from '#lib/jobs/requests.ts'
import { programs } from '#lib/programs/registry.ts'
import {
  additionsOf,
  agreementId,
  april,
  aprilStatus,
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
const start = async (): Promise<void> => {
  world = await startWorld()
  organisationId = await createMapped(world.db)
}
const staleFor = (ms: number, only?: readonly string[]): void =>
  world.connectWise.staleReads.set({ ms, ...(only && { only }) })
/** How long an answer is waited for; a write that stays unseen twice as long is given up. */
const patient = (connectWiseTimeoutMs: number): void => {
  world.worker = { ...world.worker, settings: { ...world.worker.settings, connectWiseTimeoutMs } }
}
afterEach(() => world.close())

describe('a sync whose reads are stale after its writes', () => {
  beforeEach(() => start())

  it.each([
    [2_500, undefined],
    [300, ['catalog']],
  ])('writes nothing twice where they are %i ms old [F1][G4]', async (ms, only) => {
    patient(5_000)
    staleFor(ms, only)
    await detectAndSync(world, organisationId)
    const writes = writesTo(world.connectWise)
    staleFor(0)
    expect(await additionsOf(world)).toEqual(april)
    expect((await lastRun(world, organisationId)).item).toMatchObject({
      state: 'finished',
      status: aprilStatus,
    })
    await sync(world, organisationId)
    expect(writesTo(world.connectWise)).toEqual(writes)
  })

  it('ends as an error, written once, where they never show the writes, and heals by itself [G4]', async () => {
    patient(500)
    staleFor(60_000)
    await detectAndSync(world, organisationId)
    const writes = writesTo(world.connectWise)
    const { item } = await lastRun(world, organisationId)
    expect(item).toMatchObject({ state: 'finished', status: 'Error' })
    expect(await mapping(world.db, organisationId, program, tenantId)).toMatchObject({
      lookAgainAt: expect.any(Date),
    })
    expect(item.months[0]?.subscriptions.map(({ findings }) => findings.at(-1)?.message)).toContain(
      'ConnectWise does not show yet what was written to it',
    )
    expect(await periodStatesOf(world.db, organisationId, program, [tenantId])).toEqual([])
    await sync(world, organisationId)
    expect((await lastRun(world, organisationId)).item).toMatchObject({
      status: 'Error',
      message: 'ConnectWise does not show yet what was written to it.',
    })
    staleFor(0)
    await sync(world, organisationId)
    expect((await lastRun(world, organisationId)).item.status).not.toBe('Error')
    expect(writesTo(world.connectWise)).toEqual(writes)
    expect(await additionsOf(world)).toEqual(april)
  })

  it('believes what it reads where a person has changed what was just written', async () => {
    patient(5_000)
    await detectAndSync(world, organisationId)
    const [created] = world.connectWise.store
      .additionsOf(30)
      .filter(({ serialNumber, cancelledDate }) => serialNumber === 'sub-1' && !cancelledDate)
    world.connectWise.store.put('additions', { ...created, id: created?.id ?? 0, quantity: 9 }, 'GClerk')
    const started = performance.now()
    await sync(world, organisationId)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('a catalog item that the product sync has just created', () => {
  it('is not created again by a sync that does not see it yet [D2][D6]', async () => {
    await start()
    patient(5_000)
    const switchSync = (syncEnabled: boolean) =>
      putMapping(world.db, organisationId, program, tenantId, { companyId: 10, agreementId, syncEnabled })
    const [microsoftCsp] = programs
    if (!microsoftCsp) throw new Error('There is no program')
    const options = { ...microsoftCsp.defaults, enabled: true, productMode: 'all' as const }
    await putProgramSettings(world.db, organisationId, program, options)
    await switchSync(false)
    await detectAndSync(world, organisationId)
    staleFor(3_000, ['catalog'])
    await requestProducts(world.db, { organisationId, program, trigger: 'hand', actor: 'Ann' })
    await drain(world.worker, { budgetMs: 30_000 })
    await switchSync(true)
    await sync(world, organisationId)
    const created = writesTo(world.connectWise).filter((each) => /POST .*\/procurement\/catalog$/.test(each))
    expect(created, 'the product sync made it').toHaveLength(1)
    staleFor(0)
    expect(await additionsOf(world)).toEqual(april)
  })
})
