import { describe, expect, it } from 'vitest'
import type { SubscriptionPlan } from './shown.ts'
import { quantitiesOf } from './subscription-text.ts'

const row = (over: Partial<SubscriptionPlan>): SubscriptionPlan =>
  ({
    kind: 'subscription',
    quantityBefore: '5',
    steps: [{ first: '2026-09-01', last: '2026-09-30', quantity: '5' }],
    changes: [],
    ...over,
  }) as unknown as SubscriptionPlan
const shown = (over: Parameters<typeof row>[0]): string =>
  quantitiesOf(row(over))
    .map(({ quantity, direction }) => `${quantity} ${direction}`)
    .join(' → ')
const whole = (quantity: string) =>
  [{ first: '2026-09-01', last: '2026-09-30', quantity }] as unknown as SubscriptionPlan['steps']
const keep = [{ kind: 'keep' }] as unknown as SubscriptionPlan['changes']
const create = [{ kind: 'create' }] as unknown as SubscriptionPlan['changes']

describe('the quantities of a row', () => {
  it('begin with the day before, where the first day changed them [H1]', () => {
    expect(shown({})).toBe('5 same')
    expect(shown({ steps: whole('8'), changes: create })).toBe('5 same → 8 up')
    expect(shown({ steps: whole('0'), changes: create })).toBe('5 same → 0 gone')
  })

  it('rise from nothing where something is added, and not where it was there already [H1]', () => {
    expect(
      shown({
        quantityBefore: '0' as SubscriptionPlan['quantityBefore'],
        steps: whole('6'),
        changes: create,
      }),
    ).toBe('0 same → 6 up')
    expect(
      shown({ quantityBefore: '0' as SubscriptionPlan['quantityBefore'], steps: whole('6'), changes: keep }),
    ).toBe('6 same')
  })

  it('are always one of Azure [F3]', () => {
    const azure = { kind: 'azure', quantityBefore: '0', steps: whole('1'), changes: create } as Parameters<
      typeof row
    >[0]
    expect(shown(azure)).toBe('1 same')
  })
})
