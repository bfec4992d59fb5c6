/** What the agreement pod is told of an edit of its agreement (F13), over the API. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { demoMappings } from '../../standin/data/index.ts'
import { agreementFitnessSchema } from './schemas/pod.ts'
import { type ApiWorld, asOwner, type CallApi, startApiWorld } from './testing/api-world.ts'
import { connect, mapCustomer, scheduledCall, switchSyncOn } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const [coho, unmapped] = demoMappings()
if (coho === undefined || unmapped === undefined) throw new Error('The demo maps several customers')
const PATH = `/api/hosted/agreements/${coho.agreementId}/fitness`

let world: ApiWorld
let api: CallApi

const codes = async (path = PATH): Promise<string[]> =>
  (await readAnswer(api, agreementFitnessSchema, 'GET', path)).findings.map(({ code }) => code)

/** What somebody saves on the agreement's own screen; gives back what undoes it. */
const edit = (fields: Readonly<Record<string, unknown>>): (() => void) => {
  const { store } = world.connectWise
  const before = store.get('agreements', coho.agreementId)
  if (before === undefined) throw new Error('There is no such agreement')
  store.put('agreements', { ...before, ...fields }, 'GClerk')
  return () => store.put('agreements', before, 'GClerk')
}

beforeAll(async () => {
  world = await startApiWorld()
  api = await asOwner()
  await connect(world, api)
  await world.issueNextInvoice()
  await switchSyncOn(api)
  await mapCustomer(api, coho)
  await scheduledCall()
})
afterAll(() => world.stop())

describe('an agreement that was edited on its screen', () => {
  it('fits as long as nothing that decides the bill was changed [F13]', async () => {
    expect(await codes()).toEqual([])
    const undo = edit({ name: 'Renamed' })
    expect(await codes()).toEqual([])
    undo()
  })

  it.each([
    ['prorate was switched off', { prorateFlag: false }, 'not-prorated'],
    ['it is billed in another cycle', { billingCycle: { id: 3, name: 'Quarterly' } }, 'not-monthly'],
    [
      'it ends before the month that comes next',
      { endDate: '2026-04-30T00:00:00Z', noEndingDateFlag: false },
      'ended',
    ],
  ])('does not fit any more where %s, and is said to at once [F13]', async (_, fields, code) => {
    const undo = edit(fields)
    expect(await codes()).toContain(code)
    undo()
    expect(await codes()).toEqual([])
  })

  it('fits where it ends in the month that comes next: that one is still billed [F13]', async () => {
    const undo = edit({ endDate: '2026-05-15T00:00:00Z', noEndingDateFlag: false })
    expect(await codes()).toEqual([])
    undo()
  })

  it('is nothing to say where no customer is mapped to it, and asks ConnectWise nothing [F13]', async () => {
    world.connectWise.faults.add([{ kind: '500' }])
    expect(await codes(`/api/hosted/agreements/${unmapped.agreementId}/fitness`)).toEqual([])
    expect(await refusal(api('GET', PATH))).toMatchObject({ code: 'connectwise-unreachable' })
    world.connectWise.faults.clear()
  })

  it('is said to be gone where it was deleted, with what to do [F13]', async () => {
    const stored = world.connectWise.store.get('agreements', coho.agreementId)
    if (stored === undefined) throw new Error('The agreement is there')
    world.connectWise.store.remove('agreements', coho.agreementId, 'Ann')
    expect(await codes()).toEqual(['gone'])
    world.connectWise.store.put('agreements', stored, 'Ann')
    expect(await codes()).toEqual([])
  })
})
