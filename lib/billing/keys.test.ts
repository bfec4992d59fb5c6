import { describe, expect, it } from 'vitest'
import { type BySubscription, noSubscription, skuKey, subscriptionKey, subscriptionKeysIn } from './keys.ts'

describe('a key of a subscription or a SKU', () => {
  it('is the same for every way to write the id [F5][D1]', () => {
    expect(subscriptionKey('  A1B2-C3 ')).toBe('a1b2-c3')
    expect(subscriptionKey(subscriptionKey(' A1B2-C3'))).toBe(subscriptionKey('a1b2-c3'))
    expect(skuKey('\tCFQ7TTC0LH18:0001 ')).toBe('cfq7ttc0lh18:0001')
    expect(subscriptionKey('  ')).toBe(noSubscription)
  })

  it('is the only thing that what is known of subscriptions is looked up by', () => {
    const raw: string = 'Sub-1'
    const known: BySubscription<number> = { [subscriptionKey(raw)]: 1 }
    expect(known[subscriptionKey(raw)]).toBe(1)
    // @ts-expect-error an id as somebody wrote it is no key
    expect(known[raw]).toBeUndefined()
    // @ts-expect-error nor is the key of a SKU
    expect(new Set([subscriptionKey(raw)]).has(skuKey(raw))).toBe(true)
    expect(subscriptionKeysIn(known)).toEqual([subscriptionKey(raw)])
  })
})
