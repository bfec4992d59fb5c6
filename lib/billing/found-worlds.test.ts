/**
 * Worlds in which the bill differs from PRISM's invoices as a rule says (docs/billing-rules.md), so that the comparison names the
 * difference: each holds, and no more of it is let pass than what is named.
 */
import { describe, expect, it } from 'vitest'
import { compareDays } from './testing/world-comparison.ts'
import { monthOf, type SubscriptionStory, type WorldStory } from './testing/world-story.ts'
import { World } from './testing/worlds.ts'
import type { Period } from './types.ts'

type Tenant = WorldStory['tenants'][number]
const same: SubscriptionStory['months'] = ['same', 'same', 'same', 'same', 'same', 'same']
/** 3 Visio all the time, by the month. */
const subscription = (over: Partial<SubscriptionStory> = {}): SubscriptionStory => ({
  offer: 2,
  kind: 'monthly',
  months: same,
  annual: null,
  offerFrom: null,
  tenantFrom: null,
  byHand: null,
  ...over,
})
const tenant = (subscriptions: SubscriptionStory[], over: Partial<Tenant> = {}): Tenant => ({
  agreement: 0,
  subscriptions,
  moves: [],
  begin: 'catch-up',
  isBeginChosen: false,
  ...over,
})
/** In arrears, files in time, nobody edits, ConnectWise invoices after the sync. */
const story = (tenants: Tenant[], over: Partial<WorldStory> = {}): WorldStory => ({
  tenants,
  agreements: [
    { advance: false, ends: null },
    { advance: false, ends: null },
  ],
  begin: 'catch-up',
  beginsOldest: false,
  invoicesFirst: [false, false, false, false, false, false, false],
  delays: [0, 0, 0, 0, 0, 0],
  edits: [],
  late: 'skip',
  cut: 0,
  unfit: 0,
  ...over,
})

const holds = (world: World): boolean => {
  try {
    return compareDays(world) > 0
  } catch {
    return false
  }
}

/** Of months with a file, what ConnectWise's invoices have of a subscription that may be there twice unnoticed. */
const letPass = (world: World): string[] =>
  world.cabinets.flatMap(({ billed }) =>
    [...billed].flatMap((each) => {
      if (each.serialNumber === '' || monthOf(each.month as Period) < 0) return []
      billed.push(each)
      const isFound = !holds(world)
      billed.pop()
      return isFound ? [] : [`${each.month} ${each.quantity}`]
    }),
  )

describe('a world', () => {
  it('lets nothing pass where each month is as it is invoiced', () => {
    const world = new World(story([tenant([subscription()])])).live()
    expect([holds(world), letPass(world)]).toEqual([true, []])
  })

  it('has a month stay as it left an annual term and was invoiced, whatever comes late [F4][F12]', () => {
    // February is annual; April, without a line, comes before March, which is by the month.
    const was = subscription({
      months: ['same', 'same', 'same', 'absent', 'same', 'same'],
      annual: { month: 1, months: 1 },
    })
    const moves: Tenant['moves'] = [{ month: 4, when: 'after', to: 'other', later: 0 }]
    const other = tenant([subscription({ offer: 1 })], { moves })
    const world = new World(story([tenant([was]), other], { delays: [0, 0, 2, 0, 2, 0] })).live()
    expect([holds(world), letPass(world)]).toEqual([true, ['2026-02 3', '2026-04 3']])
  })

  it('has what a person made of a subscription that is billed elsewhere stay as it is [E6]', () => {
    const byHand = { quantity: 1, hasSerial: true }
    const leavesAndComesBack: Tenant['moves'] = [
      { month: 5, when: 'before', to: 'none', later: 0 },
      { month: 3, when: 'synced', to: 'none', later: 0 },
    ]
    const begins = subscription({
      months: ['absent', 'same', 'same', [{ day: 16, quantity: 6 }], 'same', 'same'],
      byHand,
    })
    const customer = tenant([subscription({ offer: 1, byHand }), begins], {
      moves: leavesAndComesBack,
      begin: 'elsewhere',
      isBeginChosen: true,
    })
    const world = new World(
      story([customer], {
        invoicesFirst: [false, false, false, false, true, false, false],
        delays: [0, 0, 0, 2, 0, 0],
      }),
    ).live()
    expect([holds(world), letPass(world)]).toEqual([
      true,
      ['2026-01 1', '2026-02 1', '2026-03 1', '2026-04 1'],
    ])
  })
})
