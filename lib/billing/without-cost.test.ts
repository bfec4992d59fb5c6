import { describe, expect, it } from 'vitest'
import * as findings from './findings.ts'
import type { BadLine, Day, Money } from './types.ts'
import { withoutCost } from './without-cost.ts'

const money = (text: string): Money => text as Money
const line = (more: Partial<BadLine> = {}): BadLine => ({
  row: 7,
  tenantId: 't',
  subscriptionId: 's',
  offerName: 'Exchange',
  column: 'Quantity',
  reason: '“x” is no number',
  cost: money('77.31'),
  price: money('99.50'),
  ...more,
})

describe('what is shown without the cost', () => {
  it('lacks it at every depth, and nothing else [H4]', () => {
    const shown = withoutCost({
      totals: { invoiced: { cost: '77.31', price: '99.50' }, terms: { drift: { cost: '1.07', price: '2' } } },
      subscriptions: [
        { changes: [{ before: { unitCost: '7.731', unitPrice: '9.95', cancelledDate: null } }] },
      ],
      lots: [{ prism: { cost: '7.731', price: '9.95' }, set: { cost: '7.731', price: '9.95' } }],
    })
    expect(shown).toEqual({
      totals: { invoiced: { price: '99.50' }, terms: { drift: { price: '2' } } },
      subscriptions: [{ changes: [{ before: { unitPrice: '9.95', cancelledDate: null } }] }],
      lots: [{ prism: { price: '9.95' }, set: { price: '9.95' } }],
    })
  })

  it('says that the cost changed, and not from what to what; of the retail price it says all [F6][H4]', () => {
    const changed = (of: 'cost' | 'retail') =>
      withoutCost(findings.priceChanged(of, money('1234.5678'), money('7.731'), '2026-09-12' as Day, true))
        .message
    expect(changed('cost')).toBe('Subscription cost unit price changed on 12 Sep 2026')
    expect(changed('retail')).toContain('1234.5678')
  })

  it('names no cost in the words of any other finding [F1][H4]', () => {
    const said = [
      findings.lineUnreadable(line()),
      findings.lineUnplaced(line()),
      findings.lineMayBeIts(line()),
      findings.lineUnreadable(line({ column: 'SubTotal', reason: '“77.31 €” is no number', cost: null })),
      findings.lineUnplaced(line({ column: 'UnitPrice', reason: '“7.731x” is no number.' })),
      findings.priceCut('7.7310000000000000001', money('7.731')),
      // What is lost is the cost less a price that is shown.
      { ...findings.priceBelowCost(7, money('7.00'), money('7.731')), amount: money('0.7731') },
    ].map((finding) => JSON.stringify(withoutCost(finding)))
    for (const text of said) expect(text).not.toMatch(/7\.?7\.?31|7\.731|0\.7731/)
    expect(said.slice(0, 3).every((text) => text.includes('99.50'))).toBe(true)
  })
})
