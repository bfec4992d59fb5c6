import { describe, expect, it } from 'vitest'
import type { CutoverReview, Preview } from '#app/ui/plan/shown.ts'
import { countsText, firstSyncOf, isSameBill, summedUp } from './summary.ts'

type Fate = CutoverReview['additions'][number]['fate']

const amount = (price: string) => ({ price, cost: price }) as CutoverReview['bills']['before']
const finding = (message: string) =>
  ({ severity: 'error', code: 'x', message, detail: '', remedy: '' }) as unknown as NonNullable<
    CutoverReview['additions'][number]['reason']
  >

interface Of {
  readonly fates?: readonly Fate[]
  readonly stopped?: readonly string[]
  readonly creates?: number
  readonly before?: string
  readonly after?: string
  readonly period?: string
}

/** Additions are numbered from 1; stopped subscriptions name the first one. */
const previewOf = ({
  fates = [],
  stopped = [],
  creates = 0,
  before = '0',
  after = '0',
  period = '2026-10',
}: Of) =>
  ({
    review: {
      period,
      additions: fates.map((fate, at) => ({
        additionId: at + 1,
        fate,
        reason: fate === 'blocked' ? finding('Two items have its SKU') : null,
      })),
      subscriptions: [
        { state: 'ready', creates, additionIds: [], reason: null },
        ...stopped.map((message) => ({
          state: 'waits',
          creates: 0,
          additionIds: [1],
          reason: finding(message),
        })),
      ],
      bills: { before: amount(before), after: amount(after) },
    },
  }) as unknown as Preview

describe('what a first sync writes, in numbers', () => {
  it('counts each fate of an addition once, and what is created [E6]', () => {
    const fates: readonly Fate[] = [
      'adopted',
      'replaced',
      'ended',
      'left',
      'other-product',
      'asked',
      'ours',
      'over',
    ]
    expect(firstSyncOf(previewOf({ fates, creates: 3, before: '10.00', after: '12.50' }))).toEqual({
      period: '2026-10',
      adopted: 2,
      created: 3,
      ended: 1,
      left: 3,
      blocked: 0,
      reasons: [],
      before: '10.00',
      after: '12.50',
    })
  })

  it('counts what is blocked once for a subscription and its addition, and says each reason once', () => {
    const of = firstSyncOf(
      previewOf({ fates: ['blocked', 'blocked'], stopped: ['Whose is it?', 'Whose is it?'] }),
    )
    expect([of.blocked, of.reasons]).toEqual([3, ['Whose is it?', 'Two items have its SKU']])
  })

  it('is nothing of a customer that is on no invoice', () => {
    const of = firstSyncOf({ review: null } as Preview)
    expect([of.period, countsText(of)]).toEqual([null, 'Nothing to write'])
  })
})

describe('many first syncs together', () => {
  it('are summed by month to the cent, those on no invoice apart', () => {
    const all = [
      previewOf({ fates: ['adopted'], before: '0.10', after: '0.20', period: '2026-10' }),
      previewOf({ fates: ['adopted', 'blocked'], before: '0.2', after: '10', period: '2026-10' }),
      previewOf({ creates: 2, before: '1', after: '1', period: '2026-09' }),
      { review: null } as Preview,
    ].map(firstSyncOf)
    const total = summedUp(all)
    expect(total.months).toEqual([
      { period: '2026-09', agreements: 1, before: '1', after: '1' },
      { period: '2026-10', agreements: 2, before: '0.30', after: '10.20' },
    ])
    expect(countsText(total)).toBe('2 additions taken over, 2 created, 1 blocked')
    expect([total.stopped, total.without]).toEqual([1, 1])
    expect(total.months.map(isSameBill)).toEqual([true, false])
  })

  it('say one addition as one', () => {
    expect(countsText(firstSyncOf(previewOf({ fates: ['adopted'] })))).toBe('1 addition taken over')
  })
})
