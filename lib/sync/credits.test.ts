/** Credits against both stand-ins: an invoice that holds them is picked, and ConnectWise's own invoice has them to the cent (F1). */
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditEvents } from '#db/people/tables.ts'
import { openLinesOf } from '#db/prism/line-claims.ts'
import { programSettings, putProgramSettings } from '#db/prism/programs.ts'
import type { Money } from '#lib/billing/types.ts'
import { setLineOwner } from '#lib/intake/line-owner.ts'
import { contextOf } from '#lib/jobs/context.ts'
import { drain } from '#lib/jobs/drain.ts'
import { requestUndo } from '#lib/jobs/requests.ts'
import { licences, start } from '#standin/prism/testing.ts'
import { previewAgreement } from './run.ts'
import {
  type Adjusted,
  adjust,
  creditOfMarch,
  exclude,
  invoiceInConnectWise,
  pick,
  statesOf,
} from './testing/adjusting.ts'
import { letTimePass, syncKilled } from './testing/killing.ts'
import { clientsOf, settlesSoon, workerOf } from './testing/processes.ts'
import {
  additionsOf,
  agreementId,
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

/** 5 x 12.00 and 3 x 9.00: 87.00, and 72.05 at cost. */
const subscriptions = [
  { ...licences(start(5)), subscriptionId: 'sub-1' },
  { ...licences(start(3, '2025-06-01', 'b')), subscriptionId: 'sub-2' },
]
const usage = { price: '87.00', cost: '72.05' }
/** With 41.20 and 33.00 given back. */
const invoiceOfPrism = { price: '45.80', cost: '39.05' }
const seats = ['A sub-1 2026-04-01 open 5 10 12', 'B sub-2 2026-04-01 open 3 7.35 9']
const credit = 'A credit-2026-04 2026-04-01 2026-04-30 -1 33 41.2'
/** A catalog item and three additions. */
const writes = 4

let world: World
let organisationId: string
beforeEach(async () => {
  world = await startWorld({ subscriptions })
  organisationId = await createMapped(world.db)
})
afterEach(() => world.close())

const detected = () => detectAndSync(world, organisationId)
const credits = async (): Promise<string[]> =>
  (await additionsOf(world)).filter((each) => each.includes('credit-'))
const creditRow = async () => {
  const { item } = await lastRun(world, organisationId)
  return item.months.at(-1)?.subscriptions.find(({ kind }) => kind === 'credit')
}

/** As if what was written had been written long ago: what ConnectWise then answers is believed. */
const letWritesAge = () =>
  world.db.execute(sql`UPDATE changes SET settled_at = settled_at - interval '1 day'`)

const pickedAndSynced = async (): Promise<void> => {
  await adjust(world, [creditOfMarch])
  await detected()
  await pick(world, organisationId)
  await detected()
}

describe('an invoice with a credit [F1]', () => {
  it('is held: nothing of it is written until a person picks it, or excludes it', async () => {
    await adjust(world, [creditOfMarch])
    await detected()
    expect(await statesOf(world, organisationId)).toEqual(['90001 held negative-line'])
    expect(writesTo(world.connectWise)).toEqual([])
    await exclude(world, organisationId)
    await detected()
    expect(writesTo(world.connectWise)).toEqual([])
  })

  it('once picked, is carried, and ConnectWise’s own invoice is PRISM’s to the cent', async () => {
    await pickedAndSynced()
    expect(await additionsOf(world)).toEqual([credit, ...seats])
    const { run, item } = await lastRun(world, organisationId)
    expect(run.status).toBe('Success')
    expect(item.months[0]?.totals).toMatchObject({
      invoiced: { price: '45.8', cost: '39.05' },
      billed: { price: '45.8', cost: '39.05' },
      unexplained: { price: '0', cost: '0' },
    })
    expect(await creditRow()).toMatchObject({ status: 'Success', applied: [{ outcome: 'done' }] })
    const { additions } = await clientsOf(world.addresses).connectWise.additions(agreementId)
    expect(additions.map(({ invoiceDescription }) => invoiceDescription)).toContain(
      'Credit: Product a, 1 Mar 2026 to 20 Mar 2026, subscription sub-1. Seats given back',
    )
    expect(await invoiceInConnectWise(world)).toEqual(invoiceOfPrism)
  })

  it('picked twice, and synced again, is written once', async () => {
    await pickedAndSynced()
    await pick(world, organisationId).catch(() => undefined)
    await detected()
    await sync(world, organisationId)
    expect(writesTo(world.connectWise)).toHaveLength(writes)
    expect(await invoiceInConnectWise(world)).toEqual(invoiceOfPrism)
    expect(await invoiceInConnectWise(world), 'and billed in no later month').toEqual(usage)
  })

  it('is previewed as it is written', async () => {
    await adjust(world, [creditOfMarch])
    await detected()
    await pick(world, organisationId)
    const ctx = await contextOf(world.worker, organisationId, program, 'Ann')
    const { plan } = await previewAgreement({ ctx, input: { agreementId } })
    expect(writesTo(world.connectWise)).toEqual([])
    await detected()
    const row = plan.periods[0]?.subscriptions.find(({ kind }) => kind === 'credit')
    const { applied, ...written } = (await creditRow()) ?? { applied: [] }
    expect(applied).toHaveLength(1)
    expect(written).toEqual(row)
  })

  it('is set right where somebody edits or deletes it before ConnectWise invoices the month', async () => {
    await pickedAndSynced()
    const { connectWise } = clientsOf(world.addresses)
    const its = async () =>
      (await connectWise.additions(agreementId)).additions.find(({ serialNumber }) =>
        serialNumber.startsWith('credit-'),
      )?.id ?? 0
    await connectWise.patchAddition(agreementId, await its(), { unitPrice: '7' as Money, serialNumber: '' })
    await sync(world, organisationId)
    expect(await credits(), 'its number is not known to it any more, and it is known by the ledger').toEqual([
      credit,
    ])
    await letWritesAge()
    await connectWise.deleteAddition(agreementId, await its())
    await sync(world, organisationId)
    expect(await credits()).toEqual([credit])
    expect((await creditRow())?.findings).toMatchObject([{ code: 'credit-changed', severity: 'note' }])
    expect(await invoiceInConnectWise(world)).toEqual(invoiceOfPrism)
  })

  it('issued again without it and picked, takes it back; with another one, too', async () => {
    await pickedAndSynced()
    const first = await (await fetch(`${world.addresses.prism}/control/invoices/90001/csv`)).text()
    const without = first
      .split('\n')
      .filter((line) => !line.includes('Seats given back'))
      .join('\n')
    await fetch(`${world.addresses.prism}/control/invoices/90001/csv`, { method: 'PUT', body: without })
    await detected()
    const again = (await statesOf(world, organisationId))
      .find((each) => each.includes(' held'))
      ?.split(' ')[0]
    await pick(world, organisationId, again)
    await detected()
    expect(await credits()).toEqual(['A credit-2026-04 2026-04-01 2026-04-30 -1 0 0'])
    expect(await invoiceInConnectWise(world)).toEqual(usage)
  })

  it('that came after ConnectWise had invoiced the month is on its next invoice, once', async () => {
    await detected()
    expect(await invoiceInConnectWise(world)).toEqual(usage)
    await adjust(world, [creditOfMarch])
    await detected()
    const again = (await statesOf(world, organisationId))
      .find((each) => each.includes(' held'))
      ?.split(' ')[0]
    await pick(world, organisationId, again)
    await detected()
    expect(await credits()).toEqual([credit])
    expect(await invoiceInConnectWise(world)).toEqual({ price: '45.80', cost: '39.05' })
    expect(await invoiceInConnectWise(world)).toEqual(usage)
  })

  it('stays billed where it was deleted after ConnectWise had invoiced it', async () => {
    await pickedAndSynced()
    expect(await invoiceInConnectWise(world)).toEqual(invoiceOfPrism)
    const { connectWise } = clientsOf(world.addresses)
    const { additions } = await connectWise.additions(agreementId)
    const its = additions.find(({ serialNumber }) => serialNumber.startsWith('credit-'))
    await letWritesAge()
    await connectWise.deleteAddition(agreementId, its?.id ?? 0)
    await sync(world, organisationId)
    expect(await credits()).toEqual([])
    expect(await invoiceInConnectWise(world)).toEqual(usage)
  })

  it('is undone with its subscription, and its month is not planned again [J2]', async () => {
    await pickedAndSynced()
    const { run } = await lastRun(world, organisationId)
    await requestUndo(world.db, { organisationId, runId: run.id, trigger: 'hand', actor: 'Ann' })
    await drain(world.worker, { budgetMs: 30_000 })
    expect(await additionsOf(world)).toEqual([])
    await sync(world, organisationId)
    expect(await additionsOf(world)).toEqual([])
    expect((await creditRow())?.findings).toMatchObject([{ code: 'month-parked' }])
  })

  it('is undone after ConnectWise has invoiced it by an adjustment of the next month [J2]', async () => {
    await pickedAndSynced()
    expect(await invoiceInConnectWise(world)).toEqual(invoiceOfPrism)
    const { run } = await lastRun(world, organisationId)
    await requestUndo(world.db, { organisationId, runId: run.id, trigger: 'hand', actor: 'Ann' })
    await drain(world.worker, { budgetMs: 30_000 })
    const all = await additionsOf(world)
    expect(all.filter((each) => each.includes('adjust-2026-05'))).toEqual([
      'A adjust-2026-05 2026-05-01 2026-05-31 -1 17 18.8',
      'B adjust-2026-05 2026-05-01 2026-05-31 -1 22.05 27',
    ])
  })

  it('whose write is refused holds its subscription’s month open, and is mended by the next sync', async () => {
    await adjust(world, [creditOfMarch])
    await detected()
    await pick(world, organisationId)
    world.connectWise.faults.add([{ kind: '403', method: 'POST', path: '*/additions', nth: 3 }])
    await detected()
    expect(await additionsOf(world)).toEqual(seats)
    expect(await creditRow()).toMatchObject({ status: 'Error' })
    await sync(world, organisationId)
    expect(await additionsOf(world)).toEqual([credit, ...seats])
    expect(await invoiceInConnectWise(world)).toEqual(invoiceOfPrism)
  })

  it('that was refused is still carried once the next month has come', async () => {
    await adjust(world, [creditOfMarch])
    await detected()
    await pick(world, organisationId)
    world.connectWise.faults.add([{ kind: '403', method: 'POST', path: '*/additions', nth: 3 }])
    await detected()
    await fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST' })
    await detected()
    expect(await additionsOf(world)).toEqual([credit, ...seats])
  })

  it('of a subscription that is on no other line is carried, and what it has ends as where the line were not there', async () => {
    await detected()
    await fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST' })
    const url = `${world.addresses.prism}/control/invoices/90002/csv`
    const file = await (await fetch(url)).text()
    await fetch(url, {
      method: 'PUT',
      body: file
        .split('\n')
        .filter((line) => !line.includes(',sub-2,'))
        .join('\n'),
    })
    await adjust(world, [{ ...creditOfMarch, subscriptionId: 'sub-2' }], { invoiceId: '90002' })
    const settings = await programSettings(world.db, organisationId, program)
    if (settings === null) throw new Error('the program is set up')
    const guards = { endedShare: null, totalShare: null }
    await putProgramSettings(world.db, organisationId, program, { ...settings, guards })
    await detected()
    await pick(world, organisationId, '90002')
    await detected()
    expect(await additionsOf(world)).toEqual([
      'A sub-1 2026-04-01 open 5 10 12',
      'B credit-2026-05 2026-05-01 2026-05-31 -1 33 41.2',
      'B sub-2 2026-04-01 2026-04-30 3 7.35 9',
    ])
  })
})

describe('a line without a subscription [F1]', () => {
  /** PRISM names a customer that nobody knows, or the tenant's own. */
  const goodwill = (domain: string): Adjusted => ({
    customerName: 'Coho',
    domain,
    offerName: 'Goodwill',
    first: '2026-04-01',
    last: '2026-04-30',
    subTotal: '-8',
    subTotalRrp: '-10',
  })
  const open = async () =>
    (await openLinesOf(world.db, organisationId, program, ['90001', '90002'])).map(
      ({ invoiceId, is, price, customers }) => `${invoiceId} ${is} ${price} ${customers.join()}`,
    )
  const give = async (tenant: string | null, invoiceId = '90001') => {
    const [line] = await openLinesOf(world.db, organisationId, program, [invoiceId])
    await setLineOwner({
      db: world.db,
      organisationId,
      program,
      invoiceId,
      subscriptionId: line?.subscriptionId ?? '',
      tenantId: tenant,
      actor: 'Ann',
      now: new Date(),
    })
  }
  const held = async (domain: string): Promise<void> => {
    await adjust(world, [goodwill(domain)])
    await detected()
    expect((await statesOf(world, organisationId))[0]).toContain('90001 held')
    await pick(world, organisationId)
  }
  const carried = 'PRISM-ADJUSTMENT credit-2026-04 2026-04-01 2026-04-30 -1 8 10'

  it.each(['elsewhere.example', 'cohowinery.example'])(
    'of %s is nobody’s until a person gives it to a customer; then it is carried there',
    async (domain) => {
      await held(domain)
      await detected()
      expect(await additionsOf(world)).toEqual(seats)
      expect(await open()).toEqual(['90001 unclaimed -10 '])
      await give(tenantId)
      expect(await open()).toEqual(['90001 given -10 Coho Winery'])
      await detected()
      expect(await additionsOf(world)).toEqual([...seats, carried])
      await sync(world, organisationId)
      expect(await invoiceInConnectWise(world)).toEqual({ price: '77.00', cost: '64.05' })
      expect(await world.db.select().from(auditEvents)).toContainEqual(
        expect.objectContaining({ actor: 'Ann', action: 'line-owner' }),
      )
    },
  )

  it('is given on later invoices, too; said to be nobody’s, it is taken back', async () => {
    await held('elsewhere.example')
    await give(tenantId)
    await detected()
    await fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST' })
    await adjust(world, [goodwill('elsewhere.example')], { invoiceId: '90002' })
    await detected()
    await pick(world, organisationId, '90002')
    await detected()
    const of = async () => (await additionsOf(world)).filter((each) => each.includes('credit-'))
    expect(await of()).toEqual([carried, carried.replaceAll('2026-04', '2026-05').replace('-30 ', '-31 ')])
    await give(null, '90002')
    expect(await open()).toEqual(['90001 nobodys -10 ', '90002 nobodys -10 '])
    await detected()
    expect(await of()).toEqual([
      'PRISM-ADJUSTMENT credit-2026-04 2026-04-01 2026-04-30 -1 0 0',
      'PRISM-ADJUSTMENT credit-2026-05 2026-05-01 2026-05-31 -1 0 0',
    ])
  })

  it('waits where ConnectWise has invoiced the month when it is given', async () => {
    await held('elsewhere.example')
    await detected()
    expect(await invoiceInConnectWise(world)).toEqual(usage)
    await give(tenantId)
    await detected()
    expect(await additionsOf(world)).toEqual(seats)
    expect(await creditRow()).toMatchObject({ waits: { question: 'late' }, status: 'Warning' })
  })
})

describe('a sync that is cut short at a credit [F1]', () => {
  it.each(['before', 'after'] as const)('killed %s its request goes on to the same end', async (side) => {
    await adjust(world, [creditOfMarch])
    await detected()
    await pick(world, organisationId)
    const own = { world, organisationId }
    expect(await syncKilled(own, { write: writes, side })).toBe('SIGKILL')
    await letTimePass(own)
    await drain(world.worker, { budgetMs: 20_000 })
    expect(await additionsOf(world)).toEqual([credit, ...seats])
    expect(writesTo(world.connectWise)).toHaveLength(writes)
    expect(await invoiceInConnectWise(world)).toEqual(invoiceOfPrism)
  })

  it.each(['cut-before', 'cut-after'] as const)('whose answer was lost (%s) writes it once', async (kind) => {
    await adjust(world, [creditOfMarch])
    await detected()
    await pick(world, organisationId)
    world.worker = workerOf(world.db, world.addresses, settlesSoon)
    world.connectWise.faults.add([{ kind, method: 'POST', path: '*/additions', nth: 3 }])
    await detected()
    await drain(world.worker, { budgetMs: 20_000 })
    expect(await additionsOf(world)).toEqual([credit, ...seats])
    expect(await invoiceInConnectWise(world)).toEqual(invoiceOfPrism)
  })
})
