/** What a preview says of the bill, against the bill that a sync then makes (H1), over the API. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { previewSchema } from '#lib/billing/plan-money.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { mappedCustomerSchema } from './schemas/customers.ts'
import { podContentSchema } from './schemas/pod.ts'
import { type ApiWorld, asOwner, type CallApi, startApiWorld } from './testing/api-world.ts'
import { connect, switchSyncOn, work } from './testing/organisation.ts'
import { readAnswer } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps several customers')
const { tenantId, ...place } = coho
const CUSTOMER = `/api/programs/microsoft-csp/customers/${tenantId}`

let world: ApiWorld
let api: CallApi

const map = (syncEnabled: boolean) =>
  readAnswer(api, mappedCustomerSchema, 'PUT', `${CUSTOMER}/mapping`, { ...place, syncEnabled })
const preview = () => readAnswer(api, previewSchema, 'GET', `${CUSTOMER}/plan`)
const billed = async () => {
  const content = await readAnswer(
    api,
    podContentSchema,
    'GET',
    `/api/hosted/agreements/${place.agreementId}`,
  )
  return content.state === 'mapped' ? content.result?.periods.map(({ totals }) => totals.billed) : null
}

beforeAll(async () => {
  world = await startApiWorld()
  api = await asOwner()
  await connect(world, api)
  await world.issueNextInvoice()
  await switchSyncOn(api)
  await map(false)
  await work()
})
afterAll(() => world.stop())

describe('the money of a preview', () => {
  it('is what the sync after it bills, and nothing where nothing is left to write [H1]', async () => {
    const { money } = await preview()
    expect(money).toMatchObject({
      months: [{ period: '2026-04', before: { price: '0' } }],
      next: { period: '2026-05', before: { price: '0' } },
    })
    expect(money?.change).toEqual(money?.months[0]?.after)
    expect(Number(money?.next?.change.price)).toBeGreaterThan(0)

    await map(true)
    await work()
    expect(await billed()).toEqual([money?.months[0]?.after])
    const after = await preview()
    expect(after.money).toMatchObject({
      months: [{ before: money?.months[0]?.after, change: { cost: '0', price: '0' } }],
      next: { before: money?.next?.after, change: { cost: '0', price: '0' } },
    })
  })
})
