/** Earlier months of an agreement in its pod (H1), over the API. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { demoMappings } from '../../standin/data/index.ts'
import { agreementMonthSchema, agreementMonthsSchema, podContentSchema } from './schemas/pod.ts'
import { type ApiWorld, type CallApi, settled } from './testing/api-world.ts'
import { mapCustomer, startOrganisation, syncMonths } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const [coho, unmapped] = demoMappings()
if (coho === undefined || unmapped === undefined) throw new Error('The demo maps several customers')
const AGREEMENT = `/api/hosted/agreements/${coho.agreementId}`
const MONTHS = `${AGREEMENT}/months`

let world: ApiWorld
let api: CallApi

const months = async (path = MONTHS) => (await readAnswer(api, agreementMonthsSchema, 'GET', path)).months
const month = (period: string) => readAnswer(api, agreementMonthSchema, 'GET', `${MONTHS}/${period}`)
const podMonths = async () => {
  const content = await readAnswer(api, podContentSchema, 'GET', AGREEMENT)
  return content.state === 'mapped' ? (content.result?.periods ?? []) : []
}

beforeAll(async () => {
  ;({ world, api } = await startOrganisation())
  await mapCustomer(api, coho)
  await syncMonths(world, 2)
})
afterAll(() => world.stop())

describe('the months of an agreement', () => {
  it('are those that were synced, the newest first, each with when and by whom [H1]', async () => {
    expect(await months()).toEqual([
      { period: '2026-05', syncedAt: expect.stringMatching(/^20.*Z$/), annual: null, actor: 'Scheduled' },
      { period: '2026-04', syncedAt: expect.stringMatching(/^20.*Z$/), annual: null, actor: 'Scheduled' },
    ])
  })

  it('are opened each with what was invoiced, billed and changed then [H1][G3]', async () => {
    const april = await month('2026-04')
    expect((await podMonths()).map(({ period }) => period)).toEqual(['2026-05'])
    const { subscriptions, totals } = april.outcome
    expect(totals.billed.price).toBe(totals.invoiced.price)
    expect(subscriptions.flatMap(({ applied }) => applied.map(({ outcome }) => outcome))).toContain('done')
    const may = await month('2026-05')
    expect(may.outcome).toEqual((await podMonths())[0])
  })

  it('are told as the last sync left them, not an earlier one [H1]', async () => {
    const [before] = await months()
    const path = `/api/programs/microsoft-csp/customers/${coho.tenantId}/sync`
    expect((await api('POST', path)).ok).toBe(true)
    await settled()
    const [after] = await months()
    expect(after?.period).toBe('2026-05')
    expect(after?.actor).not.toBe('Scheduled')
    expect(Date.parse(after?.syncedAt ?? '')).toBeGreaterThan(Date.parse(before?.syncedAt ?? ''))
    expect((await month('2026-05')).syncedAt).toBe(after?.syncedAt)
  })

  it('are none where no customer is mapped, and one that was not synced is not found [H1]', async () => {
    expect(await months(`/api/hosted/agreements/${unmapped.agreementId}/months`)).toEqual([])
    for (const path of [`${MONTHS}/2026-03`, `/api/hosted/agreements/${unmapped.agreementId}/months/2026-04`])
      expect(await refusal(api('GET', path))).toMatchObject({ status: 404, code: 'not-found' })
    expect(await refusal(api('GET', `${MONTHS}/2026-13`))).toMatchObject({ status: 404 })
  })
})
