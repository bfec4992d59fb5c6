/**
 * What ConnectWise has billed stays as it was billed (docs/billing-rules.md, "Days billed"). Readings are
 * what we saw before each of its invoices; 5 x 10.00, ours, open since June, unless said otherwise.
 */
import { describe, expect, it } from 'vitest'
import { heldAdditions } from './billed-days.ts'
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
  usage,
} from './testing/factories.ts'
import type { Addition, AgreementInvoice, Quantity, Situation } from './types.ts'

const reading = (through: string, ...additions: Addition[]): AgreementInvoice => ({
  through: day(through),
  additions,
})
const of = (quantity: number, before: Addition): Addition => ({
  ...before,
  quantity: `${quantity}` as Quantity,
})
const pieces = (from: Situation): string[] =>
  heldAdditions(from).map(
    (each) => `${each.quantity.toFixed()} ${each.start}..${each.end ?? 'open'}${each.writable ? ' *' : ''}`,
  )
const writes = (from: Situation): string[] =>
  plan(from)
    .periods.flatMap(changesOf)
    .flatMap((change) => {
      if (change.kind === 'create')
        return [
          `${change.addition.quantity} ${change.addition.effectiveDate}..${change.addition.cancelledDate ?? 'open'}`,
        ]
      return change.kind === 'end' ? [`end ${change.before.quantity} at ${change.cancelledDate}`] : []
    })
const june = addition(5, '2026-06-01')
const world = (over: Partial<Situation>): Situation =>
  situation({ additions: [june], owned: owned(june), ...over })

describe('the days of an addition', () => {
  it.each([
    ['never invoiced', [], june, ['5 2026-06-01..open *']],
    [
      'invoiced, and edited since',
      [reading('2026-09-30', june)],
      of(7, june),
      ['5 2026-06-01..2026-09-30', '7 2026-10-01..open *'],
    ],
    [
      'edited between two invoices',
      [reading('2026-08-31', june), reading('2026-09-30', of(7, june))],
      of(2, june),
      ['5 2026-06-01..2026-08-31', '7 2026-09-01..2026-09-30', '2 2026-10-01..open *'],
    ],
    [
      'made after an invoice, so that the next one bills its earlier days',
      [reading('2026-09-30'), reading('2026-10-31', addition(3, '2026-09-16', null, { id: june.id }))],
      addition(3, '2026-09-16', null, { id: june.id }),
      ['3 2026-09-16..2026-10-31', '3 2026-11-01..open *'],
    ],
    [
      'cancelled back into a month that was invoiced',
      [reading('2026-09-30', june)],
      { ...june, cancelledDate: day('2026-09-14') },
      ['5 2026-06-01..2026-09-30 *'],
    ],
    [
      'cancelled inside a month, which ConnectWise bills to its end',
      [reading('2026-09-30', { ...june, cancelledDate: day('2026-09-14') })],
      { ...june, cancelledDate: day('2026-09-14') },
      ['5 2026-06-01..2026-09-30 *'],
    ],
    [
      'opened again after a month that was invoiced without it: ConnectWise catches up',
      [reading('2026-09-30', { ...june, cancelledDate: day('2026-08-31') })],
      june,
      ['5 2026-06-01..2026-08-31', '5 2026-09-01..open *'],
    ],
    [
      'begun earlier than in the month that was invoiced first: ConnectWise catches up',
      [reading('2026-09-30', addition(5, '2026-09-01', null, { id: june.id }))],
      { ...june, effectiveDate: day('2026-08-11') },
      ['5 2026-08-11..2026-08-31', '5 2026-09-01..2026-09-30', '5 2026-10-01..open *'],
    ],
    [
      'begun earlier and cancelled inside that month, whose end can be moved',
      [reading('2026-09-30', addition(5, '2026-09-01', null, { id: june.id }))],
      { ...june, effectiveDate: day('2026-08-11'), cancelledDate: day('2026-08-20') },
      ['5 2026-08-11..2026-08-20 *', '5 2026-09-01..2026-09-30'],
    ],
    [
      'begun earlier in the month that was invoiced, which is billed once',
      [reading('2026-09-30', addition(5, '2026-09-16', null, { id: june.id }))],
      { ...june, effectiveDate: day('2026-09-01') },
      ['5 2026-09-16..2026-09-30', '5 2026-10-01..open *'],
    ],
    [
      'invoiced, and cancelled since before it starts, which the next invoice leaves out',
      [
        reading('2026-08-31', june),
        reading('2026-09-30', {
          ...june,
          effectiveDate: day('2026-09-02'),
          cancelledDate: day('2026-09-01'),
        }),
      ],
      { ...june, effectiveDate: day('2026-09-02'), cancelledDate: day('2026-09-01') },
      ['5 2026-06-01..2026-08-31 *'],
    ],
    [
      'that begins after what is invoiced',
      [reading('2026-09-30', { ...june, effectiveDate: day('2026-10-01') })],
      { ...june, effectiveDate: day('2026-10-01') },
      ['5 2026-10-01..open *'],
    ],
  ])('%s', (_, invoices, now, expected) => {
    expect(pieces(world({ additions: [now], invoices }))).toEqual(expected)
  })

  it('stay those that were invoiced where it was deleted', () => {
    expect(pieces(world({ additions: [], invoices: [reading('2026-09-30', june)] }))).toEqual([
      '5 2026-06-01..2026-09-30',
    ])
  })
})

describe('an edit after the month was invoiced [F19]', () => {
  it('does not take back what was billed: September was paid at 5, whatever the clerk made of it on 5 October', () => {
    const edited = world({
      additions: [of(7, june)],
      invoices: [reading('2026-09-30', june)],
      agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
      usages: [usage([line(5, '2026-09', 1, 30)])],
    })
    expect(writes(edited)).toEqual(['end 7 at 2026-09-30', '5 2026-10-01..open'])
    const after = simulate(edited, plan(edited).periods.flatMap(changesOf))
    expect(isNothingToWrite(plan(after))).toBe(true)
    expect(plan(edited).periods[0]?.totals).toMatchObject({
      billed: { price: '50' },
      unexplained: { price: '0' },
    })
  })

  it('nor bills twice what an invoice in advance has billed since the edit', () => {
    const edited = of(7, june)
    const advance = world({
      additions: [edited],
      invoices: [reading('2026-10-31', june), reading('2026-11-30', edited)],
      agreement: agreement({ nextInvoiceDate: day('2026-12-01') }),
      usages: [usage([line(5, '2026-10', 1, 9), line(7, '2026-10', 10, 31)], '2026-10')],
    })
    // 2 x 10.00 x 22/31 = 14.20 more for October; November was billed at 7 and is left at 7.
    expect(writes(advance)).toEqual(['2 2026-10-10..2026-11-30', '-2 2026-11-01..2026-11-30'])
    const after = simulate(advance, plan(advance).periods.flatMap(changesOf))
    expect(isNothingToWrite(plan(after))).toBe(true)
  })

  it('credits what was billed of an addition that somebody deleted, where the invoice never had it', () => {
    const deleted = world({
      additions: [],
      invoices: [reading('2026-09-30', june)],
      agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
      usages: [usage([line(5, '2026-09', 1, 15)])],
    })
    expect(writes(deleted)).toEqual(['-5 2026-09-16..2026-09-30'])
  })
})

describe('an addition that a person was asked to cancel, and that was invoiced before [F9]', () => {
  const left = addition(3, '2026-06-01', null, { serialNumber: '', catalogItemId: 2 })
  const other = product('Exchange Online (Plan 1)')
  const september = (additions: Addition[]): Situation =>
    situation({
      additions: [june, ...additions],
      owned: owned(june),
      invoices: [reading('2026-09-30', june, left)],
      agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
      products: [product(), other],
      catalog: [catalogItem(), catalogItem(2, other.name)],
      usages: [usage([line(5, '2026-09', 1, 30)])],
    })
  const rowOf = (from: Situation) =>
    plan(from).periods[0]?.subscriptions.find(({ subscriptionId: id }) => id === '')

  it.each<[string, Addition[], string]>([
    ['is asked for while it is there', [left], 'leftover-addition'],
    ['is over where it was deleted', [], 'changed-since-billed'],
    [
      'is over where it was cancelled for a day before',
      [{ ...left, cancelledDate: day('2026-08-31') }],
      'changed-since-billed',
    ],
    [
      'is asked for where it was cancelled for later',
      [{ ...left, cancelledDate: day('2026-10-31') }],
      'leftover-addition',
    ],
    ['is asked for where only its quantity is another', [of(1, left)], 'leftover-addition'],
  ])('%s', (_, additions, code) => {
    const row = rowOf(september(additions))
    expect(row?.findings.map((each) => each.code)).toEqual([code])
    expect(row?.status).toBe(code === 'leftover-addition' ? 'Error' : 'No Change')
    const term = code === 'leftover-addition' ? 'leftOver' : 'drift'
    expect(row?.reconciliation).toMatchObject({
      billed: { price: '30' },
      unexplained: { price: '0' },
      terms: { [term]: { price: '-30' } },
    })
  })
})
