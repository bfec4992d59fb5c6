import { describe, expect, it } from 'vitest'
import type { Day, Period, SubscriptionPlan } from '#lib/billing/types.ts'
import { monthEnds, saidText } from './answer-texts.ts'
import { askedRow } from './asked-row.ts'
import { rowKey } from './row-key.ts'

const september = '2026-09' as Period
const row = (over: object): SubscriptionPlan =>
  ({
    kind: 'subscription',
    subscriptionId: 'Sub-1',
    tenantId: 'tenant-1',
    product: { productId: 'p', name: 'Exchange', catalogItemId: 4 },
    findings: [],
    invoiced: { cost: '0', price: '50' },
    ...over,
  }) as unknown as SubscriptionPlan
const finding = (code: string, severity: string, additionIds: number[] = []) => ({
  code,
  severity,
  message: `${code} happened`,
  additionIds,
})

describe('the days that an addition can be said to end on [F5]', () => {
  it('are last days of months; offered is that of the last month that is over, or of a later one that is shown', () => {
    const past = monthEnds('2026-04' as Period, '2026-11-25' as Day)
    expect([past.ends[0], past.ends[1], past.offered, past.ends.at(-1)]).toEqual([
      '2026-03-31',
      '2026-04-30',
      '2026-10-31',
      '2027-10-31',
    ])
    const ahead = monthEnds('2026-12' as Period, '2026-11-25' as Day)
    expect([ahead.ends[0], ahead.offered, ahead.ends.at(-1)]).toEqual([
      '2026-11-30',
      '2026-12-31',
      '2027-12-31',
    ])
  })
})

describe('what was said of an addition [F5]', () => {
  const given = { additionId: 1, subscriptionId: null, endsOn: null, by: 'Ann', at: '' }
  const subscriptions = [{ id: 'SUB-1', tenantId: 't', product: 'Exchange' }]

  it('is told in the words that it was said in', () => {
    expect(saidText({ ...given, answer: 'nobody' }, [])).toBe('is nobody’s')
    expect(saidText({ ...given, answer: 'stays' }, [])).toBe('stays as it is')
    expect(saidText({ ...given, answer: 'ends', endsOn: '2026-09-30' as Day }, [])).toBe(
      'ends on 30 Sep 2026',
    )
    expect(saidText({ ...given, answer: 'subscription', subscriptionId: 'sub-1' }, subscriptions)).toBe(
      'bills Exchange (sub-1)',
    )
    expect(saidText({ ...given, answer: 'subscription', subscriptionId: 'sub-2' }, subscriptions)).toBe(
      'bills the subscription (sub-2)',
    )
  })
})

describe('a month that can be skipped [F12]', () => {
  const skippedAt = (over: object) => askedRow(september, row(over)).skippedAt

  it('is one that failed by itself, beside its first error', () => {
    const findings = [finding('price', 'warning'), finding('gap', 'error'), finding('other', 'error')]
    expect(skippedAt({ findings })).toBe('gap happened')
  })

  it('is none that waits for an earlier one, fails with another product, is no subscription’s, or is good', () => {
    for (const code of ['earlier-period-failed', 'other-product-failed'])
      expect(skippedAt({ findings: [finding(code, 'error')] })).toBeNull()
    const gap = { findings: [finding('gap', 'error')] }
    expect(skippedAt({ ...gap, kind: 'azure', subscriptionId: '' })).toBeNull()
    expect(skippedAt({ ...gap, kind: 'leftover', subscriptionId: '' })).toBeNull()
    expect(skippedAt({ findings: [finding('price', 'warning')] })).toBeNull()
  })
})

it('two additions of one product without a serial number are two rows', () => {
  const unknown = (id: number) =>
    row({ kind: 'addition', subscriptionId: '', findings: [finding('addition-unknown', 'warning', [id])] })
  expect(rowKey(unknown(1))).not.toBe(rowKey(unknown(2)))
  expect(rowKey(row({}))).toBe(rowKey(row({ findings: [finding('gap', 'error', [7])] })))
})
