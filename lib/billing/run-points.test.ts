/** What a run's page opens on (G3): each cause once, its months and customers together, with its money. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal, money, sum } from './decimal.ts'
import { emptyReconciliation } from './reconcile.ts'
import { runCausesOf } from './run-causes.ts'
import { type RunPoint, runPointsOf, wordsOf } from './run-points.ts'
import { period } from './testing/factories.ts'
import type { Finding, FindingCode, Money, PeriodPlan, Quantity, SubscriptionPlan } from './types.ts'

const finding = (
  code: FindingCode,
  message: string,
  severity: Finding['severity'] = 'error',
  over: Partial<Finding> = {},
): Finding => ({ code, severity, message, detail: 'Why', remedy: 'What to do', additionIds: [], ...over })

const row = (
  subscriptionId: string,
  findings: readonly Finding[],
  [invoiced, billed]: readonly [string, string] = ['32.25', '0'],
): SubscriptionPlan => ({
  kind: 'subscription',
  subscriptionId,
  tenantId: 't-1',
  product: { productId: 'p', sku: 'SKU-1', name: 'Exchange Online', catalogItemId: 1 },
  status: findings.some(({ severity }) => severity === 'error') ? 'Error' : 'Warning',
  findings: [...findings],
  changes: [],
  quantityBefore: '1' as Quantity,
  steps: [],
  invoiced: { cost: '1' as Money, price: invoiced as Money },
  billed: { cost: '0' as Money, price: billed as Money },
  reconciliation: emptyReconciliation,
})

const month = (of: string, subscriptions: readonly SubscriptionPlan[], over: Partial<PeriodPlan> = {}) => ({
  period: period(of),
  invoiceId: of,
  catalogItems: [],
  subscriptions: [...subscriptions],
  ignored: [],
  findings: [],
  totals: emptyReconciliation,
  ...over,
})

const gaps = finding('inconsistent-additions', 'Unable to sync')
const earlier = finding('earlier-period-failed', 'The invoice for April could not be synced')

describe('what a sync of an agreement found [G3]', () => {
  it('is one point for a backlog of eight months, with eight amounts', () => {
    const later = [5, 6, 7, 8, 9, 10, 11].map((n) =>
      month(`2026-${String(n).padStart(2, '0')}`, [row('S-1', [earlier])]),
    )
    const points = runPointsOf([month('2026-04', [row('S-1', [gaps])]), ...later], null)
    expect(points).toHaveLength(1)
    expect(points[0]?.months.map(({ amount }) => amount)).toEqual(Array(8).fill('32.25'))
    expect(points[0]).toMatchObject({ message: 'Unable to sync', subscriptionId: 's-1', sku: 'SKU-1' })
  })

  it('says what failed as a whole first, and notes nowhere', () => {
    const note = finding('price-differs', 'Bills 21.00', 'note')
    const failure = { message: 'ConnectWise did not answer', detail: '', remedy: 'Try again' }
    const points = runPointsOf([month('2026-04', [row('S-1', [note])])], failure)
    expect(points.map(({ message }) => message)).toEqual(['ConnectWise did not answer'])
  })

  it('has an amount only where there is one: a finding’s own before what lies between invoice and bill', () => {
    const price = finding('retail-price-changed', 'Price changed', 'warning')
    const loss = finding('price-below-cost', 'Sold below cost', 'warning', { amount: '71' as Money })
    const amounts = (findings: readonly Finding[]) =>
      runPointsOf([month('2026-04', [row('S-1', findings, ['10', '10.00'])])], null).map(
        ({ months }) => months[0]?.amount,
      )
    expect(amounts([price])).toEqual([null])
    expect(amounts([loss])).toEqual(['71'])
  })

  it('says of the agreement what no subscription says, with what failed of it', () => {
    const unfit = finding('agreement-unfit', 'The agreement ended on 30 Jun 2026')
    const totals = { ...emptyReconciliation, failed: { cost: '5' as Money, price: '9.50' as Money } }
    expect(runPointsOf([month('2026-07', [], { findings: [unfit], totals })], null)).toMatchObject([
      { tenantId: '', months: [{ amount: '9.5' }] },
    ])
    expect(
      runPointsOf([month('2026-07', [row('S-1', [unfit])], { findings: [unfit], totals })], null),
    ).toHaveLength(1)
  })

  it('is found by subscription, SKU, product and message, and by ignored lines', () => {
    const ignored = {
      subscriptionId: 'S-9',
      tenantId: 't-1',
      offerName: 'Visio',
      reason: 'annual' as const,
      first: '2026-04-01' as PeriodPlan['ignored'][number]['first'],
      last: '2026-04-30' as PeriodPlan['ignored'][number]['last'],
      amount: { cost: '1' as Money, price: '2' as Money },
    }
    const months = [month('2026-04', [row('S-1', [gaps])], { ignored: [ignored] })]
    const words = wordsOf(months, runPointsOf(months, null)).split('\n')
    expect(words).toEqual(['S-1', 'SKU-1', 'Exchange Online', 'S-9', 'Visio', 'Unable to sync'])
  })

  it('counts each month of each point once, whatever the months say: no amount is lost and none is counted twice', () => {
    const cents = fc.integer({ min: 0, max: 99_999 }).map((n) => money(decimal(n).times('0.01')))
    const said = fc.subarray([
      gaps,
      earlier,
      finding('retail-price-changed', 'Price', 'warning'),
      finding('price-differs', 'A note', 'note'),
    ])
    const rows = fc.record({
      subscription: fc.constantFrom('S-1', 'S-2'),
      said,
      invoiced: cents,
      billed: cents,
    })
    const months = fc.array(fc.uniqueArray(rows, { selector: (each) => each.subscription }), { maxLength: 6 })
    fc.assert(
      fc.property(months, (all) => {
        const plans = all.map((each, index) =>
          month(
            `2026-0${index + 1}`,
            each.map((of) => row(of.subscription, of.said, [of.invoiced, of.billed])),
          ),
        )
        for (const point of runPointsOf(plans, null)) {
          const periods = point.months.map((each) => each.period)
          expect(periods).toEqual([...new Set(periods)].sort())
          for (const each of point.months) {
            const of = plans
              .find((plan) => plan.period === each.period)
              ?.subscriptions.find(
                ({ subscriptionId }) => subscriptionId.toLowerCase() === point.subscriptionId,
              )
            expect([each.invoiced, each.billed]).toEqual([of?.invoiced.price, of?.billed.price])
          }
        }
      }),
    )
  })
})

const point = (
  message: string,
  amounts: readonly (string | null)[],
  over: Partial<RunPoint> = {},
): RunPoint => ({
  severity: 'error',
  code: 'inconsistent-additions',
  message,
  detail: '',
  remedy: 'Remove them',
  tenantId: 't-1',
  subscriptionId: 's-1',
  sku: 'SKU-1',
  product: 'Exchange Online',
  months: amounts.map((amount, index) => ({
    period: period(`2026-0${index + 1}`),
    invoiced: '0' as Money,
    billed: '0' as Money,
    amount: amount as Money | null,
  })),
  ...over,
})
const on = (agreementId: number, points: readonly RunPoint[]) => ({
  agreementId,
  agreementName: 'Microsoft CSP',
  companyName: `Company ${agreementId}`,
  tenantIds: [`t-${agreementId}`],
  points,
})

describe('the causes of a run [G3]', () => {
  it('have equal messages as one, with how many customers and the money', () => {
    const causes = runCausesOf([
      on(1, [point('A', ['10', '5.50'])]),
      on(2, [point('A', ['0.25'], { tenantId: 't-2' }), point('B', ['100'], { tenantId: 't-2' })]),
      on(3, [point('C', [null], { severity: 'warning', tenantId: 't-3' })]),
    ])
    expect(causes.map(({ message, customers, amount }) => [message, customers, amount])).toEqual([
      ['B', 1, '100'],
      ['A', 2, '15.75'],
      ['C', 1, null],
    ])
    expect(causes[1]?.points.map(({ agreementId, amount }) => [agreementId, amount])).toEqual([
      [1, '15.5'],
      [2, '0.25'],
    ])
  })

  it('say what to do once, unless their points say different things', () => {
    const different = [on(1, [point('A', [])]), on(2, [point('A', [], { remedy: 'Another' })])]
    expect(runCausesOf(different)[0]?.remedy).toBe('')
    expect(runCausesOf([on(1, [point('A', [])])])[0]?.remedy).toBe('Remove them')
  })

  it('hold every point once, and all its money', () => {
    const points = fc.array(
      fc.record({
        agreement: fc.integer({ min: 1, max: 4 }),
        message: fc.constantFrom('A', 'B'),
        amount: fc.nat(999),
      }),
    )
    fc.assert(
      fc.property(points, (all) => {
        const causes = runCausesOf(
          all.map((each) => on(each.agreement, [point(each.message, [`${each.amount}`])])),
        )
        expect(causes.flatMap((cause) => cause.points)).toHaveLength(all.length)
        const money_ = sum(causes.map(({ amount }) => decimal(amount ?? 0)))
        expect(money_.eq(all.reduce((total, { amount }) => total + amount, 0))).toBe(true)
      }),
    )
  })
})
