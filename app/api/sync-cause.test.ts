/** What many customers fail by is mended in ConnectWise once, and synced with one press (J1, F11). */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { demoMappings } from '../../standin/data/index.ts'
import { inboxSchema } from './schemas/inbox.ts'
import { startedRunSchema } from './schemas/jobs.ts'
import { type ApiWorld, type CallApi, settled } from './testing/api-world.ts'
import { mapCustomer, startOrganisation } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const mapped = demoMappings().slice(0, 2)
let world: ApiWorld
let api: CallApi

const setProrate = (prorateFlag: boolean): void => {
  const { store } = world.connectWise
  for (const { agreementId: id } of mapped)
    store.put('agreements', { ...store.get('agreements', id), id, prorateFlag }, 'GClerk')
}
const unfit = async () =>
  (await readAnswer(api, inboxSchema, 'GET', '/api/inbox?kind=unfit')).groups.find(({ count }) => count === 2)

beforeAll(async () => {
  ;({ world, api } = await startOrganisation())
  await world.issueNextInvoice()
  for (const each of mapped) await mapCustomer(api, each)
  setProrate(false)
  await readAnswer(api, startedRunSchema, 'POST', `${P}/customers/sync`, {})
  await settled()
})
afterAll(() => world.stop())

it('a cause of several agreements has one press for all of them, which says why where Sync of the program is off [J1]', async () => {
  const sync = { id: 'sync', text: 'Sync again', body: { cause: (await unfit())?.cause } }
  expect((await unfit())?.actions).toMatchObject([sync])
  expect((await unfit())?.actions[0]?.whyNot).toBeUndefined()
  await api('PUT', P, { body: { enabled: false } })
  await settled()
  expect((await unfit())?.actions).toMatchObject([{ ...sync, whyNot: expect.stringContaining('is off') }])
  expect(await refusal(api('POST', `${P}/customers/sync`, { body: sync.body }))).toMatchObject({
    code: 'sync-off',
  })
  await api('PUT', P, { body: { enabled: true } })
  await settled()
})

it('syncs what the cause is open of and nothing else, and it is gone [J1]', async () => {
  const body = { cause: (await unfit())?.cause }
  setProrate(true)
  await readAnswer(api, startedRunSchema, 'POST', `${P}/customers/sync`, body)
  await settled()
  expect(await unfit()).toBeUndefined()
  expect(await refusal(api('POST', `${P}/customers/sync`, { body }))).toMatchObject({
    code: 'conflict',
    detail: 'Nothing of it waits any more.',
  })
  const both = await refusal(
    api('POST', `${P}/customers/sync`, { body: { ...body, tenantIds: [mapped[0]?.tenantId] } }),
  )
  expect(both.code).toBe('request-invalid')
})
