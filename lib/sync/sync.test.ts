import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changesOfRun } from '#db/ledger/changes.ts'
import { mapping, putMapping } from '#db/mappings/mappings.ts'
import { periodStatesOf } from '#db/mappings/period-states.ts'
import { requestStop } from '#db/runs/stops.ts'
import { contextOf } from '#lib/jobs/context.ts'
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { previewAgreement } from './run.ts'
import { brief, clientsOf, settlesSoon, workerOf } from './testing/processes.ts'
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
beforeEach(async () => {
  world = await startWorld()
  organisationId = await createMapped(world.db)
})
afterEach(() => world.close())

const statuses = async (): Promise<unknown> =>
  (await lastRun(world, organisationId)).item.months.map(({ period, subscriptions }) => [
    period,
    Object.fromEntries(subscriptions.map(({ subscriptionId, status }) => [subscriptionId, status])),
  ])
const good = async (): Promise<unknown> =>
  Object.fromEntries(
    (await periodStatesOf(world.db, organisationId, program, [tenantId])).map((each) => [
      each.subscriptionId,
      each.period,
    ]),
  )

describe('a sync of one agreement', () => {
  it('writes what the invoice says and records each subscription [F1][F2][F5][G3]', async () => {
    expect(await detectAndSync(world, organisationId)).toMatchObject({
      invoicesDetected: 1,
      jobsDone: 3,
      jobsLeft: 0,
    })
    expect(await additionsOf(world)).toEqual(april)
    const { run, item } = await lastRun(world, organisationId)
    expect(run).toMatchObject({
      state: 'finished',
      status: aprilStatus,
      trigger: 'schedule',
      firstPeriod: '2026-04',
      lastPeriod: '2026-04',
    })
    expect(item).toMatchObject({
      state: 'finished',
      status: aprilStatus,
      message: null,
      tenantIds: [tenantId],
    })
    expect(await statuses()).toEqual([
      ['2026-04', { 'sub-1': 'Success', 'sub-2': 'Success', 'sub-3': 'Warning' }],
    ])
    expect(await good()).toEqual({ 'sub-1': '2026-04', 'sub-2': '2026-04', 'sub-3': '2026-04' })
    expect(await mapping(world.db, organisationId, program, tenantId)).toMatchObject({
      firstPeriod: '2026-04',
    })
  })

  it('creates the missing catalog item before the first addition [D2]', async () => {
    await detectAndSync(world, organisationId)
    expect(writesTo(world.connectWise)[0]).toMatch(/^POST .*\/procurement\/catalog$/)
    const {
      items: [item],
    } = await clientsOf(world.addresses).connectWise.catalogByVendorSku(['B'])
    expect(item).toMatchObject({ identifier: 'B', vendorSku: 'B', unitCost: '7.35', unitPrice: '9' })
  })

  it('stores for each write what was before and after [G3]', async () => {
    await detectAndSync(world, organisationId)
    const { run } = await lastRun(world, organisationId)
    const changes = await changesOfRun(world.db, organisationId, run.id)
    const writes = writesTo(world.connectWise).length
    expect(changes).toHaveLength(writes)
    expect((await lastRun(world, organisationId)).item).toMatchObject({
      changesDone: writes,
      changesTotal: writes,
    })
    expect(changes.every((each) => each.outcome === 'done')).toBe(true)
    const ended = changes.find((each) => each.kind === 'end')
    expect(ended).toMatchObject({
      before: { cancelledDate: null, quantity: '4' },
      after: { cancelledDate: '2026-04-30' },
    })
  })

  it('reads only the additions again to prove what it wrote [docs/architecture.md, "Budgets"]', async () => {
    await detectAndSync(world, organisationId)
    world.connectWise.requests.reset()
    await fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
    await detectAndSync(world, organisationId)
    const gets = world.connectWise.requests.report().requests.filter((each) => each.method === 'GET')
    const to = (part: string) => gets.filter((each) => each.path.includes(part)).length
    expect({
      additions: to('/additions'),
      agreement: to(`/agreements/${agreementId}`) - to('/additions'),
    }).toEqual({
      additions: 2,
      agreement: 1,
    })
  })

  it('writes nothing the second time and says No Change [F19]', async () => {
    await detectAndSync(world, organisationId)
    const before = writesTo(world.connectWise).length
    await sync(world, organisationId)
    expect(writesTo(world.connectWise)).toHaveLength(before)
    expect((await lastRun(world, organisationId)).run).toMatchObject({ status: 'No Change', trigger: 'hand' })
  })

  it('is not made again by a scheduled call that finds nothing to do [G2]', async () => {
    await detectAndSync(world, organisationId)
    const { run } = await lastRun(world, organisationId)
    expect(await detectAndSync(world, organisationId)).toMatchObject({ invoicesDetected: 0, jobsDone: 2 })
    expect((await lastRun(world, organisationId)).run.id).toBe(run.id)
  })

  it('shows in the second month what was there before it, not 0 [H1]', async () => {
    await detectAndSync(world, organisationId)
    await fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
    await detectAndSync(world, organisationId)
    const { item } = await lastRun(world, organisationId)
    expect(
      item.months[0]?.subscriptions.map(({ subscriptionId, quantityBefore }) => [
        subscriptionId,
        quantityBefore,
      ]),
    ).toEqual([
      ['sub-1', '8'],
      ['sub-2', '3'],
      ['sub-3', '2'],
    ])
  })

  it('applies several invoices oldest first, and as many additions as one sync a month would [F12]', async () => {
    await putMapping(world.db, organisationId, program, tenantId, {
      companyId: 10,
      agreementId,
      syncEnabled: true,
      firstPeriod: april1,
    })
    await fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
    await detectAndSync(world, organisationId)
    expect((await lastRun(world, organisationId)).run).toMatchObject({
      status: aprilStatus,
      firstPeriod: '2026-04',
      lastPeriod: '2026-05',
    })
    const both = await additionsOf(world)

    await world.close()
    world = await startWorld()
    organisationId = await createMapped(world.db)
    await detectAndSync(world, organisationId)
    await fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
    await detectAndSync(world, organisationId)
    expect(both).toEqual(await additionsOf(world))
  })

  it('plans in a preview what it then writes, and a preview writes nothing [F2]', async () => {
    await detectAndSync(world, organisationId)
    await fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
    await world.db.execute(sql`UPDATE programs SET enabled = false`)
    await detectAndSync(world, organisationId)
    const before = writesTo(world.connectWise).length
    const ctx = await contextOf(world.worker, organisationId, program, 'Ann')
    const { plan } = await previewAgreement({ ctx, input: { agreementId } })
    expect(writesTo(world.connectWise)).toHaveLength(before)
    await sync(world, organisationId)
    const { item } = await lastRun(world, organisationId)
    expect(item.months.map((each) => each.subscriptions.map(({ applied: _, ...rest }) => rest))).toEqual(
      plan.periods.map((each) => each.subscriptions),
    )
  })
})

const april1 = '2026-04' as Parameters<typeof putMapping>[4]['firstPeriod'] & string

describe('a refused write', () => {
  it('stops its subscription and no other, passes the message on, and the next sync mends it [F8][F11][F12]', async () => {
    world.connectWise.faults.add([{ kind: '403', method: 'POST', path: '*/additions', nth: 1 }])
    await detectAndSync(world, organisationId)
    const { run, item } = await lastRun(world, organisationId)
    expect(run.status).toBe('Error')
    expect(item.changesTotal).toBeGreaterThan(writesTo(world.connectWise).length)
    expect(item.changesDone).toBe(item.changesTotal)
    const failed = item.months[0]?.subscriptions.filter((each) => each.status === 'Error') ?? []
    expect(failed).toHaveLength(1)
    expect(failed[0]?.findings.at(-1)?.message).toMatch(/^ConnectWise returned an error response: /)
    expect(failed[0]?.applied.map((each) => each.outcome)).toEqual(
      ['refused', 'not-sent', 'not-sent'].slice(0, failed[0]?.applied.length),
    )
    expect(Object.keys((await good()) as object)).toEqual(['sub-2', 'sub-3'])

    await sync(world, organisationId)
    expect(await additionsOf(world)).toEqual(april)
    expect(Object.keys((await good()) as object)).toEqual(['sub-1', 'sub-2', 'sub-3'])
  })

  it('holds the subscription’s later months back, also in a job that goes on where another one stopped [F12][H7]', async () => {
    await putMapping(world.db, organisationId, program, tenantId, {
      companyId: 20,
      companyName: 'Coho Winery',
      agreementId,
      agreementName: 'Microsoft CSP',
      syncEnabled: true,
      firstPeriod: april1,
    })
    await fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
    world.connectWise.faults.add([{ kind: '403', method: 'POST', path: '*/additions', nth: 1 }])
    await enqueueDetect(world.db, { organisationId, program })
    // As if every drain began with its time already up.
    let early = 0
    const hurried = { ...world.worker, now: () => new Date(Date.now() + (early += 10_000)) }
    let calls = 0
    for (let left = 1; left > 0 && calls < 40; calls += 1)
      left = (await drain(hurried, { budgetMs: 0 })).jobsLeft
    expect(calls).toBeGreaterThan(5)
    expect(await statuses()).toMatchObject([
      ['2026-04', { 'sub-1': 'Error' }],
      ['2026-05', { 'sub-1': 'Error' }],
    ])
    expect((await additionsOf(world)).filter((each) => each.includes('sub-1'))).toEqual([])
  })

  it('of a catalog item stops only what needs the item [D8]', async () => {
    world.connectWise.faults.add([{ kind: '403', method: 'POST', path: '*/procurement/catalog' }])
    await detectAndSync(world, organisationId)
    expect(await statuses()).toEqual([
      ['2026-04', { 'sub-1': 'Success', 'sub-2': 'Error', 'sub-3': 'Warning' }],
    ])
    const [, second] = (await lastRun(world, organisationId)).item.months[0]?.subscriptions ?? []
    expect(second?.findings.at(-1)?.message).toMatch(/^Failed to get or create the product in ConnectWise: /)
    expect(second?.applied.map((each) => each.outcome)).toEqual(['not-sent'])
    expect(await additionsOf(world)).toEqual(april.filter((each) => !each.startsWith('B ')))
  })

  it('is retried after 429 and never doubled [docs/applying.md]', async () => {
    world.connectWise.faults.add([
      { kind: '429', method: 'POST', path: '*/additions', nth: 2, retryAfter: 1 },
    ])
    await detectAndSync(world, organisationId)
    expect(await additionsOf(world)).toEqual(april)
    expect((await lastRun(world, organisationId)).run.status).toBe(aprilStatus)
  })
})

describe('a write without an answer', () => {
  const unanswered = [
    { kind: 'cut-after', what: 'took place' },
    { kind: 'cut-before', what: 'did not take place' },
    { kind: 'truncated-json', what: 'took place and was answered unreadably' },
    { kind: '500', what: 'was answered 500' },
    { kind: 'timeout', ms: 900, effectAfterMs: 600, what: 'took place after the time-out' },
  ] as const
  const targets = [
    ['the catalog item', { method: 'POST', path: '*/procurement/catalog', nth: 1 }],
    ['the second addition', { method: 'POST', path: '*/additions', nth: 2 }],
    ['the first change of an addition', { method: 'PATCH', path: '*/additions/*', nth: 1 }],
  ] as const
  for (const { what, ...fault } of unanswered)
    for (const [name, target] of targets)
      it(`that ${what} ends in the same additions: ${name} [docs/applying.md]`, async () => {
        world.worker = workerOf(world.db, world.addresses, fault.kind === 'timeout' ? brief : settlesSoon)
        world.connectWise.faults.add([{ ...fault, ...target }])
        await detectAndSync(world, organisationId)
        expect(world.connectWise.faults.list()[0]?.struck).toBe(1)
        expect(await additionsOf(world)).toEqual(april)
        const { run, item } = await lastRun(world, organisationId)
        expect(run.status).toBe(aprilStatus)
        const outcomes = item.months.flatMap((each) => [
          ...each.appliedCatalogItems,
          ...each.subscriptions.flatMap((subscription) => subscription.applied),
        ])
        expect(outcomes.filter((each) => each.outcome !== 'done' && each.outcome !== 'kept')).toEqual([])
      })

  it('for good is an Error that is looked at again a quarter of an hour later [docs/applying.md]', async () => {
    world.worker = workerOf(world.db, world.addresses, settlesSoon)
    world.connectWise.faults.add([{ kind: 'cut-before', method: 'POST', path: '*/additions' }])
    await detectAndSync(world, organisationId)
    expect((await lastRun(world, organisationId)).run.status).toBe('Error')
    world.connectWise.faults.clear()
    const first = (await lastRun(world, organisationId)).run.id
    await detectAndSync(world, organisationId)
    expect((await lastRun(world, organisationId)).run.id).toBe(first)

    world.worker = { ...world.worker, now: () => new Date(Date.now() + 16 * 60_000) }
    await detectAndSync(world, organisationId)
    expect((await lastRun(world, organisationId)).run.status).toBe(aprilStatus)
    expect(await additionsOf(world)).toEqual(april)
  })
})

describe('stopping a sync', () => {
  it('ends it after the write in flight, says so, and the next sync carries on [F16]', async () => {
    world.connectWise.faults.add([{ kind: 'latency', method: 'POST', path: '*/additions', ms: 300 }])
    const syncing = detectAndSync(world, organisationId)
    await expect
      .poll(() => world.connectWise.faults.list()[0]?.struck, { timeout: 5000, interval: 20 })
      .toBe(2)
    const { run, item } = await lastRun(world, organisationId)
    // The first of its writes is behind it, perhaps the second (G5).
    expect(item.changesTotal).toBe(9)
    expect([1, 2, 3]).toContain(item.changesDone)
    await requestStop(world.db, organisationId, run.id, 'Ann')
    await syncing
    const stopped = await lastRun(world, organisationId)
    expect(stopped.run).toMatchObject({ state: 'finished', status: 'Warning', note: 'Stopped by Ann' })
    expect(writesTo(world.connectWise).length).toBeLessThanOrEqual(3)
    world.connectWise.faults.clear()
    await sync(world, organisationId)
    expect(await additionsOf(world)).toEqual(april)
  })
})

describe('two organisations', () => {
  it('with the same agreement id in two ConnectWise sites stay apart [I2]', async () => {
    const other = await startWorld()
    try {
      const second = await createMapped(world.db)
      const clients = async (id: string) =>
        clientsOf(id === organisationId ? world.addresses : other.addresses)
      world.worker = { ...world.worker, clients }
      await detectAndSync(world, organisationId)
      expect(writesTo(other.connectWise)).toEqual([])
      expect(await periodStatesOf(world.db, second, program, [tenantId])).toEqual([])
      await detectAndSync(world, second)
      expect(await additionsOf(other)).toEqual(april)
      expect(await additionsOf(world)).toEqual(april)
      expect((await lastRun(world, second)).run.status).toBe(aprilStatus)
    } finally {
      await other.close()
    }
  })
})

describe('a system out of reach', () => {
  for (const [what, path] of [
    ['the additions', '*/agreements/30/additions'],
    ['the agreement', '*/finance/agreements'],
    ['the catalog', '*/procurement/catalog'],
  ] as const)
    it(`whose answer of ${what} cannot be read is looked at again a quarter of an hour later [F11][docs/applying.md]`, async () => {
      world.connectWise.faults.add([{ kind: 'truncated-json', method: 'GET', path, nth: 1 }])
      await detectAndSync(world, organisationId)
      expect(world.connectWise.faults.list()[0]?.struck).toBe(1)
      expect((await lastRun(world, organisationId)).item).toMatchObject({ status: 'Error' })
      world.worker = { ...world.worker, now: () => new Date(Date.now() + 16 * 60_000) }
      await detectAndSync(world, organisationId)
      expect((await lastRun(world, organisationId)).run.status).toBe(aprilStatus)
      expect(await additionsOf(world)).toEqual(april)
    })

  it('is an Error of the agreement that says what to do, and writes nothing [F11]', async () => {
    world.worker = {
      ...world.worker,
      clients: async () => ({
        ...clientsOf(world.addresses),
        connectWise: clientsOf({ ...world.addresses, connectWise: 'http://127.0.0.1:1' }).connectWise,
      }),
    }
    await detectAndSync(world, organisationId)
    const { item } = await lastRun(world, organisationId)
    expect(item).toMatchObject({ status: 'Error', message: 'ConnectWise did not answer.' })
    expect(item.remedy).not.toBe('')
    expect((await drain(world.worker, { budgetMs: 100 })).jobsLeft).toBe(0)
  })
})
