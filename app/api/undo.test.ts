/** A sync that is taken back over the API, and released (J2). */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { periodPlanSchema } from '#lib/billing/types.ts'
import type { Snapshot } from '../../standin/connectwise/store.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { answersSchema } from './schemas/answers.ts'
import { auditSchema } from './schemas/audit.ts'
import { unskippedSchema } from './schemas/customers.ts'
import { startedRunSchema } from './schemas/jobs.ts'
import { runSchema, runsSchema } from './schemas/runs.ts'
import { type ApiWorld, type CallApi, settled } from './testing/api-world.ts'
import { anotherOrganisation, mapCustomer, startOrganisation, syncMonths } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps customers')

let world: ApiWorld
let api: CallApi
let runId: string
const lastRun = async () => (await readAnswer(api, runsSchema, 'GET', '/api/runs?kind=customers')).runs[0]
/** How many additions the agreement has in ConnectWise. */
const additions = async (): Promise<number> => {
  const answer = await fetch(`${world.connectWise.url}/control/snapshot`)
  const { collections } = (await answer.json()) as Snapshot
  const all = collections.find(([name]) => name === 'additions')?.[1] ?? []
  return all.filter(({ row }) => row['agreementId'] === coho.agreementId).length
}
beforeAll(async () => {
  ;({ world, api } = await startOrganisation())
  await mapCustomer(api, coho)
  await syncMonths(world, 1)
  const run = await lastRun()
  if (run === undefined) throw new Error('The demo syncs a month')
  runId = run.id
})
afterAll(() => world.stop())

describe('a sync that is taken back [J2]', () => {
  const path = () => `/api/runs/${runId}/agreements/${coho.agreementId}/undo`

  it('is shown first: what would be written, and nothing written', async () => {
    const before = await additions()
    const plan = await readAnswer(api, periodPlanSchema, 'GET', path())
    const kinds = plan.subscriptions.flatMap(({ changes }) => changes.map(({ kind }) => kind))
    expect(new Set(kinds)).toEqual(new Set(['delete']))
    expect(await additions()).toBe(before)
  })

  it('is no business of another organisation', async () => {
    const { api: stranger } = await anotherOrganisation()
    expect((await refusal(stranger('GET', path()))).code).toBe('not-found')
    expect((await refusal(stranger('POST', `/api/runs/${runId}/undo`, { body: {} }))).code).toBe('not-found')
  })

  it('is written back, with a run of its own, a parked month of each subscription, and a word in the audit', async () => {
    const wrong = await refusal(api('POST', `/api/runs/${runId}/undo`, { body: { agreementIds: [999] } }))
    expect(wrong.code).toBe('not-found')
    const started = await readAnswer(api, startedRunSchema, 'POST', `/api/runs/${runId}/undo`, {
      agreementIds: [coho.agreementId],
    })
    await settled()
    const run = await readAnswer(api, runSchema, 'GET', `/api/runs/${started.runId}`)
    expect([run.state, run.status, run.undoes]).toEqual(['finished', 'Success', runId])
    expect(await additions()).toBe(0)
    const { events } = await readAnswer(api, auditSchema, 'GET', '/api/audit')
    expect(events.find(({ action }) => action === 'undo-run')).toMatchObject({ subject: runId })
    expect((await refusal(api('POST', `/api/runs/${started.runId}/undo`, { body: {} }))).code).toBe(
      'not-found',
    )
  })

  it('is synced again once each month is released', async () => {
    await readAnswer(api, startedRunSchema, 'POST', `${P}/customers/${coho.tenantId}/sync`)
    await settled()
    expect(await additions()).toBe(0)
    const answers = await readAnswer(api, answersSchema, 'GET', `${P}/agreements/${coho.agreementId}/answers`)
    expect(answers.skipped.length).toBeGreaterThan(0)
    for (const { subscriptionId, period, isUndone } of answers.skipped) {
      expect(isUndone).toBe(true)
      await readAnswer(api, unskippedSchema, 'POST', `${P}/customers/${coho.tenantId}/unskip`, {
        subscriptionId,
        period,
      })
    }
    await readAnswer(api, startedRunSchema, 'POST', `${P}/customers/${coho.tenantId}/sync`)
    await settled()
    expect(await additions()).toBeGreaterThan(0)
  })
})
