/** What invoices billed, told from readings around them (docs/billing-rules.md, "Days billed"). */
import { describe, expect, it } from 'vitest'
import {
  billedBetween,
  doubtful,
  invoicesBetween,
  type Reading,
  withBilledAnswers,
  withWrites,
} from './readings.ts'
import { addition, day } from './testing/factories.ts'
import type { Addition, Day, Money, Quantity } from './types.ts'

const june = addition(5, '2026-06-01')
const of = (quantity: number): Addition => ({ ...june, quantity: `${quantity}` as Quantity })
const read = (nextInvoiceDate: string | null, ...additions: Addition[]): Reading => ({
  nextInvoiceDate: nextInvoiceDate as Day | null,
  additions,
})
const told = (...readings: Reading[]): string[] =>
  invoicesBetween(readings).map(
    ({ through, additions }) => `${through}: ${additions.map(({ quantity }) => quantity).join(' ')}`,
  )

describe('readings of an agreement tell of its invoices', () => {
  it.each<[string, Reading[], string[]]>([
    ['nothing where it was never read before', [read('2026-10-01', of(5))], []],
    [
      'nothing while ConnectWise invoices nothing',
      [read('2026-09-01', of(5)), read('2026-09-01', of(7))],
      [],
    ],
    [
      'what was read last before one',
      [read('2026-09-01', of(5)), read('2026-09-01', of(6)), read('2026-10-01', of(7))],
      ['2026-09-30: 6'],
    ],
    [
      'each one',
      [read('2026-09-01', of(5)), read('2026-10-01', of(6)), read('2026-11-01', of(7))],
      ['2026-09-30: 5', '2026-10-31: 6'],
    ],
    ['of several months at once', [read('2026-08-01', of(5)), read('2026-11-01', of(7))], ['2026-10-31: 5']],
    [
      'not of one that was deleted',
      [read('2026-09-01', of(5)), read('2026-10-01', of(6)), read('2026-09-01', of(7))],
      [],
    ],
    [
      'of one that was deleted and made again',
      [
        read('2026-08-01', of(4)),
        read('2026-09-01', of(5)),
        read('2026-10-01', of(6)),
        read('2026-09-01', of(7)),
        read('2026-10-01', of(8)),
      ],
      ['2026-08-31: 4', '2026-09-30: 7'],
    ],
    [
      'past a reading that does not say how far it is invoiced',
      [read('2026-09-01', of(5)), read(null, of(6)), read('2026-10-01', of(7))],
      ['2026-09-30: 5'],
    ],
  ])('%s', (_, readings, expected) => {
    expect(told(...readings)).toEqual(expected)
  })
})

describe('what was written since a reading', () => {
  it('is part of it, and counts once where the reading shows it already', () => {
    const created = addition(3, '2026-09-16')
    const writes = [
      { additionId: june.id, after: of(7) },
      { additionId: created.id, after: created },
      { additionId: 999, after: null },
    ]
    expect(withWrites([june, addition(1, '2026-06-01', null, { id: 999 })], writes)).toEqual([of(7), created])
    expect(withWrites([of(7), created], writes)).toEqual([of(7), created])
  })
})

describe('additions of which an invoice billed the one or the other', () => {
  const through = day('2026-09-30')
  it.each<[string, Addition[], Addition[], boolean]>([
    ['unchanged', [june], [june], false],
    ['another quantity', [june], [of(7)], true],
    ['another price', [june], [{ ...june, unitPrice: '12' as Money }], true],
    ['the same number written otherwise', [june], [{ ...june, unitPrice: '10.00' as Money }], false],
    ['no longer billed', [june], [{ ...june, billCustomer: 'DoNotBill' }], true],
    ['a serial number, which bills nothing', [june], [{ ...june, serialNumber: 'x' }], false],
    [
      'cancelled inside the last month, which is billed whole',
      [june],
      [{ ...june, cancelledDate: day('2026-09-14') }],
      false,
    ],
    ['cancelled before it', [june], [{ ...june, cancelledDate: day('2026-08-31') }], true],
    ['created', [], [june], true],
    ['deleted', [june], [], true],
    ['created for later', [], [addition(3, '2026-10-01')], false],
    ['created without a quantity', [], [addition(0, '2026-06-01')], false],
  ])('%s', (_, before, after, isDoubtful) => {
    expect(doubtful(before, after, through).length > 0).toBe(isDoubtful)
  })

  const first = '2026-10-01T09:00:00Z'
  const at = (text: string | null): number | null => (text === null ? null : Date.parse(text))
  /** By invoice, the quantity that it billed; with what it may be instead, where nothing tells. */
  const toldOf = (
    [before, after]: readonly [readonly Addition[], readonly Addition[]],
    madeAt: readonly (string | null)[],
    changed: string | null,
    written: readonly number[] = [],
  ): string[] =>
    billedBetween(before, after, [june.id], {
      changedAt: new Map(changed === null ? [] : [[june.id, Date.parse(changed)]]),
      madeAt: madeAt.map(at),
      written: new Set(written),
    }).map(({ additions, doubts }) =>
      [
        additions[0]?.quantity ?? 'none',
        ...doubts.map((doubt) => `or ${doubt.after?.quantity ?? 'none'}`),
      ].join(' '),
    )
  const edited = [[june], [of(7)]] as const

  it.each<[string, (string | null)[], string | null, string[]]>([
    ['changed before the invoice', [first], '2026-09-20T09:00:00Z', ['7']],
    ['changed after it', [first], '2026-10-05T09:00:00Z', ['5']],
    ['changed in the same second', [first], first, ['5 or 7']],
    ['changed nobody knows when', [first], null, ['5 or 7']],
    ['changed before an invoice that was made nobody knows when', [null], '2026-09-20T09:00:00Z', ['5 or 7']],
    ['changed between two', ['2026-09-01T09:00:00Z', first], '2026-09-20T09:00:00Z', ['5', '7']],
  ])('%s', (_, madeAt, changed, expected) => {
    expect(toldOf(edited, madeAt, changed)).toEqual(expected)
  })

  it('one that we wrote to since: after the invoice its time may be ours, before it somebody’s edit was there, too', () => {
    expect(toldOf(edited, [first], '2026-10-05T09:00:00Z', [june.id])).toEqual(['5 or 7'])
    expect(toldOf(edited, [first], '2026-10-05T09:00:00Z', [999])).toEqual(['5'])
    expect(toldOf(edited, [first], '2026-09-20T09:00:00Z', [june.id])).toEqual(['7'])
  })

  it.each<[string, readonly [Addition[], Addition[]], string | null, string[]]>([
    ['one that is gone: when it was deleted nobody says', [[june], []], null, ['5 or none']],
    ['one that was made before the invoice', [[], [june]], '2026-09-20T09:00:00Z', ['5']],
    [
      'one that was made before it, and edited after, or made after it',
      [[], [june]],
      '2026-10-05T09:00:00Z',
      ['none or 5'],
    ],
  ])('%s', (_, readings, changed, expected) => {
    expect(toldOf(readings, [first], changed)).toEqual(expected)
  })
})

describe('what a person said that an invoice billed', () => {
  const doubt = { additionId: june.id, after: of(7), readingId: 3 }
  const invoice = { through: day('2026-09-30'), additions: [june], doubts: [doubt] }
  const said = (billed: 'before' | 'after', over: object = {}) => {
    const answer = { additionId: june.id, through: invoice.through, readingId: 3, billed, ...over }
    return withBilledAnswers([invoice], [answer])
  }

  it('counts, and is no doubt any more', () => {
    expect(said('before')).toEqual([{ through: invoice.through, additions: [june] }])
    expect(said('after')).toEqual([{ through: invoice.through, additions: [of(7)] }])
    const gone = { ...invoice, doubts: [{ ...doubt, after: null }] }
    const answer = { additionId: june.id, through: invoice.through, readingId: 3, billed: 'after' } as const
    expect(withBilledAnswers([gone], [answer])).toEqual([{ through: invoice.through, additions: [] }])
  })

  it.each([
    ['another addition', { additionId: 999 }],
    ['another invoice', { through: day('2026-10-31') }],
    ['an invoice that was deleted and made again', { readingId: 2 }],
  ])('says nothing of %s', (_, over) => {
    expect(said('after', over)).toEqual([invoice])
  })
})
