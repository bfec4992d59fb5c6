/** Annual invoices, from PRISM's file to ConnectWise's invoice (J9): the stand-ins over HTTP, as the scheduled call does it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changesOfRun } from '#db/ledger/changes.ts'
import {
  invoiceOneTime,
  issueAnnual,
  mapOneTime,
  reissueAnnual,
  startOneTimeWorld,
  totalOf,
} from '../testing/one-time-world.ts'
import { additionsOf, detectAndSync, lastRun, sync, type World, writesTo } from '../testing/world.ts'

let world: World
let organisationId: string
beforeEach(async () => {
  world = await startOneTimeWorld()
  organisationId = await mapOneTime(world)
})
afterEach(() => world.close())

describe('An annual invoice of a mapped customer', () => {
  it('is carried by one addition a line, and ConnectWise invoices PRISM’s total to the cent [J9]', async () => {
    const id = await issueAnnual(world, '2026-05-10', [
      {},
      { subscriptionId: 'term-2', product: 'b', seats: 3, unit: [70.01, 90.03], totals: [210.03, 270.09] },
    ])
    await detectAndSync(world, organisationId)
    const { run, item } = await lastRun(world, organisationId)
    expect(run).toMatchObject({ state: 'finished', status: 'Success' })
    expect(item.months).toMatchObject([
      {
        period: '2026-05',
        invoiceId: id,
        annual: { issuedOn: '2026-05-10' },
        totals: { invoiced: { price: '870.09' }, billed: { price: '870.09' }, unexplained: { price: '0' } },
      },
    ])
    expect(await additionsOf(world)).toEqual([
      'A term-1 2026-05-10 2026-05-10 5 96 120',
      'B term-2 2026-05-10 2026-05-10 3 70.01 90.03',
    ])
    const lines = await invoiceOneTime(world, '2026-06-01')
    expect([totalOf(lines), totalOf(lines, 'cost')]).toEqual(['870.09', '690.03'])
  })
})
