import { describe, expect, it } from 'vitest'
import { openPointsOf } from './open-points.ts'
import type { Finding, PeriodPlan, SubscriptionPlan } from './types.ts'

const finding = (code: string, severity = 'error', more: Partial<Finding> = {}): Finding =>
  ({ code, severity, message: code, detail: '', remedy: '', additionIds: [], ...more }) as unknown as Finding
const row = (id: string, findings: Finding[], more: object = {}): SubscriptionPlan =>
  ({
    kind: 'subscription',
    subscriptionId: id,
    tenantId: 'tenant-1',
    product: { productId: '', sku: 'SKU', name: `Product ${id}`, catalogItemId: null },
    findings,
    invoiced: { cost: '0', price: '10' },
    billed: { cost: '0', price: '0' },
    ...more,
  }) as unknown as SubscriptionPlan
const month = (period: string, subscriptions: SubscriptionPlan[], findings: Finding[] = []): PeriodPlan =>
  ({
    period,
    invoiceId: `of ${period}`,
    subscriptions,
    findings,
    totals: { failed: { cost: '0', price: '30' } },
  }) as unknown as PeriodPlan
const asks = (additionId: number, billed = '5') =>
  ({
    asks: [{ additionId, serialNumber: '', quantity: '1', billed, owners: [] }],
  }) as unknown as Partial<Finding>
const shortly = (months: PeriodPlan[]) =>
  openPointsOf(months).map(({ cause, from, to, amount }) => [cause, from, to, amount])

describe('what only a person can settle', () => {
  it('is told once, with the months that wait for it and the money of all [J1]', () => {
    expect(
      shortly([
        month('2026-04', [row('a', [finding('inconsistent-additions')])]),
        month('2026-05', [row('a', [finding('earlier-period-failed')])]),
        month('2026-06', [row('a', [finding('earlier-period-failed')])]),
      ]),
    ).toEqual([['failed/inconsistent-additions', '2026-04', '2026-06', '30']])
  })

  it('is nothing of a note, of a Warning that asks nothing, of what another row or the invoice tells [J1]', () => {
    const told = ['other-product-failed', 'line-contested'].map((code) => row('a', [finding(code)]))
    const quiet = [
      row('b', [finding('price-replaced', 'warning')]),
      row('c', [finding('changed-since-billed', 'note')]),
    ]
    expect(shortly([month('2026-04', [...told, ...quiet])])).toEqual([])
  })

  it('has one cause where one answer, or one mended thing, settles it [J1]', () => {
    const waits = { waits: { question: 'guard', changes: [] } }
    expect(
      shortly([
        month('2026-04', [
          row('a', [finding('guard-waits', 'warning')], waits),
          row('b', [finding('late-month-waits', 'warning')]),
          row('c', [finding('multiple-products')]),
          row('d', [finding('product-retired')]),
          row('e', [finding('addition-unreadable')]),
        ]),
      ]).map(([cause]) => cause),
    ).toEqual([
      'guard/of 2026-04',
      'late/2026-04',
      'product/product c',
      'product/product d',
      'failed/addition-unreadable',
    ])
  })

  it('is each addition that is asked about, once, however many subscriptions it blocks [F5]', () => {
    const unknown = finding('unknown-serial-number', 'error', asks(7))
    expect(shortly([month('2026-04', [row('a', [unknown]), row('b', [unknown])])])).toEqual([
      ['unknown-addition', '2026-04', '2026-04', '10'],
    ])
    const listed = finding('addition-unknown', 'warning', asks(8, '96.6'))
    expect(
      shortly([
        month('2026-04', [row('', [listed], { kind: 'addition', tenantId: '' })]),
        month('2026-05', [row('', [listed], { kind: 'addition', tenantId: '' })]),
      ]),
    ).toEqual([['unknown-addition', '2026-04', '2026-05', '96.6']])
  })

  it('of an invoice of ConnectWise’s is the difference between the two ways it may have billed [2a, Days billed]', () => {
    const asksBilled = {
      additionId: 7,
      through: '2026-04-30',
      before: { cost: '0', price: '60' },
      after: { cost: '0', price: '108' },
    }
    const doubt = finding('billed-in-doubt', 'warning', { asksBilled } as never)
    expect(shortly([month('2026-04', [row('a', [doubt])])])).toEqual([['billed', '2026-04', '2026-04', '48']])
  })

  it('of the agreement as a whole is told where its subscriptions do not tell it, with what of it failed [F13]', () => {
    const unfit = finding('agreement-unfit')
    expect(shortly([month('2026-04', [row('a', [unfit])], [unfit])])).toEqual([
      ['unfit', '2026-04', '2026-04', '10'],
    ])
    expect(shortly([month('2026-04', [], [unfit]), month('2026-05', [], [unfit])])).toEqual([
      ['unfit', '2026-04', '2026-05', '30'],
    ])
  })

  it('is also why a sync came to no month; how much that is about is not known [J1]', () => {
    const failure = { message: 'ConnectWise cannot be reached.', detail: '', remedy: '' }
    expect(openPointsOf([], failure)).toMatchObject([
      { cause: 'failed/agreement', from: null, amount: null, severity: 'error' },
    ])
  })
})
