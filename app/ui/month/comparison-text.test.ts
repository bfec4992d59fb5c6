import { describe, expect, it } from 'vitest'
import type { ReconciledRow } from '#app/api/schemas/reconciliation.ts'
import type { Money, Period } from '#lib/billing/types.ts'
import { billedOtherwise, comparisonText, signedText } from './comparison-text.ts'

const amount = (price: string, cost = '7.77') => ({ price: price as Money, cost: cost as Money })
const row = (over: Partial<ReconciledRow> = {}): ReconciledRow => ({
  key: 't/s',
  tenantId: 't',
  customer: 'Coho Winery',
  product: 'Business Premium',
  subscriptionId: 's',
  earlier: amount('234'),
  later: amount('207.60'),
  difference: amount('-26.40', '-20.15'),
  margin: '33.33' as Money,
  billed: null,
  parts: [
    { reason: 'fewer', from: null, text: '2 fewer from 20 Jul 2026 (10 → 8)', amount: amount('-26.40') },
    { reason: 'cost', from: null, text: 'cost 18.00 → 19.00 from 1 Jul 2026', amount: amount('0', '4') },
  ],
  ...over,
})
const of = (rows: ReconciledRow[], difference = '-26.4') => ({
  earlier: '2026-06' as Period,
  later: '2026-07' as Period,
  currency: 'AUD',
  rows,
  total: { earlier: amount('1234.5'), later: amount('1208.1'), difference: amount(difference) },
})

describe('two months as a text for the customer [J5]', () => {
  it('says both sums, what changed and why, and nothing of what it costs', () => {
    const text = comparisonText('Coho Winery', of([row(), row({ difference: amount('0', '4') })]))
    expect(text).toBe(
      [
        'Coho Winery',
        'July 2026 compared with June 2026',
        '',
        'June 2026: A$1,234.50',
        'July 2026: A$1,208.10',
        'Difference: −A$26.40',
        '',
        'Business Premium: A$234.00 → A$207.60 (−A$26.40)',
        '  2 fewer from 20 Jul 2026 (10 → 8): −A$26.40',
      ].join('\n'),
    )
    expect(text).not.toMatch(/cost|margin|7\.77|18\.00|33\.33|20\.15/i)
  })

  it('says that nothing changed', () =>
    expect(comparisonText('Coho Winery', of([], '0'))).toMatch(/Difference: A\$0\.00\n\nNothing changed\.$/))

  it('has a sign where there is an amount', () =>
    expect(['16', '-0.5', '0'].map((each) => signedText(each, 'AUD'))).toEqual([
      '+A$16.00',
      '−A$0.50',
      'A$0.00',
    ]))

  it('knows what is billed otherwise, where it is known at all', () => {
    expect(billedOtherwise([row()])).toBeNull()
    expect(billedOtherwise([row({ billed: '207.60' as Money }), row({ billed: '200' as Money })])).toBe(
      '-7.60',
    )
    expect(billedOtherwise([row({ billed: '210' as Money })])).toBe('2.40')
  })
})
