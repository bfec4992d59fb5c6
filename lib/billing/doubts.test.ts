/**
 * Days that ConnectWise billed in one of two ways, where nothing tells which (docs/billing-rules.md,
 * "Days billed"): the subscription waits. 5 x 10.00 (cost 8), ours, open since June, unless said otherwise;
 * September is invoiced, and its file is due.
 */
import { describe, expect, it } from 'vitest'
import { changesOf, plan } from './plan.ts'
import { withBilledAnswers } from './readings.ts'
import {
  addition,
  agreement,
  catalogItem,
  day,
  line,
  owned,
  period,
  product,
  situation,
  subscriptionId,
  usage,
} from './testing/factories.ts'
import type { Addition, AgreementInvoice, BilledAs, Quantity, Situation } from './types.ts'

const june = addition(5, '2026-06-01')
const of = (quantity: number, before: Addition = june): Addition => ({
  ...before,
  quantity: `${quantity}` as Quantity,
})
/** The reading before an invoice has `before`, the one after it `after`, and nothing tells which of them it billed. */
const doubtful = (
  before: Addition | null,
  after: Addition | null,
  through = '2026-09-30',
): AgreementInvoice => ({
  through: day(through),
  additions: before === null ? [] : [before],
  doubts: [{ additionId: (before ?? after ?? june).id, after, readingId: 1 }],
})
const september = (over: Partial<Situation> = {}): Situation =>
  situation({
    additions: [of(7)],
    owned: owned(june),
    invoices: [doubtful(june, of(7))],
    agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
    usages: [usage([line(5, '2026-09', 1, 30)])],
    ...over,
  })
const answered = (from: Situation, billed: BilledAs): Situation => ({
  ...from,
  invoices: withBilledAnswers(
    from.invoices ?? [],
    (from.invoices ?? []).flatMap(({ through, doubts = [] }) =>
      doubts.map(({ additionId }) => ({ additionId, through, readingId: 1, billed })),
    ),
  ),
})
const only = (from: Situation) => {
  const [row, ...others] = plan(from).periods[0]?.subscriptions ?? []
  if (row === undefined || others.length > 0) throw new Error(`${others.length + 1} rows`)
  return row
}
const questions = (from: Situation): string[] =>
  plan(from).periods.flatMap(({ period: month, subscriptions }) =>
    subscriptions.flatMap(({ waits, product: { name } }) =>
      waits === undefined ? [] : [`${month} ${name}: ${waits.question}`],
    ),
  )
const writes = (from: Situation): string[] =>
  plan(from)
    .periods.flatMap(changesOf)
    .flatMap((change) => {
      if (change.kind === 'create') {
        const { quantity, effectiveDate, cancelledDate } = change.addition
        return [`${quantity} ${effectiveDate}..${cancelledDate ?? 'open'}`]
      }
      return change.kind === 'end' ? [`end ${change.before.quantity} at ${change.cancelledDate}`] : []
    })

describe('a subscription with an addition that was edited around an invoice, nobody knows when', () => {
  it('waits, with what the invoice bills either way, and writes nothing', () => {
    const row = only(september())
    expect(writes(september())).toEqual([])
    expect(row).toMatchObject({ status: 'Warning', waits: { question: 'billed' } })
    expect(row.findings).toHaveLength(1)
    expect(row.findings[0]).toMatchObject({
      code: 'billed-in-doubt',
      severity: 'warning',
      message: `Whether ConnectWise’s invoice until 30 Sep 2026 bills addition ${june.id} at 50.00, as it was before, or at 70.00, as it was after, is not known, so this subscription waits`,
      additionIds: [june.id],
      asksBilled: {
        additionId: june.id,
        through: '2026-09-30',
        before: { cost: '40', price: '50' },
        after: { cost: '56', price: '70' },
      },
    })
  })

  it('shows what is sent where it was billed as it was before, which is what is offered first', () => {
    const changes = only(september()).waits?.changes ?? []
    expect(changes.map(({ kind }) => kind)).toEqual(['end', 'create'])
  })

  it.each<[BilledAs, string[]]>([
    ['before', ['end 7 at 2026-09-30', '5 2026-10-01..open']],
    ['after', ['-2 2026-09-01..2026-09-30', 'end 7 at 2026-09-30', '5 2026-10-01..open']],
  ])('is planned with the answer “as it was %s”', (billed, expected) => {
    const said = answered(september(), billed)
    expect(questions(said)).toEqual([])
    expect(writes(said)).toEqual(expected)
    const [month] = plan(said).periods
    expect(month?.totals).toMatchObject({
      invoiced: { price: '50' },
      billed: { price: '50', cost: '40' },
      unexplained: { price: '0', cost: '0' },
    })
  })

  it('is a term of the proof while it waits, price and cost', () => {
    const six = september({ usages: [usage([line(6, '2026-09', 1, 30)])] })
    expect(plan(six).periods[0]?.totals).toMatchObject({
      invoiced: { price: '60', cost: '48' },
      billed: { price: '50', cost: '40' },
      unexplained: { price: '0', cost: '0' },
      terms: { waiting: { price: '10', cost: '8' } },
    })
  })

  it('holds its later months, which wait with it', () => {
    const later = september({
      usages: [usage([line(5, '2026-09', 1, 30)]), usage([line(5, '2026-10', 1, 31)], '2026-10')],
    })
    expect(questions(later)).toEqual([
      '2026-09 Business Premium: billed',
      '2026-10 Business Premium: earlier',
    ])
    expect(writes(later)).toEqual([])
  })

  it('is asked that before a guard asks for a yes, which is to what is written then', () => {
    const guarded = { ...usage([]), guarded: { [subscriptionId.toLowerCase()]: 'many-end' as const } }
    const gone = september({
      usages: [guarded],
      latest: { [subscriptionId.toLowerCase()]: line(5, '2026-08', 1, 31) },
    })
    expect(questions(gone)).toEqual(['2026-09 Business Premium: billed'])
    expect(questions(answered(gone, 'after'))).toEqual(['2026-09 Business Premium: guard'])
  })
})

describe('a subscription with an addition that was deleted around an invoice', () => {
  const deleted = (lines = [line(5, '2026-09', 1, 30)]) =>
    september({ additions: [], invoices: [doubtful(june, null)], usages: [usage(lines)] })

  it('waits: it was billed, or not at all', () => {
    const [finding] = only(deleted()).findings
    expect(finding?.asksBilled).toMatchObject({ before: { price: '50' }, after: { price: '0' } })
    expect(finding?.message).toContain('at 50.00, as it was before, or at 0.00, without it')
  })

  it.each<[BilledAs, string[]]>([
    ['before', ['5 2026-10-01..open']],
    ['after', ['5 2026-09-01..open']],
  ])('is billed once, whatever the answer: “as it was %s”', (billed, expected) => {
    expect(writes(answered(deleted(), billed))).toEqual(expected)
  })

  it('waits where the invoice of PRISM has it no more, too', () => {
    const gone = { ...deleted([]), latest: { [subscriptionId.toLowerCase()]: line(5, '2026-08', 1, 31) } }
    expect(questions(gone)).toEqual(['2026-09 Business Premium: billed'])
    expect(writes(answered(gone, 'before'))).toEqual(['-5 2026-09-01..2026-09-30'])
    expect(plan(answered(gone, 'after')).periods[0]?.subscriptions).toEqual([])
  })
})

describe('an addition that only the reading after the invoice had', () => {
  it('is asked about where it was deleted since: whether it was billed, nothing tells', () => {
    const seen = addition(2, '2026-09-01', null, { id: 99 })
    const gone = september({
      additions: [june],
      invoices: [{ ...doubtful(null, seen), additions: [june] }],
    })
    expect(only(gone).findings[0]?.asksBilled).toMatchObject({
      additionId: 99,
      before: { price: '0' },
      after: { price: '20' },
    })
    expect(writes(answered(gone, 'before'))).toEqual([])
    expect(writes(answered(gone, 'after'))).toEqual(['-2 2026-09-01..2026-09-30'])
  })

  it('is not asked about while it is there as it was: a day that no invoice billed is caught up with', () => {
    const made = addition(2, '2026-09-01', null, { id: 99 })
    const still = september({
      additions: [june, made],
      invoices: [{ ...doubtful(null, made), additions: [june] }],
    })
    expect(questions(still)).toEqual([])
  })
})

describe('nothing is asked', () => {
  it.each<[string, Partial<Situation>]>([
    ['where both readings bill the same', { invoices: [doubtful(june, { ...june, taxable: false })] }],
    ['of days before those that are planned', { invoices: [doubtful(june, of(7), '2026-08-31')] }],
    [
      'of a month that is good: nothing of it is due',
      { good: { [subscriptionId.toLowerCase()]: [period('2026-09')] } },
    ],
    [
      'of a month that a person skipped',
      { skipped: { [subscriptionId.toLowerCase()]: [period('2026-09')] } },
    ],
    ['where no month is due at all', { usages: [] }],
    [
      'of an addition with the same serial number that is not the product’s',
      {
        additions: [june],
        invoices: [
          {
            ...doubtful(addition(1, '2026-06-01', null, { id: 99, catalogItemId: 4 }), null),
            additions: [june],
          },
        ],
      },
    ],
  ])('%s', (_, over) => {
    expect(questions(september(over))).toEqual([])
  })

  it('of the days that an invoice before it billed: their amount is not in the question', () => {
    const advance = september({
      invoices: [{ through: day('2026-09-30'), additions: [june] }, doubtful(june, of(7), '2026-10-31')],
      agreement: agreement({ nextInvoiceDate: day('2026-11-01') }),
    })
    expect(only(advance).findings[0]?.asksBilled).toMatchObject({
      through: '2026-10-31',
      before: { price: '50' },
      after: { price: '70' },
    })
  })
})

describe('a subscription of two products [2a, One id]', () => {
  it('waits with both, as they are written together or not at all', () => {
    const other = product('Exchange Online (Plan 1)')
    const plus = addition(3, '2026-06-01', null, { id: 99, catalogItemId: 2 })
    const both = september({
      additions: [of(7), plus],
      owned: owned(june, plus),
      invoices: [{ ...doubtful(june, of(7)), additions: [june, plus] }],
      products: [product(), other],
      catalog: [catalogItem(), catalogItem(2, other.name)],
      usages: [
        usage([
          line(5, '2026-09', 1, 30),
          line(4, '2026-09', 1, 30, { offerName: `${other.name} (NCE Product)` }),
        ]),
      ],
    })
    expect(questions(both)).toEqual([
      '2026-09 Business Premium: billed',
      '2026-09 Exchange Online (Plan 1): billed',
    ])
  })
})

describe('a late month [2a, Late months]', () => {
  const late = (through: string) =>
    september({
      invoices: [doubtful(june, of(7), through)],
      agreement: agreement({ nextInvoiceDate: day('2026-11-01') }),
      usages: [usage([line(6, '2026-09', 1, 30)])],
      newest: period('2026-10'),
      good: { [subscriptionId.toLowerCase()]: [period('2026-10')] },
    })

  it('is asked how it was billed, and then whether its difference is sent', () => {
    expect(questions(late('2026-09-30'))).toEqual(['2026-09 Business Premium: billed'])
    expect(questions(answered(late('2026-09-30'), 'after'))).toEqual(['2026-09 Business Premium: late'])
  })

  it('is not asked about an invoice of later days, which it does not look at', () => {
    const october = late('2026-10-31')
    const [invoice] = october.invoices ?? []
    if (invoice === undefined) throw new Error('It has an invoice')
    const before = { through: day('2026-09-30'), additions: [june] }
    expect(questions({ ...october, invoices: [before, invoice] })).toEqual(['2026-09 Business Premium: late'])
  })
})
