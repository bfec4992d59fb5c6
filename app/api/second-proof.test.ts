/** The second proof over the API (J6): what is shown of it before and after the instance is verified (J13), and what is read on opening. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { instanceRules } from '#lib/proof/billing-rules.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { customerMonthsSchema } from './schemas/customer-months.ts'
import { monthSchema } from './schemas/months.ts'
import { podContentSchema } from './schemas/pod.ts'
import { verifiedSchema } from './schemas/verify.ts'
import { type ApiWorld, asOwner, type CallApi, settled, startApiWorld } from './testing/api-world.ts'
import { connect, mapCustomer, scheduledCall, switchSyncOn } from './testing/organisation.ts'
import { readAnswer } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps several customers')
const POD = `/api/hosted/agreements/${coho.agreementId}`

let world: ApiWorld
let api: CallApi

const control = async (method: string, path: string, body: unknown): Promise<void> => {
  const url = `${world.connectWise.url}/control/agreements/${coho.agreementId}/${path}`
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) })
  expect(answer.ok).toBe(true)
}
const pod = async () => {
  const content = await readAnswer(api, podContentSchema, 'GET', POD)
  await settled()
  return content.state === 'mapped' ? content.second : null
}
const month = () => readAnswer(api, monthSchema, 'GET', '/api/programs/microsoft-csp/months/2026-04')
const row = async () => (await month()).rows.find(({ agreement }) => agreement?.id === coho.agreementId)

beforeAll(async () => {
  world = await startApiWorld()
  api = await asOwner()
  await connect(world, api)
  await world.issueNextInvoice()
  await switchSyncOn(api)
  await mapCustomer(api, coho)
  await scheduledCall()
  await settled()
})
afterAll(() => world.stop())

describe('what ConnectWise says of a month', () => {
  it('is not invoiced yet, and its forecast cannot tell why not', async () => {
    const second = (await row())?.second
    expect(second).toMatchObject({ tone: 'quiet', says: 'not invoiced yet', amount: null })
    expect(second?.why).toContain('forecast cannot tell')
  })

  it('agrees with the plan once it is invoiced and read, in the month, the pod and the customer’s months [J6]', async () => {
    await control('POST', 'invoice', {})
    await scheduledCall()
    const path = `/api/programs/microsoft-csp/customers/${coho.tenantId}`
    expect((await api('POST', `${path}/sync`)).ok).toBe(true)
    await settled()
    const shown = await row()
    expect(shown?.second).toMatchObject({ tone: 'good', says: 'agrees', terms: [], difference: '0' })
    expect(shown?.second?.amount).toBe(shown?.billed.price)
    expect(await pod()).toMatchObject({ says: 'agrees', source: 'invoices' })
    const { months } = await readAnswer(api, customerMonthsSchema, 'GET', `${path}/months`)
    expect(months[0]?.second).toMatchObject({ says: 'agrees' })
    expect((await month()).second).toEqual({ compared: 1, all: 1, differ: 0 })
  })

  it('differs where its invoice was changed after it was read; verifying the instance says which rules hold [J13]', async () => {
    await control('PATCH', 'invoices/last', { by: -5 })
    await api('POST', `/api/programs/microsoft-csp/customers/${coho.tenantId}/sync`)
    await settled()
    const before = (await row())?.second
    expect(before).toMatchObject({ difference: '-5', terms: [{ term: 'amended', amount: '-5' }] })
    const verified = await readAnswer(api, verifiedSchema, 'POST', '/api/connectwise/verify')
    expect(verified).toMatchObject({ agreements: 1, invoices: 1, mayRead: true })
    expect(verified.holds + verified.fails + verified.unknown).toBe(instanceRules.length)
    expect((await month()).second).toMatchObject({ differ: 1 })
  })
})
