/** One labelled correction an agreement and month makes ConnectWise's bill PRISM's (J10; docs/billing-rules.md, "Exact amounts"). */
import { describe, expect, it } from 'vitest'
import { bill } from './bill.ts'
import { finding } from './finding.ts'
import { skuKey, subscriptionKey } from './keys.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  agreement,
  day,
  line,
  period,
  situation as situationOf,
  subscriptionId,
  usage,
} from './testing/factories.ts'
import type { Addition, BadLine, Money, PeriodPlan, Quantity, Situation, SubscriptionPlan } from './types.ts'
import { undo } from './undo.ts'

const id = subscriptionKey(subscriptionId)
const options = { ...situationOf().options, exactAmounts: true }
const unit = [4.21, 5.37] as const
const failed = finding('addition-unreadable', 'error', 'It failed', 'It was not synced.', 'Sync again.')
const badLine: BadLine = {
  row: 9,
  tenantId: 'tenant-1',
  subscriptionId: '',
  offerName: '',
  column: 'SubscriptionId',
  reason: 'the subscription id is empty',
  cost: null,
  price: null,
}
const prices = { unitCost: '4.21' as Money, unitPrice: '5.37' as Money }

/** 5 seats at 5.37 for 15 of 30 days: PRISM invoices 13.43, ConnectWise bills 13.45; cost 10.53 and 10.55. */
const half = [line(5, '2026-09', 16, 30, { unit })]

const situation = (over: Partial<Situation> = {}): Situation =>
  situationOf({ usages: [usage(half)], options, ...over })

const planned = (of: Situation): PeriodPlan => {
  const [month] = plan(of).periods
  if (month === undefined) throw new Error('a usage gives a period')
  return month
}

const applied = (of: Situation): Situation => ({ ...of, ...simulate(of, changesOf(planned(of))) })

/** With the first round's changes, after which only the correction is left. */
const written = (over: Partial<Situation> = {}): Situation => applied(situation(over))

const correction = ({ subscriptions }: PeriodPlan): SubscriptionPlan | undefined =>
  subscriptions.find((row) => row.subscriptionId === 'cents-2026-09')

const correctionOf = ({ additions }: Situation): Addition | undefined =>
  additions.find(({ serialNumber }) => serialNumber === 'cents-2026-09')

const billed = ({ additions, agreement: of }: Situation) => bill(additions, of, period('2026-09')).total

describe('The correction of a month', () => {
  it('is planned once nothing else is left to write, and bills the rounding, price and cost [J10]', () => {
    const first = situation()
    expect(correction(planned(first))).toBeUndefined()
    const second = planned(written())
    expect(changesOf(second).filter(({ kind }) => kind !== 'keep')).toEqual([
      {
        kind: 'create',
        reason: { rule: 'rounding', period: '2026-09' },
        addition: {
          sku: 'sku-Business Premium',
          catalogItemId: 1,
          serialNumber: 'cents-2026-09',
          quantity: '1',
          lessIncluded: '0',
          unitCost: '-0.02',
          unitPrice: '-0.02',
          effectiveDate: '2026-09-01',
          cancelledDate: '2026-09-30',
          billCustomer: 'Billable',
          taxable: true,
          invoiceDescription: "Rounding of September 2026, so that the invoice equals PRISM's",
          invoiceGrouping: null,
        },
        lots: [
          {
            quantity: '1',
            origin: 'created',
            prism: { cost: '-0.02', price: '-0.02' },
            set: { cost: '-0.02', price: '-0.02' },
          },
        ],
      },
    ])
    expect(correction(second)?.product.name).toBe('Rounding of September 2026')
  })

  it('makes the bill the invoice to the cent, and is a term of the proof by its own name [J10]', () => {
    const done = applied(written())
    expect(billed(done)).toEqual({ cost: '10.53', price: '13.43' })
    const again = planned(done)
    expect(isNothingToWrite({ agreementId: 7, periods: [again] })).toBe(true)
    expect(again.totals).toMatchObject({
      invoiced: { cost: '10.53', price: '13.43' },
      billed: { cost: '10.53', price: '13.43' },
      rounding: { cost: '-0.02', price: '-0.02' },
      unexplained: { cost: '0', price: '0' },
      terms: { exactAmounts: { cost: '0.02', price: '0.02' } },
    })
  })

  it('is not there while the option is off, or where there is nothing to correct [J10]', () => {
    const off = written({ options: { ...options, exactAmounts: false } })
    expect(correction(planned(off))).toBeUndefined()
    const whole = written({ usages: [usage([line(5, '2026-09', 1, 30, { unit })])] })
    expect(correction(planned(whole))).toBeUndefined()
  })

  it.each<[string, Partial<Situation>]>([
    ['fails', { failed: { [id]: [failed] } }],
    ['waits', { waiting: { [id]: period('2026-08') } }],
    ['is skipped', { skipped: { [id]: [period('2026-09')] } }],
    [
      'is Azure and is skipped',
      {
        usages: [
          usage([...half, line(1, '2026-09', 1, 30, { subscriptionId: 'azure-a', offerName: 'Azure plan' })]),
        ],
        skipped: { [subscriptionKey('azure-a')]: [period('2026-09')] },
      },
    ],
    [
      'is still to be written',
      { usages: [usage([...half, line(1, '2026-09', 1, 30, { unit, subscriptionId: 'another' })])] },
    ],
    [
      'has a line that cannot be read',
      {
        usages: [
          {
            ...usage(half),
            badLines: [badLine],
          },
        ],
      },
    ],
  ])('waits where a subscription of the month %s, and stays as it is [J10]', (_why, over) => {
    const before = written()
    expect(correction(planned({ ...before, ...over }))).toBeUndefined()
    const there = applied(before)
    const other = simulate(there, [])
    const changed = other.additions.map((each) =>
      each.serialNumber === 'cents-2026-09' ? { ...each, unitPrice: '-0.05' as Money } : each,
    )
    const row = correction(planned({ ...there, ...over, additions: changed }))
    expect(row?.changes.map(({ kind }) => kind)).toEqual(['keep'])
    expect(row?.reconciliation.terms).toEqual({ exactAmounts: { cost: '0.02', price: '0.05' } })
  })

  it('follows an invoice that is issued again, down to 0.00 [J10]', () => {
    const done = applied(written())
    const whole = { ...done, usages: [usage([line(5, '2026-09', 1, 30, { unit })])] }
    const second = planned(applied(whole))
    expect(correction(second)?.changes).toMatchObject([
      { kind: 'update', set: { unitCost: '0', unitPrice: '0' } },
    ])
    const last = applied(applied(whole))
    expect(isNothingToWrite(plan(last))).toBe(true)
    expect(planned(last).totals.terms).toBeUndefined()
    expect(billed(last)).toEqual({ cost: '21.05', price: '26.85' })
  })

  it('is mended where somebody edited it, and created again where somebody deleted it [J10]', () => {
    const done = applied(written())
    const edited = done.additions.map((each) =>
      each.serialNumber === 'cents-2026-09'
        ? {
            ...each,
            quantity: '3' as Quantity,
            lessIncluded: '1' as Quantity,
            unitPrice: '7' as Money,
            effectiveDate: day('2026-09-02'),
            cancelledDate: null,
            billCustomer: 'NoCharge' as const,
          }
        : each,
    )
    expect(correctionOf(applied({ ...done, additions: edited }))).toEqual(correctionOf(done))
    const without = done.additions.filter(({ serialNumber }) => serialNumber !== 'cents-2026-09')
    expect(billed(applied({ ...done, additions: without }))).toEqual({ cost: '10.53', price: '13.43' })
  })

  it('is frozen once ConnectWise has invoiced the month: another rounding is a term [J10]', () => {
    const done = applied(written())
    const invoiced: Situation = {
      ...done,
      agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
      good: { [id]: [period('2026-09')] },
      invoices: [{ through: day('2026-09-30'), additions: done.additions }],
      additions: done.additions.map((each) =>
        each.serialNumber === 'cents-2026-09' ? { ...each, unitPrice: '9' as Money } : each,
      ),
    }
    const month = planned(invoiced)
    expect(isNothingToWrite({ agreementId: 7, periods: [month] })).toBe(true)
    expect(month.totals.terms?.exactAmounts).toEqual({ cost: '0.02', price: '0.02' })
    const never = { ...invoiced, additions: written().additions, invoices: [] }
    expect(correction(planned(never))).toBeUndefined()
  })

  it('goes to 0.00 where the option is switched off before ConnectWise has invoiced the month, else it stays [J10]', () => {
    const off = { ...options, exactAmounts: false }
    const done = { ...applied(written()), options: off }
    expect(correction(planned(done))?.changes).toMatchObject([
      { kind: 'update', set: { unitCost: '0', unitPrice: '0' } },
    ])
    expect(isNothingToWrite(plan(applied(done)))).toBe(true)
    const invoiced = { ...done, agreement: agreement({ nextInvoiceDate: day('2026-10-01') }) }
    expect(correction(planned(invoiced))?.changes.map(({ kind }) => kind)).toEqual(['keep'])
  })

  it('is never a subscription’s, never gone, and of no concern to the next month [J10]', () => {
    const done = applied(written())
    const october: Situation = {
      ...done,
      agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
      good: { [id]: [period('2026-09')] },
      previous: done.usages[0] ?? null,
      usages: [usage([line(5, '2026-10', 1, 31, { unit })], '2026-10')],
    }
    const month = planned(october)
    expect(month.subscriptions.map((row) => [row.kind, row.status])).toEqual([['subscription', 'No Change']])
    const september = planned({ ...done, usages: [usage([...half, line(2, '2026-09', 1, 30, { unit })])] })
    const [row] = september.subscriptions
    expect(
      row?.changes.some((change) => 'additionId' in change && change.additionId === correctionOf(done)?.id),
    ).toBe(false)
  })

  it('of a person, with the same serial number, is no correction: it stays, by another name [J10]', () => {
    const theirs = addition(1, '2026-09-01', '2026-09-30', {
      id: 900,
      serialNumber: 'CENTS-2026-09',
      ...prices,
    })
    const before = written({ additions: [theirs] })
    const month = planned(before)
    expect(month.totals.terms?.reserved).toEqual({ cost: '-4.21', price: '-5.37' })
    const done = applied(before)
    expect(done.additions.find((each) => each.id === theirs.id)).toEqual(theirs)
    expect(planned(done).totals.terms?.exactAmounts).toEqual({ cost: '0.02', price: '0.02' })
    expect(isNothingToWrite(plan(done))).toBe(true)
  })

  it('is taken back by an undo [J10, J2]', () => {
    const before = written()
    const done = applied(before)
    const its = correctionOf(done)
    if (its === undefined) throw new Error('it is there')
    const [undone] = undo({
      situation: done,
      written: [
        {
          kind: 'addition',
          subscriptionId: subscriptionKey(its.serialNumber),
          additionId: its.id,
          before: null,
          after: its,
        },
      ],
      restored: [],
      invoicedBefore: null,
      invoicedThrough: day('2026-08-31'),
      skuOf: () => skuKey('sku-Business Premium'),
    })
    expect(undone?.changes.map(({ kind }) => kind)).toEqual(['delete'])
  })
})
