/**
 * What ConnectWise lists and cannot be read, through a whole sync: nobody takes it for absent
 * (docs/billing-rules.md, "Unknown is never zero").
 */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { unsettledChanges } from '#db/ledger/changes.ts'
import { periodStatesOf } from '#db/mappings/period-states.ts'
import { settlesSoon, workerOf } from './testing/processes.ts'
import {
  additionsOf,
  agreementId,
  april,
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
beforeEach(async () => {
  world = await startWorld()
  organisationId = await createMapped(world.db)
})
afterEach(() => world.close())

const additions = () => world.connectWise.store.additionsOf(agreementId)
const amounts = { quantity: 5, unitPrice: 12, unitCost: 10 }
const put = (more: object) =>
  world.connectWise.store.put(
    'additions',
    { id: 901, agreementId, product: { id: 40 }, ...amounts, billCustomer: 'Billable', ...more },
    'clerk',
  )
const statuses = async () => {
  const { item } = await lastRun(world, organisationId)
  const of = (item.months.at(-1)?.subscriptions ?? []).map((each) => [each.subscriptionId, each.status])
  return { item: item.status, ...Object.fromEntries(of) }
}
const good = async () =>
  (await periodStatesOf(world.db, organisationId, program, [tenantId]))
    .map((each) => each.subscriptionId)
    .sort()

it('an addition of one subscription stops that one until it is mended, and no other', async () => {
  put({ serialNumber: 'sub-1', quantity: 'five', effectiveDate: '2026-04-01T00:00:00Z' })
  await detectAndSync(world, organisationId)
  expect(await statuses()).toEqual({
    item: 'Error',
    'sub-1': 'Error',
    'sub-2': 'Success',
    'sub-3': 'Warning',
  })
  const { item } = await lastRun(world, organisationId)
  const row = item.months[0]?.subscriptions.find(({ subscriptionId }) => subscriptionId === 'sub-1')
  expect(row?.findings).toMatchObject([
    {
      message: 'An addition of the agreement cannot be read (addition 901): Quantity is not understood',
      additionIds: [901],
    },
  ])
  expect(await good()).toEqual(['sub-2', 'sub-3'])
  expect(world.connectWise.store.get('additions', 901)).toMatchObject({ quantity: 'five' })

  world.connectWise.store.remove('additions', 901, 'clerk')
  await sync(world, organisationId)
  expect(await additionsOf(world)).toEqual(april)
})

it('an addition that may be anybody’s stops the agreement: nothing is written, nothing counts as done', async () => {
  put({ product: {}, serialNumber: { odd: true } })
  await detectAndSync(world, organisationId)
  expect(await statuses()).toEqual({ item: 'Error', 'sub-1': 'Error', 'sub-2': 'Error', 'sub-3': 'Error' })
  expect(writesTo(world.connectWise)).toEqual([])
  expect(await good()).toEqual([])
  const { item } = await lastRun(world, organisationId)
  expect(item.months[0]?.findings).toMatchObject([
    { severity: 'error', message: expect.stringContaining('(addition 901): Product ID is missing') },
  ])
})

it('a write without an answer whose addition cannot be read stays unknown, and is not sent again', async () => {
  const { store, faults } = world.connectWise
  store.watch(({ collection, action, row }) => {
    if (collection === 'additions' && action === 'added')
      store.put('additions', { ...row, unitPrice: 'odd' }, 'clerk')
  })
  world.worker = workerOf(world.db, world.addresses, settlesSoon)
  faults.add([{ kind: 'cut-after', method: 'POST', path: '*/additions', nth: 1 }])
  await detectAndSync(world, organisationId)
  const made = additions().length
  expect(await statuses()).toMatchObject({ item: 'Error' })
  expect(await unsettledChanges(world.db, organisationId, program, agreementId)).toHaveLength(1)
  await sync(world, organisationId)
  const created = additions().filter(({ serialNumber }) => serialNumber === 'sub-1')
  expect([created.length, made]).toEqual([1, 2])
  expect(await unsettledChanges(world.db, organisationId, program, agreementId)).toHaveLength(1)

  for (const row of additions())
    if (row['unitPrice'] === 'odd') store.put('additions', { ...row, unitPrice: 12 }, 'clerk')
  await sync(world, organisationId)
  expect(await unsettledChanges(world.db, organisationId, program, agreementId)).toEqual([])
})
