/** The line of each customer in the table: what keeps its bill from being right, the amount, and since when (E1). */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { demoMappings, tenantId } from '../../standin/data/index.ts'
import { mappedCustomerSchema } from '../api/schemas/customers.ts'
import { type ApiWorld, asOwner, type CallApi, startApiWorld } from '../api/testing/api-world.ts'
import { connect, mapCustomer, switchSyncOn, work } from '../api/testing/organisation.ts'
import { readAnswer } from '../api/testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('../api/testing/api-world.ts')).after }))

const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps several customers')
const program = 'microsoft-csp'

let world: ApiWorld
let api: CallApi

beforeAll(async () => {
  world = await startApiWorld()
  api = await asOwner()
  await connect(world, api)
  await world.issueNextInvoice()
  await switchSyncOn(api)
  await mapCustomer(api, coho)
  await work()
})
afterAll(() => world.stop())

const line = async (customer: string) => {
  const { customerTroubles } = await import('./customer-troubles.ts')
  const { shownCustomers } = await import('./customers.ts')
  const { server } = await import('#app/process/process.ts')
  const { organisations } = await import('../../db/schema.ts')
  const [organisation] = await server().db.select().from(organisations)
  if (organisation === undefined) throw new Error('There is one organisation')
  const customers = await shownCustomers(organisation.id, program, [customer])
  return (await customerTroubles(organisation.id, program, customers)).get(customer)
}

const switchTo = (syncEnabled: boolean) =>
  readAnswer(
    api,
    mappedCustomerSchema,
    'PUT',
    `/api/programs/${program}/customers/${coho.tenantId}/mapping`,
    { companyId: coho.companyId, agreementId: coho.agreementId, syncEnabled },
  )

it('of a customer whose bill is right there is none', async () => {
  expect(await line(coho.tenantId)).toBeUndefined()
})

it('of an unmapped one it is what nobody bills, since it was first invoiced', async () => {
  expect(await line(tenantId('relecloud'))).toMatchObject({
    says: 'Unmapped: nobody bills what PRISM invoiced for April 2026',
    isError: false,
    amount: expect.stringMatching(/^[1-9]/),
    from: '2026-04',
  })
})

it('of one whose Sync is off it is the months that came since, and goes once they are synced', async () => {
  await switchTo(false)
  expect(await line(coho.tenantId)).toBeUndefined()
  await world.issueNextInvoice()
  await work()
  const amount = expect.stringMatching(/^[1-9]/)
  expect(await line(coho.tenantId)).toMatchObject({
    says: 'Sync is off: 1 month is not billed',
    amount,
    from: '2026-05',
  })
  await switchTo(true)
  await work()
  expect(await line(coho.tenantId)).toBeUndefined()
})

it('of one whose agreement ends before the next month it is that, with what a month of it is [F13]', async () => {
  const { store } = world.connectWise
  const stored = store.get('agreements', coho.agreementId)
  if (stored === undefined) throw new Error('The agreement is there')
  store.put('agreements', { ...stored, endDate: '2026-05-31T00:00:00Z', noEndingDateFlag: false }, 'Ann')
  await work()
  expect(await line(coho.tenantId)).toMatchObject({
    says: 'The agreement ended 31 May 2026. June 2026 cannot be billed there',
    isError: false,
    amount: expect.stringMatching(/^[1-9]/),
    from: null,
  })
  store.put('agreements', stored, 'Ann')
  await work()
  expect(await line(coho.tenantId)).toBeUndefined()
})
