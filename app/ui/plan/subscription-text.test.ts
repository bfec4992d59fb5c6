import { describe, expect, it } from 'vitest'
import { continuationsIn } from '#lib/billing/stories.ts'
import type { SubscriptionPlan } from './shown.ts'
import { quantitiesOf, storyText } from './subscription-text.ts'

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

describe('what a row says of its story', () => {
  const steps = (...all: readonly (readonly [first: string, last: string, quantity: string])[]) =>
    all.map(([first, last, quantity]) => ({
      first: `2026-09-${first}`,
      last: `2026-09-${last}`,
      quantity,
    })) as unknown as SubscriptionPlan['steps']
  const of = (id: string, name: string, before: string, through: SubscriptionPlan['steps']) =>
    row({
      subscriptionId: id,
      tenantId: 'tenant-1',
      product: { name } as SubscriptionPlan['product'],
      quantityBefore: before as SubscriptionPlan['quantityBefore'],
      steps: through,
    })
  const told = (...rows: SubscriptionPlan[]): string[] =>
    rows.map((each) => storyText(each, continuationsIn(rows)))

  it('is what it continues as, whole or in part, and what it is from', () => {
    expect(
      told(
        of('a', 'Basic', '12', steps(['01', '10', '12'], ['11', '30', '8'])),
        of('b', 'Premium', '0', steps(['11', '30', '4'])),
        of('c', 'Visio', '5', steps(['01', '30', '5'])),
      ),
    ).toEqual(['4 continue as Premium from 11 Sep 2026', 'from Basic on 11 Sep 2026', ''])
  })

  it('is a renewal where the product stays', () => {
    expect(
      told(of('a', 'Teams', '5', steps(['01', '30', '0'])), of('b', 'Teams', '0', steps(['01', '30', '5']))),
    ).toEqual(['continues as a new subscription from 1 Sep 2026', 'renewal from 1 Sep 2026'])
  })
})
