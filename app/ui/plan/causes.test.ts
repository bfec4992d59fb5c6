import { describe, expect, it } from 'vitest'
import type { Finding, PeriodPlan, SubscriptionPlan } from '#lib/billing/types.ts'
import { beginningsOf, causesOf } from './causes.ts'

const finding = (code: string, severity = 'error', message = code): Finding =>
  ({ code, severity, message, detail: null, remedy: null, additionIds: [] }) as unknown as Finding
const waiting = finding('earlier-period-failed')
const subscription = (id: string, findings: Finding[], invoiced = '10.00', billed = '0.00') =>
  ({
    kind: id === '' ? 'leftover' : 'subscription',
    subscriptionId: id,
    tenantId: id === '' ? '' : 'tenant-1',
    product: { productId: 'p', name: `Product ${id}`, catalogItemId: null },
    findings,
    invoiced: { cost: '0', price: invoiced },
    billed: { cost: '0', price: billed },
  }) as unknown as SubscriptionPlan
const month = (period: string, subscriptions: SubscriptionPlan[], findings: Finding[] = []) =>
  ({ period, subscriptions, findings }) as unknown as PeriodPlan

describe('what is wrong', () => {
  const plans = [
    month('2026-04', [subscription('a', [finding('ambiguous')])]),
    month('2026-05', [subscription('a', [waiting])]),
    month('2026-06', [
      subscription('a', [waiting], '10.05'),
      subscription('b', [finding('price', 'warning')], '5.00', '5.00'),
    ]),
  ]

  it('is told once, with the months that wait for it and their money [H1]', () => {
    expect(causesOf(plans, 'tenant-1')).toMatchObject([
      {
        product: 'Product a',
        from: '2026-04',
        to: '2026-06',
        amounts: { invoiced: '30.05', billed: '0.00' },
      },
      { product: 'Product b', from: '2026-06', to: '2026-06', finding: { severity: 'warning' } },
    ])
  })

  it('is told once where each month has it anew, and again where it is another [H1]', () => {
    const again = [
      month('2026-04', [subscription('a', [finding('ambiguous')])]),
      month('2026-05', [subscription('a', [finding('ambiguous')])]),
      month('2026-06', [subscription('a', [finding('gap')])]),
    ]
    expect(causesOf(again, 'tenant-1').map(({ finding: { code }, from, to }) => [code, from, to])).toEqual([
      ['ambiguous', '2026-04', '2026-05'],
      ['gap', '2026-06', '2026-06'],
    ])
    expect(beginningsOf(again).map(({ period }) => period)).toEqual(['2026-04', '2026-06'])
  })

  it('is told once where it waits for an answer, and the month with the question is one to look at [F18]', () => {
    const asked = {
      ...subscription('a', [finding('guard-waits', 'warning')]),
      waits: { question: 'guard', changes: [] },
    }
    const later = {
      ...subscription('a', [finding('earlier-period-waits', 'warning')]),
      waits: { question: 'earlier', changes: [] },
    }
    const months = [
      month('2026-08', [asked as SubscriptionPlan]),
      month('2026-09', [later as SubscriptionPlan]),
      month('2026-10', [subscription('a', [finding('price', 'warning')])]),
    ]
    expect(causesOf(months, 'tenant-1').map(({ finding: { code }, from, to }) => [code, from, to])).toEqual([
      ['guard-waits', '2026-08', '2026-09'],
      ['price', '2026-10', '2026-10'],
    ])
    expect(beginningsOf(months).map(({ period }) => period)).toEqual(['2026-08'])
  })

  it('of another customer of the agreement is not told, of the agreement itself is; a note is nothing wrong [E1]', () => {
    const shared = [
      month(
        '2026-04',
        [subscription('', [finding('left-over')], '0.00', '96.60'), subscription('a', [finding('gap')])],
        [finding('held', 'warning'), finding('rounded', 'note')],
      ),
    ]
    expect(causesOf(shared, 'tenant-2').map(({ product, finding: { code } }) => [product, code])).toEqual([
      ['Product ', 'left-over'],
      [null, 'held'],
    ])
  })

  it('begins in the month that has it, and not in those that wait [H1]', () => {
    expect(beginningsOf(plans).map(({ period }) => period)).toEqual(['2026-04'])
  })
})
