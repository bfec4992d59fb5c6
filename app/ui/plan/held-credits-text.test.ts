import { describe, expect, it } from 'vitest'
import type { Money } from '#lib/billing/types.ts'
import { creditsProved } from './credits-proved.ts'
import { heldCreditsSaid } from './held-credits-text.ts'

const price = (text: string): Money => text as Money

describe('What becomes of credits, before a person picks their invoice [F1]', () => {
  it('says how many are written on how many agreements, and of each reason what is not', () => {
    const credits = {
      carried: { count: 3, price: price('-41.2'), agreements: 2 },
      notCarried: [{ why: 'unmapped' as const, count: 1, price: price('-5') }],
    }
    expect(heldCreditsSaid(credits, 'AUD')).toEqual([
      'If it is used, 3 credits and adjustments, −A$41.20 in all, are written on 2 agreements, each as an addition of its own.',
      'Not written by itself: 1 credit or adjustment, −A$5.00; their customer is not mapped to an agreement.',
    ])
  })

  it('says it where none is written', () => {
    const credits = { carried: { count: 0, price: price('0'), agreements: 0 }, notCarried: [] }
    expect(heldCreditsSaid(credits, 'AUD')).toEqual([
      'If it is used, none of its credits and adjustments is written.',
    ])
  })
})

describe('The proof names credits [F1]', () => {
  const row = (kind: 'credit' | 'subscription', invoiced: string, billed: string) => ({
    kind,
    invoiced: { price: price(invoiced), cost: price('0') },
    billed: { price: price(billed), cost: price('0') },
  })

  it('with what they are invoiced and billed', () => {
    const rows = [row('subscription', '50', '50'), row('credit', '-41.2', '-41.2'), row('credit', '5', '0')]
    expect(creditsProved(rows, 'AUD')).toBe(
      'Credits and adjustments among them: −A$36.20 invoiced, −A$41.20 billed.',
    )
  })

  it('and not where there are none', () => {
    expect(creditsProved([row('subscription', '50', '50')], 'AUD')).toBeNull()
    expect(creditsProved([row('credit', '0', '0')], 'AUD')).toBeNull()
  })
})
