import { describe, expect, it } from 'vitest'
import { type GoodSoFar, goodSubscriptions } from './good-subscriptions.ts'
import { isGood } from './held-back.ts'
import { plan } from './plan.ts'
import { line, period, situation, subscriptionId, tenantId, usage } from './testing/factories.ts'
import type { Finding, PeriodPlan } from './types.ts'

const id = subscriptionId.toLowerCase()
const soFar: GoodSoFar = {
  good: {},
  goodElsewhere: {},
  skipped: {},
  stays: new Map([[tenantId, { syncs: true }]]),
}
const azure = line(1, '2026-09', 1, 30, { subscriptionId: 'az', offerName: 'Azure plan' })
const from = situation({ usages: [usage([line(5, '2026-09', 1, 30), azure])] })
const [planned] = plan(from).periods
const goodOf = (of: Partial<PeriodPlan> = {}, known: Partial<GoodSoFar> = {}) =>
  goodSubscriptions({ ...(planned as PeriodPlan), ...of }, isGood, from, { ...soFar, ...known }).map(
    (each) => each.subscriptionId,
  )
const error = { severity: 'error', additionIds: [] } as unknown as Finding

describe('a month is done for', () => {
  it('what is on the invoice and was planned well; Azure as a whole [F12]', () => {
    // The product of the Azure usage is not on the price list, so that row is an Error.
    expect(goodOf()).toEqual([id])
  })

  it('a subscription that is gone, where it was known before', () => {
    const gone = situation({ usages: [usage([])] })
    const [empty] = plan(gone).periods
    const known = { ...soFar, good: { [id]: [period('2026-08')] } }
    expect(goodSubscriptions(empty as PeriodPlan, isGood, gone, known)).toEqual([
      { subscriptionId: id, tenantId },
    ])
  })

  it('nobody where the agreement as a whole is wrong', () => {
    expect(goodOf({ findings: [error] })).toEqual([])
  })

  it.each([
    ['of which the month was skipped', { skipped: { [id]: [period('2026-09')] } }],
    ['that was good for it on another agreement', { goodElsewhere: { [id]: [period('2026-09')] } }],
    ['whose customer does not sync', { stays: new Map([[tenantId, { syncs: false }]]) }],
    [
      'whose customer left before',
      { stays: new Map([[tenantId, { syncs: true, until: period('2026-08') }]]) },
    ],
  ] as const)('no subscription %s', (_, known) => {
    expect(goodOf({}, known as Partial<GoodSoFar>)).toEqual([])
  })
})
