import { describe, expect, it } from 'vitest'
import { plan } from './plan.ts'
import { addition, line, owned, situation, usage } from './testing/factories.ts'
import { AZURE, sentTogether } from './together.ts'
import type { Finding, PeriodPlan, Situation } from './types.ts'

const refused: Finding = {
  code: 'connectwise-refused',
  severity: 'error',
  message: 'ConnectWise returned an error response: No',
  detail: '',
  remedy: '',
  additionIds: [],
}
const planned = (from: Situation): PeriodPlan => {
  const [only] = plan(from).periods
  if (!only) throw new Error('Nothing was planned')
  return only
}

describe('what failed of a month already [F8]', () => {
  it('is not planned again, and counts as its additions bill', () => {
    const running = addition(5, '2026-06-01')
    const stepped = situation({
      additions: [running],
      owned: owned(running),
      usages: [usage([line(5, '2026-09', 1, 15), line(8, '2026-09', 16, 30)])],
    })
    const [row] = planned(stepped).subscriptions
    if (!row) throw new Error('Nothing was planned')
    const failed = { [sentTogether(row)]: [refused] }
    const [left] = planned({ ...stepped, failed }).subscriptions
    expect(row.changes.length).toBeGreaterThan(0)
    expect(left).toMatchObject({ status: 'Error', changes: [], findings: [refused], billed: { price: '50' } })
  })

  it('leaves other subscriptions as they are planned', () => {
    const two = situation({
      usages: [
        usage([
          line(5, '2026-09', 1, 30, { subscriptionId: 'a' }),
          line(3, '2026-09', 1, 30, { subscriptionId: 'b' }),
        ]),
      ],
    })
    const [, other] = planned(two).subscriptions
    const [, same] = planned({ ...two, failed: { a: [refused] } }).subscriptions
    expect(same).toEqual(other)
  })

  it('is the agreement’s Azure usage as a whole [F3]', () => {
    const azure = situation({
      usages: [usage([line(1, '2026-09', 1, 30, { offerName: 'Azure plan', subscriptionId: 'az' })])],
      products: [
        {
          productId: 'az',
          sku: 'az',
          name: 'Azure plan',
          unitCost: '1',
          unitPrice: '1',
          current: true,
        } as never,
      ],
    })
    const before = planned(azure).subscriptions.find(({ kind }) => kind === 'azure')
    const left = planned({ ...azure, failed: { [AZURE]: [refused] } }).subscriptions
    expect(before?.changes).toHaveLength(1)
    expect(left).toMatchObject([{ kind: 'azure', status: 'Error', changes: [], billed: { price: '0' } }])
  })
})
