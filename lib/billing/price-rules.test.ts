/** Price rules by example (J11; docs/billing-rules.md, "Price rules"). */
import { describe, expect, it } from 'vitest'
import { decimal, money } from './decimal.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { isBelowMargin, priceAtMargin, ruleOn, rulesFor, writtenBy } from './price-rules.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  agreement,
  day,
  line,
  owned,
  period,
  situation,
  subscriptionId,
  tenantId,
  usage,
} from './testing/factories.ts'
import type { Addition, Money, PriceRule, RuleTerms, Situation } from './types.ts'

const id = subscriptionKey(subscriptionId)
let ids = 0
const rule = (terms: RuleTerms, over: Partial<PriceRule> = {}): PriceRule => ({
  id: `${(ids += 1)}`,
  tenantId: null,
  sku: null,
  from: null,
  terms,
  ...over,
})
const plus = (percent: string, over: Partial<PriceRule> = {}): PriceRule =>
  rule({ kind: 'cost-plus', percent }, over)
const fixed = (unitPrice: string, over: Partial<PriceRule> = {}): PriceRule =>
  rule({ kind: 'fixed', unitPrice: unitPrice as Money }, over)
const keep = rule({ kind: 'keep' })

const of = (over: Partial<Situation>): Situation => situation(over)
const september = (...lines: Parameters<typeof usage>[0]): Pick<Situation, 'usages'> => ({
  usages: [usage(lines)],
})
const rose = september(line(5, '2026-09', 1, 15), line(8, '2026-09', 16, 30))
const shortly = (now: Situation): string[] =>
  plan(now)
    .periods.flatMap(changesOf)
    .flatMap((change) =>
      change.kind === 'create'
        ? `${change.addition.quantity} at ${change.addition.unitPrice} from ${change.addition.effectiveDate.slice(5)}`
        : change.kind === 'end'
          ? `ends ${change.cancelledDate.slice(5)}`
          : [],
    )
const row = (now: Situation) => plan(now).periods[0]?.subscriptions[0]
const applied = (now: Situation): Situation => ({
  ...now,
  ...simulate(now, plan(now).periods.flatMap(changesOf)),
})
const there = (...all: Addition[]): Pick<Situation, 'additions' | 'owned'> => ({
  additions: all,
  owned: owned(...all),
})

describe('A price rule', () => {
  it.each([
    ['cost plus 20 %', { kind: 'cost-plus', percent: '20' }, '8', '9.6'],
    ['cost plus 12.75 %, half up to cents', { kind: 'cost-plus', percent: '12.75' }, '8.37', '9.44'],
    [
      'cost plus 33.33 % of a cost with four decimals',
      { kind: 'cost-plus', percent: '33.33' },
      '8.3756',
      '11.17',
    ],
    ['half a cent goes up', { kind: 'cost-plus', percent: '50' }, '0.01', '0.02'],
    ['cost plus 0 %', { kind: 'cost-plus', percent: '0' }, '8', '8'],
    ['a fixed price', { kind: 'fixed', unitPrice: '22.60' as Money }, '8', '22.6'],
    ['what ConnectWise has, where it has none', { kind: 'keep' }, '8', '10'],
  ] as const)('of %s makes this of PRISM’s price [J11]', (_, terms, cost, written) => {
    const unit = writtenBy(terms, { cost: decimal(cost), price: decimal('10') }, null)
    expect([money(unit.cost), money(unit.price)]).toEqual([cost, written])
  })

  it('of customer and product wins, then the customer’s, the product’s, the program’s; of one kind the last month [J11]', () => {
    const all = [
      plus('1'),
      plus('2', { sku: 'SKU-Business Premium ' }),
      plus('3', { tenantId }),
      plus('4', { tenantId, sku: 'sku-Business Premium' }),
      plus('5', { tenantId, from: period('2026-11') }),
      plus('6', { tenantId, from: period('2026-10') }),
      plus('7', { tenantId: 'another' }),
      plus('8', { sku: 'another' }),
    ]
    const percents = (rules: readonly PriceRule[]) =>
      rules.map(({ terms }) => (terms.kind === 'cost-plus' ? terms.percent : ''))
    expect(percents(rulesFor(all, tenantId, 'sku-business premium'))).toEqual(['4', '5', '6', '3', '2', '1'])
    const customers = rulesFor(all, tenantId, 'something else')
    const on = (text: string) => percents([ruleOn(customers, day(text)) ?? keep])
    expect([on('2026-09-30'), on('2026-10-01'), on('2026-12-24')]).toEqual([['3'], ['6'], ['5']])
  })

  it.each([
    ['a first quantity', september(line(5, '2026-09', 12, 30)), plus('20'), ['5 at 9.6 from 09-12']],
    [
      'more seats, and what runs on from then',
      { ...rose, ...there(addition(5, '2026-06-01')) },
      plus('20'),
      ['3 at 9.6 from 09-16', 'ends 09-30', '8 at 9.6 from 10-01'],
    ],
    [
      'fewer seats: those are taken back at the price that they have',
      {
        ...september(line(5, '2026-09', 1, 15), line(2, '2026-09', 16, 30)),
        ...there(addition(5, '2026-06-01')),
      },
      plus('20'),
      ['-3 at 10 from 09-16', 'ends 09-30', '2 at 9.6 from 10-01'],
    ],
    [
      'nothing new',
      { ...september(line(5, '2026-09', 1, 30)), ...there(addition(5, '2026-06-01')) },
      plus('20'),
      [],
    ],
    [
      'more seats beside a price of the customer’s that is kept',
      { ...rose, ...there(addition(5, '2026-06-01', null, { unitPrice: '7' as Money })) },
      keep,
      ['3 at 7 from 09-16', 'ends 09-30', '8 at 7 from 10-01'],
    ],
    [
      'a new subscription, of which there is nothing to keep',
      rose,
      keep,
      ['5 at 10 from 09-01', '3 at 10 from 09-16', '8 at 10 from 10-01'],
    ],
  ] as const)('is written for %s, and then nothing is left to write [J11]', (_, over, one, written) => {
    const now = of({ ...over, priceRules: [one] })
    expect(shortly(now)).toEqual(written)
    expect(isNothingToWrite(plan(applied(now)))).toBe(true)
    for (const priceRules of [[], [fixed('77')]]) expect(shortly({ ...applied(now), priceRules })).toEqual([])
  })

  it('is found again by PRISM’s price, so that more seats at one of two prices get that one’s [J11]', () => {
    const both = (more: number) =>
      september(line(3, '2026-09', 1, 30), line(2 + more, '2026-09', 1, 30, { unit: [10, 12.5] }))
    const first = applied(of({ ...both(0), priceRules: [plus('20')] }))
    const [step, other] = first.additions.map(({ quantity, unitPrice }) => `${quantity} at ${unitPrice}`)
    expect([step, other]).toEqual(['3 at 9.6', '2 at 12'])
    const now = { ...first, ...both(2), priceRules: [] }
    // Without the rule the new ones are at PRISM's own price.
    expect(shortly(now)).toEqual(['2 at 12.5 from 09-01', '2 at 12.5 from 10-01'])
    expect(row(applied(now))?.reconciliation.unexplained.price).toBe('0')
  })

  it('is a term of the proof: PRISM’s price less the written one, of the price alone [J11]', () => {
    const done = row(of({ ...rose, ...there(addition(5, '2026-06-01')), priceRules: [plus('20')] }))
    // 3 x (10.00 - 9.60) for half of September.
    expect(done?.reconciliation).toMatchObject({
      invoiced: { price: '65' },
      billed: { price: '64.4' },
      terms: { priceRule: { cost: '0', price: '0.6' } },
      edited: { price: '0' },
      unexplained: { price: '0' },
    })
  })

  it('leaves what a person edits as it is, under its own name [J11]', () => {
    const first = applied(of({ ...september(line(5, '2026-09', 1, 30)), priceRules: [plus('20')] }))
    const additions = first.additions.map((each) => ({ ...each, unitPrice: '11' as Money }))
    expect(shortly({ ...first, additions })).toEqual([])
    expect(row({ ...first, additions })?.reconciliation).toMatchObject({
      terms: { priceRule: { price: '2' } },
      edited: { price: '-7' },
      unexplained: { price: '0' },
    })
  })
})

describe('A price rule with a month', () => {
  const standing = { ...september(line(5, '2026-09', 1, 30)), ...there(addition(5, '2026-06-01')) }
  const october = plus('20', { from: period('2026-10') })

  it.each([
    ['takes hold of what runs on into it', {}, ['ends 09-30', '5 at 9.6 from 10-01']],
    ['not before it', { priceRules: [plus('20', { from: period('2026-11') })] }, []],
    ['once', { rulesTaken: { [id]: [october.id] } }, []],
    [
      'after all that ConnectWise has invoiced',
      { agreement: agreement({ nextInvoiceDate: day('2026-12-01') }) },
      ['ends 11-30', '5 at 9.6 from 12-01'],
    ],
    ['of nothing where it keeps what is there', { priceRules: [{ ...october, terms: keep.terms }] }, []],
    [
      'where a later one of the same kind does not',
      { priceRules: [october, plus('30', { from: period('2026-11') })] },
      ['ends 09-30', '5 at 9.6 from 10-01'],
    ],
  ])('%s [J11]', (_, over, written) => {
    expect(shortly(of({ ...standing, priceRules: [october], ...over }))).toEqual(written)
  })

  it('begins with it where a subscription begins before: nothing is left to write then [J11]', () => {
    const now = of({ ...september(line(5, '2026-09', 12, 30)), priceRules: [october] })
    expect(shortly(now)).toEqual(['5 at 10 from 09-12', '5 at 9.6 from 10-01'])
    expect(shortly(applied(now))).toEqual([])
  })
})

describe('The margin guard', () => {
  it.each([
    ['8', '10', '20', false],
    ['8', '9.99', '20', true],
    ['8', '10', '20.01', true],
    ['8', '0', '20', false],
  ])('of cost %s and price %s at %s %% [J11]', (cost, price, percent, isBelow) => {
    expect(isBelowMargin({ cost: decimal(cost), price: decimal(price) }, percent)).toBe(isBelow)
  })

  it.each([
    ['8', '20', '10'],
    ['10', '30', '14.29'],
    ['0.07', '99.99', '700'],
  ])('of cost %s at %s %% asks for %s [J11]', (cost, percent, price) => {
    expect(money(priceAtMargin(decimal(cost), percent))).toBe(price)
    const cent = decimal(price).minus('0.01')
    expect(isBelowMargin({ cost: decimal(cost), price: decimal(price) }, percent)).toBe(false)
    expect(isBelowMargin({ cost: decimal(cost), price: cent }, percent)).toBe(true)
  })

  it('names a month’s amount, offers the rule’s price, and is off unless it is set [J11]', () => {
    const held = { ...september(line(5, '2026-09', 1, 30)), ...there(addition(5, '2026-06-01')) }
    const found = (marginPercent: string | null, priceRules: PriceRule[] = []) => {
      const now = of({ ...held, priceRules })
      return row({ ...now, options: { ...now.options, marginPercent } })?.findings.map(
        ({ code, amount, offers }) => [code, amount, offers?.unitPrice],
      )
    }
    expect(found(null)).toEqual([])
    expect(found('20')).toEqual([])
    expect(found('25')).toEqual([['price-below-margin', '3.35', undefined]])
    expect(found('25', [plus('40')])).toEqual([['price-below-margin', '3.35', '11.2']])
  })
})
