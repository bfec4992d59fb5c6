/** Exact amounts against both stand-ins: ConnectWise's next invoice is PRISM's to the cent (J10; docs/billing-rules.md, "Exact amounts"). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { programSettings, putProgramSettings } from '#db/prism/programs.ts'
import type { Money, PeriodPlan } from '#lib/billing/types.ts'
import { contextOf } from '#lib/jobs/context.ts'
import { drain } from '#lib/jobs/drain.ts'
import { requestUndo } from '#lib/jobs/requests.ts'
import { licences, quantity, start } from '#standin/prism/testing.ts'
import { previewAgreement } from './run.ts'
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
  type World,
  writesTo,
} from './testing/world.ts'

/** In cents of price and cost, each line half up as PRISM rounds: 60.00 + 18.00, 17.10 and 73.33; 50.00 + 15.00, 13.97 and 58.67. */
const subscriptions = [
  { ...licences(start(5), quantity(8, '2026-04-16')), subscriptionId: 'sub-1' },
  { ...licences(start(3, '2026-04-12', 'b')), subscriptionId: 'sub-2' },
  { ...licences(start(4, '2026-04-09', 'c')), subscriptionId: 'sub-3' },
]
const invoiceOfPrism = { price: '168.43', cost: '137.64' }
/** ConnectWise prorates 25.00 to 18.33, 20.00 to 14.67 and 7.35 to 4.66. */
const withoutCorrection = { price: '168.42', cost: '137.66' }
const correction = 'B cents-2026-04 2026-04-01 2026-04-30 1 -0.02 0.01'
/** A catalog item, five additions, and the correction. */
const writes = 7

let world: World
let organisationId: string
beforeEach(async () => {
  world = await startWorld({ subscriptions })
  organisationId = await createMapped(world.db)
  await set(true)
})
afterEach(() => world.close())

const set = async (exactAmounts: boolean, enabled = true): Promise<void> => {
  const settings = await programSettings(world.db, organisationId, program)
  if (settings === null) throw new Error('the program is set up')
  await putProgramSettings(world.db, organisationId, program, { ...settings, exactAmounts, enabled })
}

/** What ConnectWise invoices now of April. */
const invoice = async (): Promise<typeof invoiceOfPrism> => {
  const answer = await fetch(`${world.addresses.connectWise}/control/agreements/${agreementId}/invoice`, {
    method: 'POST',
  })
  const { lines } = (await answer.json()) as { lines: { month: string; price: string; cost: string }[] }
  const sumOf = (side: 'price' | 'cost'): string =>
    lines.reduce((sum, line) => sum + Number(line[side]), 0).toFixed(2)
  return { price: sumOf('price'), cost: sumOf('cost') }
}

const corrections = async (): Promise<string[]> =>
  (await additionsOf(world)).filter((each) => each.includes('cents-'))

const detected = async (): Promise<void> => {
  await detectAndSync(world, organisationId)
}

describe('a sync with exact amounts [J10]', () => {
  it('writes the correction last, and ConnectWise invoices what PRISM did to the cent', async () => {
    await detected()
    expect(await corrections()).toEqual([correction])
    expect(writesTo(world.connectWise)).toHaveLength(writes)
    const { run, item } = await lastRun(world, organisationId)
    expect(run.status).toBe('Success')
    const [month] = item.months
    expect(month?.totals).toMatchObject({ invoiced: invoiceOfPrism, billed: invoiceOfPrism })
    const row = month?.subscriptions.at(-1)
    expect([row?.product.name, row?.status, row?.applied.map(({ outcome }) => outcome)]).toEqual([
      'Rounding of April 2026',
      'Success',
      ['done'],
    ])
    const { connectWise } = clientsOf(world.addresses)
    const described = (await connectWise.additions(agreementId)).additions.map(
      (each) => each.invoiceDescription,
    )
    expect(described).toContain("Rounding of April 2026, so that the invoice equals PRISM's")
    expect(await invoice()).toEqual(invoiceOfPrism)
  })

  it('writes nothing the second time, and sets right what somebody edited', async () => {
    await detected()
    await sync(world, organisationId)
    expect(writesTo(world.connectWise)).toHaveLength(writes)
    const { connectWise } = clientsOf(world.addresses)
    const { additions } = await connectWise.additions(agreementId)
    const its = additions.find(({ serialNumber }) => serialNumber === 'cents-2026-04')
    await connectWise.patchAddition(agreementId, its?.id ?? 0, { unitPrice: '7' as Money })
    await sync(world, organisationId)
    expect(await corrections()).toEqual([correction])
    expect(await invoice()).toEqual(invoiceOfPrism)
  })

  it('is previewed with its correction, under its name', async () => {
    await set(true, false)
    await detected()
    const ctx = await contextOf(world.worker, organisationId, program, 'Ann')
    const { plan } = await previewAgreement({ ctx, input: { agreementId } })
    expect(writesTo(world.connectWise)).toEqual([])
    const row = plan.periods[0]?.subscriptions.at(-1)
    expect([row?.product.name, row?.changes.length]).toEqual(['Rounding of April 2026', 1])
    expect(plan.periods[0]?.totals.billed).toEqual(invoiceOfPrism)
    await set(true)
    await sync(world, organisationId)
    const { item } = await lastRun(world, organisationId)
    // The correction's item is created by the same sync: its number is not known before.
    const changesIn = (months: readonly Pick<PeriodPlan, 'subscriptions'>[]): unknown =>
      JSON.parse(
        JSON.stringify(months[0]?.subscriptions.map(({ changes }) => changes)).replaceAll(
          '"catalogItemId":43',
          '"catalogItemId":null',
        ),
      )
    expect(changesIn(item.months)).toEqual(changesIn(plan.periods))
  })

  it('is undone with its correction [J2]', async () => {
    await detected()
    const { run } = await lastRun(world, organisationId)
    await requestUndo(world.db, { organisationId, runId: run.id, trigger: 'hand', actor: 'Ann' })
    await drain(world.worker, { budgetMs: 30_000 })
    expect(await additionsOf(world)).toEqual([])
    const undone = (await lastRun(world, organisationId)).item.months[0]?.subscriptions
    expect(undone?.map(({ product }) => product.name)).toContain('Rounding of April 2026')
    await sync(world, organisationId)
    expect(await additionsOf(world)).toEqual([])
  })

  it('without it differs by the rounding, which is named', async () => {
    await set(false)
    await detected()
    expect(await corrections()).toEqual([])
    const { item } = await lastRun(world, organisationId)
    expect(item.months[0]?.totals).toMatchObject({
      billed: withoutCorrection,
      rounding: { price: '0.01', cost: '-0.02' },
      unexplained: { price: '0', cost: '0' },
    })
    expect(await invoice()).toEqual(withoutCorrection)
  })

  it('switched off, sets it to 0.00 before ConnectWise has invoiced the month, and leaves it after', async () => {
    await detected()
    await set(false)
    await sync(world, organisationId)
    expect(await corrections()).toEqual(['B cents-2026-04 2026-04-01 2026-04-30 1 0 0'])
    await set(true)
    await sync(world, organisationId)
    expect(await corrections()).toEqual([correction])
    expect(await invoice()).toEqual(invoiceOfPrism)
    await set(false)
    await sync(world, organisationId)
    expect(await corrections()).toEqual([correction])
  })

  it('waits while a subscription of the month is refused, and is written by the next sync', async () => {
    world.connectWise.faults.add([{ kind: '403', method: 'POST', path: '*/additions', nth: 1 }])
    await detected()
    expect(await corrections()).toEqual([])
    await sync(world, organisationId)
    expect(await corrections()).toEqual([correction])
  })

  it('whose write of it is refused says so, keeps the month good, and is mended by the next sync', async () => {
    world.connectWise.faults.add([{ kind: '403', method: 'POST', path: '*/additions', nth: writes - 1 }])
    await detected()
    expect(await corrections()).toEqual([])
    const { item } = await lastRun(world, organisationId)
    expect(item.months[0]?.subscriptions.map(({ status }) => status)).toEqual([
      'Success',
      'Success',
      'Success',
      'Error',
    ])
    await sync(world, organisationId)
    expect(await corrections()).toEqual([correction])
    expect(await invoice()).toEqual(invoiceOfPrism)
  })
})

describe('a sync that is cut short at its correction [J10]', () => {
  it.each(['before', 'after'] as const)('killed %s its request goes on to the same end', async (side) => {
    const own = { world, organisationId }
    expect(await syncKilled(own, { write: writes, side })).toBe('SIGKILL')
    expect(writesTo(world.connectWise)).toHaveLength(side === 'before' ? writes - 1 : writes)
    await letTimePass(own)
    await drain(world.worker, { budgetMs: 20_000 })
    expect(await corrections()).toEqual([correction])
    expect(writesTo(world.connectWise)).toHaveLength(writes)
    expect(await invoice()).toEqual(invoiceOfPrism)
  })

  it.each(['cut-before', 'cut-after'] as const)('whose answer was lost (%s) writes it once', async (kind) => {
    world.worker = workerOf(world.db, world.addresses, settlesSoon)
    world.connectWise.faults.add([{ kind, method: 'POST', path: '*/additions', nth: writes - 1 }])
    await detected()
    await drain(world.worker, { budgetMs: 20_000 })
    expect(await corrections()).toEqual([correction])
    expect(await invoice()).toEqual(invoiceOfPrism)
  })
})
