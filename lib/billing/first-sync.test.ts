/**
 * A customer's first sync where ConnectWise has invoiced the month already (design.md 2a, "First sync"): nothing that was
 * billed in another way is billed again. September 2026, invoiced on 1 October; 5 x 10.00.
 */
import { describe, expect, it } from 'vitest'
import { bill } from './bill.ts'
import { changesOf, isGood, isNothingToWrite, plan } from './plan.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  agreement,
  day,
  line,
  owned,
  situation,
  subscriptionId,
  tenantId,
  usage,
} from './testing/factories.ts'
import type { FirstSync, InvoiceLine, Period, PeriodPlan, Situation } from './types.ts'

const id = subscriptionId.toLowerCase()
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
