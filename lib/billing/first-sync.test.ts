/**
 * A customer's first sync where ConnectWise has invoiced the month already (docs/billing-rules.md,
 * "First sync"): nothing that was billed in another way is billed again. September 2026, invoiced on 1
 * October; 5 x 10.00.
 */
import { describe, expect, it } from 'vitest'
import { bill } from './bill.ts'
import { isGood } from './held-back.ts'
import { type SubscriptionKey, subscriptionKey } from './keys.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  agreement,
  catalogItem,
  day,
  line,
  owned,
  product,
  situation,
  subscriptionId,
  tenantId,
  usage,
} from './testing/factories.ts'
import type { FirstSync, InvoiceLine, Money, Period, PeriodPlan, Situation } from './types.ts'

const id = subscriptionKey(subscriptionId)
const other = 'B0000000-0000-4000-8000-000000000002'
const whole = (quantity = 5, over: Parameters<typeof line>[4] = {}): InvoiceLine =>
  line(quantity, '2026-09', 1, 30, over)
const tenants = (begin: FirstSync, isChosen = true): Pick<Situation, 'tenants'> => ({
  tenants: [{ id: tenantId, name: 'Coho Winery', syncs: true, firstSync: { begin, isChosen } }],
})
const invoiced = { agreement: agreement({ nextInvoiceDate: day('2026-10-01') }) }
const first = (begin: FirstSync, over: Partial<Situation> = {}): Situation =>
  situation({ ...invoiced, ...tenants(begin), usages: [usage([whole()])], ...over })
const planned = (of: Situation): PeriodPlan => plan(of).periods[0] ?? expect.fail()
const writes = (of: PeriodPlan): string[] =>
  changesOf(of).flatMap((change) =>
    change.kind === 'create' ? [`${change.addition.quantity} from ${change.addition.effectiveDate}`] : [],
  )
const billed = (of: Situation, period: string) =>
  bill(of.additions, of.agreement, period as Period).total.price

describe('a customer that was synced elsewhere with one of its subscriptions', () => {
  const both = [whole(), whole(3, { subscriptionId: other })]
  const of = (synced: readonly SubscriptionKey[]): Situation =>
    first('next', { ...tenants('next', false), synced, usages: [usage(both)] })

  it('is asked about where nothing of it is written', () => {
    expect(planned(of([])).subscriptions.map(({ waits }) => waits?.question)).toEqual([
      'first-sync',
      'first-sync',
    ])
  })

  it.each([
    ['the first', [id], ['5 from 2026-09-01', '3 from 2026-10-01']],
    ['the second', [subscriptionKey(other)], ['5 from 2026-10-01', '3 from 2026-09-01']],
  ])('begins as the program says where the plan bills the other one as usual: %s', (_, synced, written) => {
    const before = of(synced)
    expect(writes(planned(before))).toEqual(written)
    const starts = Object.fromEntries(
      planned(before).subscriptions.flatMap(({ subscriptionId: of, begins }) =>
        begins === undefined ? [] : [[of.toLowerCase(), begins]],
      ),
    )
    expect(
      isNothingToWrite(plan({ ...before, ...simulate(before, changesOf(planned(before))), starts })),
    ).toBe(true)
  })
})

describe('a first sync after the month was invoiced [E6]', () => {
  it('begins with the next month, says what it did not bill, and stays there when it is planned again', () => {
    const before = first('next')
    const of = planned(before)
    expect(writes(of)).toEqual(['5 from 2026-10-01'])
    expect(of.subscriptions[0]).toMatchObject({ status: 'Warning', begins: '2026-10' })
    expect(of.subscriptions[0]?.findings[0]?.message).toContain(
      'September 2026 usage of 50.00 is not billed here',
    )
    expect(of.totals.terms).toEqual({ beforeStart: { cost: '40', price: '50' } })
    const starts = { [id]: '2026-10' as Period }
    const after = { ...simulate(before, changesOf(of)), starts }
    expect(isNothingToWrite(plan(after))).toBe(true)
    expect([billed(after, '2026-09'), billed(after, '2026-10')]).toEqual(['0', '50'])
    expect(writes(planned({ ...before, starts }))).toEqual(['5 from 2026-10-01'])
    const good = { [id]: ['2026-09' as Period] }
    const august = [usage([line(5, '2026-08', 1, 31)], '2026-08')]
    expect(planned({ ...after, good, usages: august }).subscriptions).toEqual([])
  })

  it('bills the month as catch-up where that was chosen', () => {
    const of = planned(first('catch-up'))
    expect([writes(of), of.subscriptions[0]?.status]).toEqual([['5 from 2026-09-01'], 'Success'])
  })

  it('writes nothing where the customer is billed elsewhere, and names the amount every month', () => {
    const of = planned(first('elsewhere'))
    expect([writes(of), of.subscriptions[0]?.begins]).toEqual([[], 'elsewhere'])
    expect(of.totals.terms).toEqual({ billedElsewhere: { cost: '40', price: '50' } })
    const october = {
      ...first('next'),
      starts: { [id]: 'elsewhere' as const },
      usages: [usage([line(5, '2026-10', 1, 31)], '2026-10')],
    }
    expect(planned(october).totals.terms).toEqual({ billedElsewhere: { cost: '40', price: '50' } })
  })

  it.each([
    ['open', null, 3, '30', '20'],
    ['that ends with the month', '2026-09-30', 3, '30', '20'],
    ['that bills more than is invoiced', null, 7, '70', '-20'],
    ['that ended before', '2026-08-31', 3, '0', '50'],
  ])(
    'leaves what people made of one that is billed elsewhere, and names what that does not bill: an addition %s',
    (_, to, quantity, bills, elsewhere) => {
      const there = addition(quantity, '2026-06-01', to)
      const of = planned(first('elsewhere', { additions: [there], owned: [], starts: { [id]: 'elsewhere' } }))
      expect(changesOf(of).filter((change) => change.kind !== 'keep' || change.lots)).toEqual([])
      expect([of.totals.billed.price, of.totals.terms?.billedElsewhere?.price]).toEqual([bills, elsewhere])
    },
  )

  it('is as usual where the month is not invoiced, or the subscription has its addition', () => {
    expect(writes(planned(first('next', { agreement: agreement() })))).toEqual(['5 from 2026-09-01'])
    const there = addition(5, '2026-06-01')
    const of = planned(first('next', { additions: [there] }))
    expect([writes(of), of.subscriptions[0]?.begins]).toEqual([[], undefined])
  })

  it('asks once for a customer of which nothing is there, and not for one that has some', () => {
    const both = [whole(), whole(3, { subscriptionId: other })]
    const asked = planned(first('next', { ...tenants('next', false), usages: [usage(both)] }))
    expect([writes(asked), asked.subscriptions.map(({ waits }) => waits?.question)]).toEqual([
      [],
      ['first-sync', 'first-sync'],
    ])
    expect(asked.totals.terms).toEqual({ waiting: { cost: '64', price: '80' } })
    expect(asked.subscriptions.some(isGood)).toBe(false)
    const there = addition(5, '2026-06-01')
    const some = planned(
      first('next', { ...tenants('next', false), usages: [usage(both)], additions: [there] }),
    )
    expect(writes(some)).toEqual(['3 from 2026-10-01'])
  })

  it('does not ask again once something of the customer was good here', () => {
    const ours = addition(5, '2026-06-01')
    const known = {
      tenants: [{ id: tenantId, name: 'Coho', syncs: true }],
      additions: [ours],
      owned: owned(ours),
    }
    const of = planned({
      ...first('next'),
      ...known,
      usages: [usage([whole(), whole(2, { subscriptionId: other })])],
    })
    expect(writes(of)).toEqual(['2 from 2026-09-01'])
  })
})

describe('a first sync of several months', () => {
  const august = usage([line(5, '2026-08', 1, 31)], '2026-08')
  const begunBy = (of: Situation) =>
    plan(of).periods.map((each) => [writes(each), each.subscriptions.map(({ begins }) => begins)])

  it('begins with what the latest of those months says', () => {
    expect(begunBy(first('next', { usages: [august, usage([whole(7)])] }))).toEqual([
      [[], ['2026-10']],
      [['7 from 2026-10-01'], ['2026-10']],
    ])
    expect(begunBy(first('next', { usages: [august, usage([])] }))).toEqual([
      [[], ['2026-10']],
      [[], []],
    ])
  })

  it('has what came later begin as the others did, and what comes after it as usual', () => {
    const later = [whole(7), whole(2, { subscriptionId: other })]
    expect(begunBy(first('next', { usages: [august, usage(later)] }))[1]).toEqual([
      expect.arrayContaining(['7 from 2026-10-01', '2 from 2026-10-01']),
      ['2026-10', '2026-10'],
    ])
    const october = [line(5, '2026-10', 1, 31), line(2, '2026-10', 3, 31, { subscriptionId: other })]
    const of = first('next', { usages: [usage([whole()]), usage(october, '2026-10')] })
    expect(begunBy({ ...of, newest: '2026-10' as Period })[1]).toEqual([
      ['2 from 2026-10-03'],
      [undefined, undefined],
    ])
  })

  it('in advance begins with the month after those that are invoiced, also what is new in the last of them', () => {
    const advance = { agreement: agreement({ nextInvoiceDate: day('2026-11-01') }) }
    const starts = { [id]: '2026-11' as Period }
    const before = first('next', { ...advance, starts })
    expect(writes(planned(before))).toEqual(['5 from 2026-11-01'])
    const october = [line(2, '2026-10', 1, 31, { subscriptionId: other })]
    const tenant = {
      id: tenantId,
      name: 'Coho',
      syncs: true,
      firstSync: { begin: 'next', isChosen: false, through: '2026-10', starts: '2026-11' },
    } as Situation['tenants'][number]
    const later = agreement({ nextInvoiceDate: day('2026-12-01') })
    const of = planned({
      ...before,
      agreement: later,
      tenants: [tenant],
      usages: [usage(october, '2026-10')],
    })
    expect([writes(of), of.subscriptions[0]?.begins]).toEqual([['2 from 2026-12-01'], '2026-11'])
  })

  it.each([
    [
      'after the month that its customer began with, as what is new then does',
      '2026-08',
      ['5 from 2026-09-01'],
    ],
    ['in that very month, as the others do', '2026-09', ['5 from 2026-09-01']],
    ['before it, with that month', '2026-10', ['5 from 2026-10-01']],
  ])('has one begin that was billed elsewhere until then: %s', (_, starts, written) => {
    const tenant = {
      id: tenantId,
      name: 'Coho',
      syncs: true,
      firstSync: { begin: 'next', isChosen: true, through: '2026-07', starts },
    } as Situation['tenants'][number]
    const before = first('next', { tenants: [tenant], starts: { [id]: 'next' } })
    const of = planned(before)
    expect(writes(of)).toEqual(written)
    const [begins] = of.subscriptions.map((row) => row.begins)
    const decided = begins === undefined ? before.starts : { [id]: begins }
    expect(writes(planned({ ...before, starts: decided ?? {} }))).toEqual(written)
    const after = { ...before, ...simulate(before, changesOf(of)), starts: decided ?? {} }
    expect(isNothingToWrite(plan(after))).toBe(true)
  })

  it('has what failed in its month begin as the others did', () => {
    const tenant = {
      id: tenantId,
      name: 'Coho',
      syncs: true,
      firstSync: { begin: 'next', isChosen: false, through: '2026-09' },
    } as Situation['tenants'][number]
    const there = addition(5, '2026-06-01')
    const known = {
      tenants: [tenant],
      additions: [there],
      owned: owned(there),
      good: { [id]: ['2026-09' as Period] },
    }
    const lines = [whole(), whole(3, { subscriptionId: other })]
    const of = planned({ ...first('next'), ...known, usages: [usage(lines)] })
    expect(writes(of)).toEqual(['3 from 2026-10-01'])
    const ninth = { [id]: ['2026-09' as Period, '2026-10' as Period] }
    const newOne = [line(3, '2026-10', 1, 31, { subscriptionId: other })]
    const next = planned({
      ...first('next'),
      ...known,
      agreement: agreement({ nextInvoiceDate: day('2026-11-01') }),
      good: ninth,
      usages: [usage(newOne, '2026-10')],
    })
    expect(writes(next)).toEqual(['3 from 2026-10-01'])
  })
})

describe('a customer that is billed elsewhere', () => {
  it('stays so for what is new, also in a month that ConnectWise has not invoiced, until that is taken back', () => {
    const lines = [line(5, '2026-10', 1, 31), line(2, '2026-10', 3, 31, { subscriptionId: other })]
    const october = {
      ...first('elsewhere'),
      starts: { [id]: 'elsewhere' as const },
      usages: [usage(lines, '2026-10')],
    }
    expect(planned(october).subscriptions.map(({ begins }) => begins)).toEqual(['elsewhere', 'elsewhere'])
    const back = (begin: 'next' | 'catch-up') => planned({ ...october, starts: { [id]: begin } })
    expect(writes(back('next'))).toEqual(['5 from 2026-10-01'])
    const invoiced = { ...october, agreement: agreement({ nextInvoiceDate: day('2026-11-01') }) }
    expect(writes(planned({ ...invoiced, starts: { [id]: 'next' } }))).toEqual(['5 from 2026-11-01'])
    expect(writes(planned({ ...invoiced, starts: { [id]: 'catch-up' } }))).toEqual(['5 from 2026-10-01'])
  })

  it('is not one of which a subscription was billed here before: that goes on', () => {
    const of = first('elsewhere', { good: { [id]: ['2026-08' as Period] } })
    expect(writes(planned(of))).toEqual(['5 from 2026-09-01'])
  })
})

describe('Azure usage at a first sync', () => {
  const azureId = subscriptionKey('c0000000-0000-4000-8000-000000000003')
  const second = 'tenant-2'
  const azureLine = (price: number, of = tenantId, subscription: string = azureId): InvoiceLine =>
    whole(1, { subscriptionId: subscription, tenantId: of, offerName: 'Azure plan', unit: [price, price] })
  const azureItem = { ...catalogItem(9, 'Azure plan') }
  const catalog = [catalogItem(), azureItem]
  const products = [product(), product('Azure plan')]
  const both = { catalog, products, subscriptions: [] }

  it('counts as a subscription: what of it ConnectWise has invoiced is not billed, and the next month is', () => {
    const of = planned(first('next', { ...both, usages: [usage([azureLine(120)])] }))
    expect([changesOf(of), of.subscriptions.map(({ begins, status }) => [begins, status])]).toEqual([
      [],
      [['2026-10', 'Warning']],
    ])
    expect(of.totals.terms).toEqual({ beforeStart: { cost: '120', price: '120' } })
    const october = [{ ...azureLine(80), first: day('2026-10-01'), last: day('2026-10-31') }]
    const starts = { [azureId]: '2026-10' as Period }
    const next = planned(first('next', { ...both, starts, usages: [usage(october, '2026-10')] }))
    expect(writes(next)).toEqual(['1 from 2026-10-01'])
  })

  it('is asked about with the rest of the customer, and is as usual where that was chosen or nothing is invoiced', () => {
    const lines = [whole(), azureLine(120)]
    const asked = planned(first('next', { ...both, ...tenants('next', false), usages: [usage(lines)] }))
    expect(asked.subscriptions.map(({ waits }) => waits?.question)).toEqual(['first-sync', 'first-sync'])
    const usual = [first('catch-up', both), first('next', { ...both, agreement: agreement() })]
    for (const of of usual)
      expect(writes(planned({ ...of, usages: [usage(lines)] }))).toEqual([
        '5 from 2026-09-01',
        '1 from 2026-09-01',
      ])
  })

  it('that goes on from elsewhere is of the customer: the rest is not asked about, now nor once it is there', () => {
    const lines = [whole(), azureLine(120)]
    const before = first('next', {
      ...both,
      ...tenants('next', false),
      synced: [azureId],
      usages: [usage(lines)],
    })
    expect(writes(planned(before))).toEqual(['5 from 2026-10-01', '1 from 2026-09-01'])
    const starts = { [id]: '2026-10' as Period }
    const after = { ...before, ...simulate(before, changesOf(planned(before))), starts }
    expect(isNothingToWrite(plan(after))).toBe(true)
  })

  it('of another customer of the agreement stays as it was billed', () => {
    const there = addition(1, '2026-09-01', '2026-09-30', {
      serialNumber: 'azure-2026-09',
      catalogItemId: 9,
      unitCost: '120' as Money,
      unitPrice: '120' as Money,
    })
    const of = (begins: number) =>
      planned({
        ...first('next', { ...both, additions: [there], owned: owned(there) }),
        tenants: [
          { id: tenantId, name: 'Coho', syncs: true },
          { id: second, name: 'Fabrikam', syncs: true, firstSync: { begin: 'next', isChosen: true } },
        ],
        usages: [usage([azureLine(120), azureLine(begins, second, 'd0000000-0000-4000-8000-000000000004')])],
      })
    expect(writes(of(80))).toEqual([])
    expect(of(80).totals.terms).toEqual({ beforeStart: { cost: '80', price: '80' } })
  })

  it('is theirs where its addition has all of it', () => {
    const there = addition(1, '2026-09-01', '2026-09-30', {
      serialNumber: 'azure-2026-09',
      catalogItemId: 9,
      unitCost: '120' as Money,
      unitPrice: '120' as Money,
    })
    const of = planned(
      first('next', {
        ...both,
        ...tenants('next', false),
        additions: [there],
        owned: owned(there),
        usages: [usage([azureLine(120)])],
      }),
    )
    expect(of.subscriptions.map(({ kind, status }) => [kind, status])).toEqual([['azure', 'No Change']])
  })
})
