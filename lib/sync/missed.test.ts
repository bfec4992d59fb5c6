/** What a customer missed while its Sync was off, and passing it over (E6). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mapping } from '#db/mappings/mappings.ts'
import { periodStatesOf } from '#db/mappings/period-states.ts'
import { contextOf } from '#lib/jobs/context.ts'
import { monthsMissed, monthsToSync, passOverMissed } from './missed.ts'
import { createMapped, detectAndSync, program, startWorld, tenantId, type World } from './testing/world.ts'

let world: World
let organisationId: string
beforeEach(async () => {
  world = await startWorld()
  organisationId = await createMapped(world.db)
})
afterEach(() => world.close())

const stored = async () =>
  (await mapping(world.db, organisationId, program, tenantId)) ?? expect.fail('it is mapped')
const context = () => contextOf(world.worker, organisationId, program, 'Ann')
const issue = () => fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
const periods = (months: readonly { readonly period: string }[]) => months.map(({ period }) => period)

describe('months that were missed', () => {
  it('are those after the last sync: what failed in it is not passed over, and stays to be synced', async () => {
    world.connectWise.faults.add([{ kind: '403', method: 'POST', path: '*/additions', nth: 1 }])
    await detectAndSync(world, organisationId)
    const of = await stored()
    // Detected while its Sync is off: nothing is written of these.
    await world.db.execute('UPDATE mappings SET sync_enabled = false')
    for (let month = 0; month < 3; month += 1) {
      await issue()
      await detectAndSync(world, organisationId)
    }
    const ctx = await context()
    expect(periods(await monthsToSync(ctx, of))).toEqual(['2026-04', '2026-05', '2026-06', '2026-07'])
    expect(await monthsMissed(ctx, of)).toEqual([
      { period: '2026-05', price: expect.stringMatching(/^[1-9]/) },
      { period: '2026-06', price: expect.stringMatching(/^[1-9]/) },
      { period: '2026-07', price: expect.stringMatching(/^[1-9]/) },
    ])
    const passed = await world.db.transaction((tx) => passOverMissed(tx, { ...ctx, actor: 'Ann' }, of))
    expect(periods(passed)).toEqual(['2026-05', '2026-06'])
    expect(periods(await monthsToSync(ctx, of))).toEqual(['2026-04', '2026-07'])
    const skipped = (await periodStatesOf(world.db, organisationId, program, [tenantId])).filter(
      ({ state }) => state === 'skipped',
    )
    expect(skipped.map(({ subscriptionId, period }) => `${subscriptionId} ${period}`)).toEqual(
      ['sub-1', 'sub-2', 'sub-3'].flatMap((id) => [`${id} 2026-05`, `${id} 2026-06`]),
    )
    expect(skipped.every(({ by }) => by === 'Ann')).toBe(true)
    expect(await world.db.transaction((tx) => passOverMissed(tx, { ...ctx, actor: 'Ann' }, of))).toEqual([])
  })

  it('are none of a customer that was never synced, whose first sync takes the latest invoice', async () => {
    await world.db.execute('UPDATE mappings SET sync_enabled = false')
    await detectAndSync(world, organisationId)
    await issue()
    await detectAndSync(world, organisationId)
    const ctx = await context()
    const of = await stored()
    expect(periods(await monthsToSync(ctx, of))).toEqual(['2026-05'])
    expect(await world.db.transaction((tx) => passOverMissed(tx, { ...ctx, actor: 'Ann' }, of))).toEqual([])
  })
})
