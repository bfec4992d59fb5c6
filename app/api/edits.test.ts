/** What somebody edited by hand in ConnectWise is set back over the API, as a plan that is shown first. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { previewSchema, undoPreviewSchema } from '#lib/billing/plan-money.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { auditSchema } from './schemas/audit.ts'
import { startedRunSchema } from './schemas/jobs.ts'
import { runSchema, runsSchema } from './schemas/runs.ts'
import { type ApiWorld, type CallApi, settled } from './testing/api-world.ts'
import {
  anotherOrganisation,
  mapCustomer,
  scheduledCall,
  startOrganisation,
  syncMonths,
} from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps customers')
const path = `${P}/agreements/${coho.agreementId}/edits`

let world: ApiWorld
let api: CallApi
const additions = () =>
  world.connectWise.store
    .all('additions')
    .filter((row) => row['agreementId'] === coho.agreementId)
    .map((row) => structuredClone(row))
/** What a person types over on ConnectWise's screen. */
const edit = (id: number, fields: Readonly<Record<string, unknown>>): void => {
  const row = world.connectWise.store.all('additions').find((each) => each.id === id)
  if (row === undefined) throw new Error('The addition is there')
  world.connectWise.store.put('additions', { ...row, ...fields }, 'GClerk')
}
const writes = async () => {
  const plan = await readAnswer(api, previewSchema, 'GET', path)
  const changes = plan.periods.flatMap(({ subscriptions }) => subscriptions.flatMap((row) => row.changes))
  return { plan, sets: changes.flatMap((change) => (change.kind === 'update' ? [change.set] : [])) }
}
const sync = async () => {
  await readAnswer(api, startedRunSchema, 'POST', `${P}/customers/${coho.tenantId}/sync`)
  await settled()
  for (let calls = 0; calls < 20; calls += 1) if ((await scheduledCall()).jobsLeft === 0) return
}

beforeAll(async () => {
  ;({ world, api } = await startOrganisation())
  await mapCustomer(api, coho)
  await syncMonths(world, 1)
  await sync()
})
afterAll(() => world.stop())

describe('what somebody edited by hand', () => {
  it('is nothing as long as nobody has', async () => {
    expect((await writes()).plan.periods).toMatchObject([{ subscriptions: [] }])
  })

  it('is shown as old and new with its money, and nothing is written by that', async () => {
    const [first] = additions()
    if (first === undefined) throw new Error('The demo has additions')
    edit(first.id, { quantity: Number(first['quantity']) + 2, unitPrice: 1 })
    const { plan, sets } = await writes()
    expect(sets).toEqual([{ quantity: String(first['quantity']), unitPrice: String(first['unitPrice']) }])
    expect(Number(plan.money?.next?.change.price)).not.toBe(0)
    expect(additions().find(({ id }) => id === first.id)?.['unitPrice']).toBe(1)
    edit(first.id, first)
  })

  it('is no business of another organisation, nor of an agreement without a customer', async () => {
    const { api: stranger } = await anotherOrganisation()
    const body = { subscriptionIds: [''] }
    expect((await refusal(stranger('GET', path))).code).toBe('not-found')
    expect((await refusal(stranger('POST', path, { body }))).code).toBe('not-found')
    expect((await refusal(api('POST', `${P}/agreements/999999/edits`, { body }))).code).toBe('not-found')
  })

  it('is set back of the subscriptions that are named, by a run of its own, and syncs write nothing more', async () => {
    const before = additions()
    const [first, second] = before
    if (first === undefined || second === undefined) throw new Error('The demo has two additions')
    edit(first.id, { quantity: Number(first['quantity']) + 2 })
    edit(second.id, { unitPrice: 1 })
    const named = String(first['serialNumber'])
    const started = await readAnswer(api, startedRunSchema, 'POST', path, { subscriptionIds: [named] })
    await settled()
    const run = await readAnswer(api, runSchema, 'GET', `/api/runs/${started.runId}`)
    expect([run.state, run.status, run.setsBack, run.undoes]).toEqual(['finished', 'Success', true, null])
    const billed = (all: typeof before) =>
      all.map(({ id, ...row }) => [
        id,
        row['quantity'],
        row['unitPrice'],
        row['effectiveDate'],
        row['cancelledDate'],
      ])
    expect(billed(additions())).toEqual(
      billed(before.map((row) => (row.id === second.id ? { ...row, unitPrice: 1 } : row))),
    )
    const { events } = await readAnswer(api, auditSchema, 'GET', '/api/audit')
    expect(events.find(({ action }) => action === 'set-back-edits')).toMatchObject({
      subject: String(coho.agreementId),
    })
    const after = additions()
    await sync()
    expect(billed(additions())).toEqual(billed(after))
  })

  it('stands in the way of no undo of the sync before, and is none that can be undone', async () => {
    const { runs } = await readAnswer(api, runsSchema, 'GET', '/api/runs?kind=customers')
    const back = runs.find(({ setsBack }) => setsBack)
    const undo = (id: string | undefined) => `/api/runs/${id}/agreements/${coho.agreementId}/undo`
    expect((await refusal(api('GET', undo(back?.id)))).code).toBe('not-found')
    expect((await refusal(api('POST', `/api/runs/${back?.id}/undo`, { body: {} }))).code).toBe('not-found')
    const [second] = additions().slice(1)
    if (second !== undefined) {
      const { sets } = await writes()
      expect(sets).toHaveLength(1)
      await readAnswer(api, startedRunSchema, 'POST', path, {
        subscriptionIds: [String(second['serialNumber'])],
      })
      await settled()
    }
    const wrote = runs.findLast(({ setsBack }) => !setsBack)
    const plan = await readAnswer(api, undoPreviewSchema, 'GET', undo(wrote?.id))
    expect(plan.subscriptions.flatMap(({ findings }) => findings.map(({ code }) => code))).not.toContain(
      'undo-edited',
    )
    expect(plan.subscriptions.some(({ changes }) => changes.length > 0)).toBe(true)
    expect(Number(plan.money?.next?.change.price)).toBeLessThan(0)
  })
})
