/**
 * A customer's first sync where ConnectWise has invoiced the month already (docs/billing-rules.md,
 * "First sync"): what was billed by hand, through a bundle or on another agreement is not billed again.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { putMapping } from '#db/mappings/mappings.ts'
import { periodStatesOf } from '#db/mappings/period-states.ts'
import { subscriptionStartsOf } from '#db/mappings/subscription-starts.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import type { Day, FirstSync, Money, Period, Quantity } from '#lib/billing/types.ts'
import type { AdditionCreation } from '#lib/connectwise/values.ts'
import { drain } from '#lib/jobs/drain.ts'
import { programs } from '#lib/programs/registry.ts'
import { startAtPeriod } from '#lib/setup/positions.ts'
import { chooseBegin } from './begin.ts'
import { letTimePass, syncKilled } from './testing/killing.ts'
import { clientsOf } from './testing/processes.ts'
import {
  additionsOf,
  agreementId,
  april,
  createMapped,
  detectAndSync,
  lastRun,
  program,
  secondAgreementId,
  startWorld,
  sync,
  tenantId,
  type World,
  writesTo,
} from './testing/world.ts'

let world: World
let organisationId: string
const existingAddition = 900

/** April is invoiced by ConnectWise before anything is synced; by what, nobody here knows. */
beforeEach(async () => {
  world = await startWorld()
  organisationId = await createMapped(world.db, 'next')
  await invoiceMonth()
})
afterEach(() => world.close())

const invoiceMonth = () =>
  fetch(`${world.addresses.connectWise}/control/agreements/${agreementId}/invoice`, { method: 'POST' })
const nextMonth = () =>
  fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
const nothingThere = () =>
  clientsOf(world.addresses).connectWise.deleteAddition(agreementId, existingAddition)
const writes = (): string[] => writesTo(world.connectWise).filter((each) => !each.includes('/control/'))
const begins = (begin: FirstSync | null) =>
  chooseBegin({
    ctx: {
      db: world.db,
      organisationId,
      program,
      actor: 'Ann',
      byDefault: 'next',
      alone: (_, work) => work(),
    },
    input: { tenantId, begin },
  })
const rows = async () => {
  const { item } = await lastRun(world, organisationId)
  return item.months.flatMap(({ period, subscriptions }) =>
    subscriptions.map((row) => [period, row.subscriptionId, row.status, row.findings[0]?.code ?? null]),
  )
}
const starts = () => subscriptionStartsOf(world.db, organisationId, program, agreementId)

/** By hand, on the company's other agreement. */
const bundle: Omit<AdditionCreation, 'catalogItemId'> = {
  sku: 'C',
  serialNumber: '',
  quantity: '4' as Quantity,
  lessIncluded: '0' as Quantity,
  unitCost: '20' as Money,
  unitPrice: '25' as Money,
  effectiveDate: '2026-01-01' as Day,
  cancelledDate: null,
  billCustomer: 'Billable',
  taxable: true,
  invoiceDescription: '',
  invoiceGrouping: null,
}
const fromMay = [
  'A sub-1 2026-05-01 open 8 10 12',
  'B sub-2 2026-05-01 open 3 7.35 9',
  'C sub-3 2026-05-01 open 2 20 25',
]

describe('a first sync after ConnectWise has invoiced the month', () => {
  it('writes nothing of a customer of which nothing is there, and asks [E6]', async () => {
    await nothingThere()
    const before = writes()
    await detectAndSync(world, organisationId)
    expect(writes()).toEqual(before)
    expect(await rows()).toEqual(
      ['sub-1', 'sub-2', 'sub-3'].map((id) => ['2026-04', id, 'Warning', 'first-sync-waits']),
    )
    expect(await starts()).toEqual({})
    await sync(world, organisationId)
    expect(writes()).toEqual(before)
    expect(await rows()).toHaveLength(3)
  })

  it('begins with the next month where that was answered, and is not asked again [E6]', async () => {
    await nothingThere()
    await detectAndSync(world, organisationId)
    await begins('next')
    await sync(world, organisationId)
    expect(await additionsOf(world)).toEqual(fromMay)
    expect(await rows()).toEqual(
      ['sub-1', 'sub-2', 'sub-3'].map((id) => ['2026-04', id, 'Warning', 'begins-later']),
    )
    expect(await starts()).toEqual({ 'sub-1': '2026-05', 'sub-2': '2026-05', 'sub-3': '2026-05' })
    const after = writes()
    await sync(world, organisationId)
    expect(writes()).toEqual(after)

    await invoiceMonth()
    await nextMonth()
    await detectAndSync(world, organisationId)
    expect((await lastRun(world, organisationId)).item.months.map(({ period }) => period)).toEqual([
      '2026-05',
    ])
    expect((await additionsOf(world)).some((each) => each.includes('2026-04'))).toBe(false)
  })

  it('bills the month as catch-up where that was answered [E6]', async () => {
    await nothingThere()
    await begins('catch-up')
    await detectAndSync(world, organisationId)
    const ofSub3 = [
      'C sub-3 2026-04-01 2026-04-30 4 20 25',
      'C sub-3 2026-04-21 2026-04-30 -2 20 25',
      'C sub-3 2026-05-01 open 2 20 25',
    ]
    expect(await additionsOf(world)).toEqual([...april.filter((each) => !each.startsWith('C')), ...ofSub3])
  })

  it('writes nothing while it is billed elsewhere, names it each month, and begins when that is taken back [E6]', async () => {
    await nothingThere()
    await begins('elsewhere')
    const before = writes()
    await detectAndSync(world, organisationId)
    await invoiceMonth()
    await nextMonth()
    await detectAndSync(world, organisationId)
    expect(writes()).toEqual(before)
    expect(await rows()).toEqual(
      ['sub-1', 'sub-2', 'sub-3'].map((id) => ['2026-05', id, 'No Change', 'billed-elsewhere']),
    )

    await begins('next')
    expect(await starts()).toEqual({ 'sub-1': 'next', 'sub-2': 'next', 'sub-3': 'next' })
    await sync(world, organisationId)
    expect(await additionsOf(world)).toEqual([
      'A sub-1 2026-06-01 open 6 10 12',
      'B sub-2 2026-06-01 open 3 7.35 9',
      'C sub-3 2026-06-01 open 2 20 25',
    ])
    const states = await periodStatesOf(world.db, organisationId, program, [tenantId])
    expect(states.map(({ subscriptionId, period, state }) => [subscriptionId, period, state])).toEqual(
      ['sub-1', 'sub-2', 'sub-3'].flatMap((id) => [
        [id, '2026-04', 'skipped'],
        [id, '2026-05', 'good'],
      ]),
    )
  })

  it('does not ask a customer of which something is there: the rest begins with the next month [E6]', async () => {
    await detectAndSync(world, organisationId)
    expect(await rows()).toEqual([
      ['2026-04', 'sub-1', 'Warning', 'begins-later'],
      ['2026-04', 'sub-2', 'Warning', 'begins-later'],
      ['2026-04', 'sub-3', 'Warning', 'price-replaced'],
    ])
    expect(await starts()).toEqual({ 'sub-1': '2026-05', 'sub-2': '2026-05' })
    const billed = await additionsOf(world)
    expect(billed.filter((each) => !each.startsWith('C'))).toEqual(fromMay.slice(0, 2))
  })

  it('holds a subscription to how its customer began that failed in the first sync [E6]', async () => {
    world.connectWise.faults.add([{ kind: '403', method: 'POST', path: '*/catalog', nth: 1 }])
    await detectAndSync(world, organisationId)
    expect((await rows())[1]?.slice(0, 3)).toEqual(['2026-04', 'sub-2', 'Error'])
    await sync(world, organisationId)
    expect((await additionsOf(world)).filter((each) => each.startsWith('B'))).toEqual([fromMay[1]])
  })

  it('lets catch-up be chosen afterwards: what was left out is billed, and only that [E6]', async () => {
    await nothingThere()
    await begins('next')
    await detectAndSync(world, organisationId)
    await begins('catch-up')
    expect(await starts()).toEqual({})
    await sync(world, organisationId)
    expect(await additionsOf(world)).toEqual(
      expect.arrayContaining([...fromMay, 'B sub-2 2026-04-12 2026-04-30 3 7.35 9']),
    )
    const billed = (await additionsOf(world)).filter((each) => !each.includes('2026-05-01'))
    expect(billed.every((each) => each.includes('2026-04-30'))).toBe(true)
  })

  it('forgets where it began when the customer is reset to another month [F12]', async () => {
    await detectAndSync(world, organisationId)
    await startAtPeriod({
      ctx: { db: world.db, organisationId, program, actor: 'Ann', alone: (_, work) => work() },
      input: { tenantId, first: '2026-04' as Period },
    })
    expect(await starts()).toEqual({})
  })
})

describe('a first sync whose process is killed', () => {
  it('between remembering where subscriptions begin and writing them ends in the same [E6]', async () => {
    await nothingThere()
    await begins('next')
    const before = writes()
    expect(await syncKilled({ world, organisationId }, { write: 1, side: 'before' })).toBe('SIGKILL')
    expect(writes()).toEqual(before)
    expect(await starts()).toEqual({ 'sub-1': '2026-05', 'sub-2': '2026-05', 'sub-3': '2026-05' })
    await letTimePass({ world })
    await drain(world.worker, { budgetMs: 20_000 })
    expect(await additionsOf(world)).toEqual(fromMay)
    expect(await rows()).toEqual(
      ['sub-1', 'sub-2', 'sub-3'].map((id) => ['2026-04', id, 'Warning', 'begins-later']),
    )
  })

  it('bills the month that it began with, where ConnectWise has invoiced that in between [E6]', async () => {
    await nothingThere()
    await begins('next')
    await syncKilled({ world, organisationId }, { write: 1, side: 'before' })
    await invoiceMonth()
    await letTimePass({ world })
    await drain(world.worker, { budgetMs: 20_000 })
    await nextMonth()
    await detectAndSync(world, organisationId)
    expect(await additionsOf(world)).toEqual(
      expect.arrayContaining(['B sub-2 2026-05-01 2026-05-31 3 7.35 9', 'B sub-2 2026-06-01 open 3 7.35 9']),
    )
    expect((await additionsOf(world)).filter((each) => each.startsWith('B'))).toHaveLength(2)
  })
})

describe('a first sync while another agreement of the company bills the same', () => {
  it('asks before it writes, and bills here all the same or there, as answered [E6]', async () => {
    await world.close()
    world = await startWorld({ withSecond: true })
    organisationId = await createMapped(world.db, 'next')
    await nothingThere()
    const { connectWise } = clientsOf(world.addresses)
    const [item] = (await connectWise.catalogByVendorSku(['C'])).items
    await connectWise.createAddition(secondAgreementId, {
      ...bundle,
      catalogItemId: item?.id ?? 0,
    })
    const before = writes()
    await detectAndSync(world, organisationId)
    expect(await rows()).toEqual([
      ['2026-04', 'sub-1', 'Success', null],
      ['2026-04', 'sub-2', 'Success', null],
      ['2026-04', 'sub-3', 'Warning', 'also-billed'],
    ])
    expect((await additionsOf(world)).some((each) => each.startsWith('C'))).toBe(false)
    expect(writes().length).toBeGreaterThan(before.length)
    await sync(world, organisationId)
    expect((await additionsOf(world)).some((each) => each.startsWith('C'))).toBe(false)
    expect((await rows()).at(-1)).toEqual(['2026-04', 'sub-3', 'Warning', 'also-billed'])

    await begins('elsewhere')
    await sync(world, organisationId)
    expect((await additionsOf(world)).some((each) => each.startsWith('C'))).toBe(false)
    expect((await rows()).at(-1)).toEqual(['2026-04', 'sub-3', 'No Change', 'billed-elsewhere'])
    await begins('catch-up')
    await sync(world, organisationId)
    expect((await additionsOf(world)).filter((each) => each.startsWith('C'))).toHaveLength(3)
  })

  it.each([
    ['P1M:M C', ['Warning', 'also-billed']],
    ['P1Y:A C', ['Success', null]],
  ])(
    'knows PRISM Connect’s items there, and that those of a year bill something else: %s [E6]',
    async (named, told) => {
      await world.close()
      world = await startWorld({ withSecond: true })
      organisationId = await createMapped(world.db, 'next')
      await nothingThere()
      const { store } = world.connectWise
      store.put(
        'catalog',
        { ...store.get('catalog', 42), id: 77, identifier: named, vendorSku: named },
        'clerk',
      )
      await clientsOf(world.addresses).connectWise.createAddition(secondAgreementId, {
        ...bundle,
        catalogItemId: 77,
      })
      await detectAndSync(world, organisationId)
      expect((await rows()).at(-1)).toEqual(['2026-04', 'sub-3', ...told])
    },
  )
})

describe('the program’s own way to begin', () => {
  it('holds without a question where it bills the month as catch-up, as PRISM Connect did [E6]', async () => {
    await nothingThere()
    const options = { ...programs[0].defaults, enabled: true, firstSync: 'catch-up' } as const
    await putProgramSettings(world.db, organisationId, program, options)
    await detectAndSync(world, organisationId)
    expect((await additionsOf(world)).filter((each) => each.startsWith('B'))).toEqual([
      'B sub-2 2026-04-12 open 3 7.35 9',
    ])
  })

  it('is asked anew on another agreement [E6]', async () => {
    await nothingThere()
    await begins('next')
    await putMapping(world.db, organisationId, program, tenantId, {
      companyId: 10,
      agreementId: 31,
      syncEnabled: true,
    })
    await putMapping(world.db, organisationId, program, tenantId, {
      companyId: 10,
      agreementId,
      syncEnabled: true,
    })
    await detectAndSync(world, organisationId)
    expect((await rows()).every(([, , , code]) => code === 'first-sync-waits')).toBe(true)
  })
})
