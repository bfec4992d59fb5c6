import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { subscriptionKey } from './keys.ts'
import { type LastingCause, type LastingPoint, lastingAfter } from './lasting-points.ts'
import { plan } from './plan.ts'
import {
  addition,
  agreement,
  day,
  line,
  owned,
  situation,
  subscriptionId,
  usage,
} from './testing/factories.ts'
import type { Money, Period, PeriodPlan, Quantity, Situation, SubscriptionPlan } from './types.ts'

const id = subscriptionKey(subscriptionId)
const open = (over: Parameters<typeof addition>[3] = {}) => addition(5, '2026-06-01', null, over)
const month = (over: Partial<Situation>): PeriodPlan =>
  plan(situation(over)).periods.at(-1) ?? expect.fail('no month')
const found = (months: readonly PeriodPlan[], before: readonly LastingPoint[] = [], isOnInvoice = true) =>
  lastingAfter(before, months, { isOnInvoice: () => isOnInvoice })
const shortly = (points: readonly LastingPoint[]) =>
  points.map(({ cause, period, amount }) => [cause, period, amount])
const whole = (text = '2026-09', over: Parameters<typeof line>[4] = {}) =>
  usage([line(5, text, 1, 30, over)], text)

describe('A price below cost', () => {
  const leak = open({ unitPrice: '16.1' as Money })
  const of = (text = '2026-09'): PeriodPlan =>
    month({ additions: [leak], owned: owned(leak), usages: [whole(text, { unit: [18.8, 22.6] })] })

  it('is a Warning of every month, with what it loses, and no difference beside it [J3]', () => {
    const [row] = of().subscriptions
    expect(row?.status).toBe('Warning')
    expect(row?.findings.find(({ code }) => code === 'price-below-cost')).toMatchObject({
      severity: 'warning',
      message: expect.stringMatching(/^Addition \d+ bills 16\.10 a unit and costs 18\.80$/),
      amount: '13.5',
    })
    expect(shortly(found([of()]))).toEqual([['below-cost', '2026-09', '13.5']])
    expect(shortly(found([of('2026-11')], found([of()])))).toEqual([['below-cost', '2026-11', '13.5']])
  })

  it('is one, too, where PRISM’s own retail price is below its cost, and nothing else is to be said [J3]', () => {
    const alike = open({ unitCost: '18.8' as Money, unitPrice: '16.1' as Money })
    const usages = [whole('2026-09', { unit: [18.8, 16.1] })]
    const before = { period: '2026-08' as Period, lines: whole('2026-08', { unit: [18.8, 16.1] }).lines }
    const asBefore = month({
      additions: [alike],
      owned: owned(alike),
      usages,
      previous: { ...before } as never,
    })
    expect(shortly(found([asBefore]))).toEqual([['below-cost', '2026-09', '13.5']])
  })

  it('is none where nothing of it is billed, and where it ends [J3]', () => {
    const free = open({ unitPrice: '16.1' as Money, billCustomer: 'DoNotBill' })
    const usages = [whole('2026-09', { unit: [18.8, 22.6] })]
    expect(shortly(found([month({ additions: [free], owned: owned(free), usages })]))).toEqual([
      ['difference/not-billed', '2026-09', '80.5'],
    ])
    const more = [usage([line(8, '2026-09', 1, 30, { unit: [18.8, 22.6] })])]
    expect(found([month({ additions: [leak], owned: owned(leak), usages: more })])).toEqual([])
  })
})

describe('A difference', () => {
  const own = open({ unitPrice: '9' as Money })
  const of = (text: string, over: Partial<Situation> = {}): PeriodPlan =>
    month({ additions: [own], owned: owned(own), usages: [whole(text)], ...over })

  it('of the price is what it makes each month, in the last month that has it [J3]', () => {
    const september = found([of('2026-09')])
    expect(shortly(september)).toEqual([['difference/price', '2026-09', '5']])
    expect(shortly(found([of('2026-11')], september))).toEqual([['difference/price', '2026-11', '5']])
  })

  it('is gone once a plan finds it mended, or the subscription is on no invoice any more [J3]', () => {
    const september = found([of('2026-09')])
    const right = open()
    const mended = month({ additions: [right], owned: owned(right), usages: [whole('2026-11')] })
    expect(found([mended], september)).toEqual([])
    const without = { ...mended, subscriptions: [] }
    expect(shortly(found([without], september))).toEqual(shortly(september))
    expect(found([without], september, false)).toEqual([])
  })

  it('stays where a plan did not look at it: failed, waiting, skipped, or of an earlier month [J3]', () => {
    const september = found([of('2026-09')])
    const [row] = of('2026-11').subscriptions
    const as = (more: Partial<SubscriptionPlan>): PeriodPlan => ({
      ...of('2026-11'),
      subscriptions: [{ ...(row as SubscriptionPlan), findings: [], ...more }],
    })
    const skipped = [{ code: 'month-skipped', severity: 'note' }] as unknown as SubscriptionPlan['findings']
    for (const more of [
      { status: 'Error' as const },
      { waits: { question: 'guard' as const, changes: [] } },
      { findings: skipped },
      { late: true },
    ])
      expect(shortly(found([as(more)], september)), JSON.stringify(more)).toEqual(shortly(september))
    expect(shortly(found([{ ...as({}), period: '2026-08' as Period }], september))).toEqual(
      shortly(september),
    )
  })

  it('is told, too, of a month that ConnectWise has invoiced and that is not planned again [F6]', () => {
    const invoiced = of('2026-09', {
      agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
      good: { [id]: ['2026-09' as Period] },
      invoices: [{ through: day('2026-09-30'), additions: [own] }] as never,
    })
    expect(invoiced.subscriptions[0]?.findings.map(({ code }) => code)).toContain('price-differs')
    expect(shortly(found([invoiced], found([of('2026-09')])))).toEqual([['difference/price', '2026-09', '5']])
  })

  it('of licences that are included is their price [F19]', () => {
    const included = open({ lessIncluded: '2' as Quantity })
    const usages = [whole()]
    expect(shortly(found([month({ additions: [included], owned: owned(included), usages })]))).toEqual([
      ['difference/not-billed', '2026-09', '20'],
    ])
  })

  it('of what ConnectWise has billed is its month’s, whatever later months are like [2a, Days billed]', () => {
    const nine = { ...own, unitPrice: '10' as Money, quantity: '9' as Quantity }
    const right = open()
    const drifted = month({
      additions: [nine],
      owned: owned(nine),
      usages: [whole()],
      agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
      good: { [id]: ['2026-09' as Period] },
      invoices: [{ through: day('2026-09-30'), additions: [nine] }] as never,
    })
    const fine = month({ additions: [right], owned: owned(right), usages: [whole('2026-11')] })
    const september = found([drifted])
    expect(shortly(september)).toEqual([['difference/drift', '2026-09', '40']])
    expect(shortly(found([fine], september, false))).toEqual(shortly(september))
  })

  it('that no rule explains is its month’s, too: an amount that is none of quantity, price and days', () => {
    const right = open()
    const odd = usage([line(5, '2026-09', 1, 30, { price: '57' as Money, cost: '40' as Money })])
    const of57 = month({ additions: [right], owned: owned(right), usages: [odd] })
    expect(shortly(found([of57]))).toEqual([['difference/unexplained', '2026-09', '7']])
  })
})

describe('An ignored amount', () => {
  const annual = (text: string, price = '1445'): PeriodPlan =>
    month({
      usages: [
        usage(
          [
            line(1, text, 1, 30, {
              billingCycle: 'Annual',
              termDuration: '1',
              termUnit: 'YEARS',
              price: price as Money,
            }),
          ],
          text,
        ),
      ],
    })
  const nothing = (text: string): PeriodPlan => ({ ...annual(text), ignored: [], subscriptions: [] })

  it('stays through the months that do not have it [F4]', () => {
    const april = found([annual('2026-04')])
    expect(shortly(april)).toEqual([['ignored/annual', '2026-04', '1445']])
    expect(april[0]?.message).toBe('The annual subscription is not synced: 1445.00 for April 2026')
    const later = found([nothing('2026-06')], found([nothing('2026-05')], april, false), false)
    expect(shortly(later)).toEqual(shortly(april))
  })

  it('is the newest month’s where each has one, also where they are synced together [F4]', () => {
    const three = ['2026-04', '2026-05', '2026-06'].map((text) => annual(text, '120'))
    expect(shortly(found(three))).toEqual([['ignored/annual', '2026-06', '120']])
    expect(shortly(found([annual('2026-05', '130')], found(three)))).toEqual([
      ['ignored/annual', '2026-06', '120'],
    ])
  })

  it('is gone where another invoice of the month has it no more, or the subscription is synced by the month', () => {
    const april = found([annual('2026-04')])
    expect(found([nothing('2026-04')], april)).toEqual([])
    expect(found([month({ usages: [whole('2026-05')] })], april)).toEqual([])
  })

  it('is Azure’s while that is switched off, and gone once it is on [F3]', () => {
    const options = { ...situation().options, syncAzure: false }
    const azure = { offerName: 'Azure plan', price: '88' as Money }
    const usages = [usage([line(1, '2026-04', 1, 30, azure)], '2026-04')]
    const off = found([month({ usages, options })])
    expect(shortly(off)).toEqual([['ignored/azure', '2026-04', '88']])
    const row = { kind: 'azure', subscriptionId: '', tenantId: '', status: 'Success', findings: [] }
    const on = { ...nothing('2026-05'), subscriptions: [row as unknown as SubscriptionPlan] }
    expect(found([on], off)).toEqual([])
  })
})

it('takes nothing away that no plan looked at, for every history [J3]', () => {
  const causes: readonly LastingCause[] = [
    'below-cost',
    'difference/price',
    'difference/drift',
    'ignored/annual',
  ]
  const point = fc.record({
    cause: fc.constantFrom(...causes),
    subscriptionId: fc.constantFrom('a', 'b').map(subscriptionKey),
    period: fc.constantFrom('2026-04', '2026-05', '2026-06').map((text) => text as Period),
  })
  fc.assert(
    fc.property(fc.array(point), fc.constantFrom('2026-05', '2026-07'), (all, text) => {
      const before = all.map(
        (each): LastingPoint => ({
          ...each,
          tenantId: 'tenant-1',
          product: 'Visio',
          amount: '1' as Money,
          message: '',
          detail: '',
          remedy: '',
          offerPrice: null,
          offerFrom: null,
        }),
      )
      const failed = {
        kind: 'subscription',
        status: 'Error',
        findings: [],
        subscriptionId: 'a',
        tenantId: 'tenant-1',
      }
      const months = [
        { period: text as Period, subscriptions: [failed], ignored: [] } as unknown as PeriodPlan,
      ]
      const after = found(months, before)
      for (const each of before) {
        // Of the month itself the plan says what is ignored.
        if (each.cause === 'ignored/annual' && each.period <= text && months[0]?.period === each.period)
          continue
        expect(
          after.some(({ cause, subscriptionId: of }) => cause === each.cause && of === each.subscriptionId),
        ).toBe(true)
      }
    }),
  )
})
