/** Each row of docs/billing-rules.md, "Examples": September, 30 days, unit price 10.00. */
import { describe, expect, it } from 'vitest'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { simulate } from './simulate.ts'
import { addition, agreement, day } from './testing/factories.ts'
import { open, september } from './testing/september.ts'
import type { Change, Situation } from './types.ts'

/** A change in one line: `+3 2026-09-16..2026-09-30`, `end 5 at …`, `move 5 to …`. */
const short = (change: Change): string => {
  switch (change.kind) {
    case 'create': {
      const { quantity, effectiveDate, cancelledDate } = change.addition
      return `create ${quantity} ${effectiveDate}..${cancelledDate ?? 'open'}`
    }
    case 'end':
      return `end ${change.before.quantity} at ${change.cancelledDate}`
    case 'update':
      return `move ${change.before.quantity} to ${change.set.cancelledDate}`
    default:
      return change.kind
  }
}

const writes = (from: Situation): string[] =>
  plan(from)
    .periods.flatMap(changesOf)
    .filter((change) => change.kind !== 'keep')
    .map(short)

const octoberInvoiced = { agreement: agreement({ nextInvoiceDate: day('2026-11-01') }) }
const invoiced = { agreement: agreement({ nextInvoiceDate: day('2026-10-01') }) }

const rows: [title: string, situation: Situation, changes: string[]][] = [
  [
    'a new subscription of the whole month is one open addition',
    september([[5, 1, 30]], []),
    ['create 5 2026-09-01..open'],
  ],
  [
    'a new subscription inside the month is one open addition',
    september([[5, 12, 30]], []),
    ['create 5 2026-09-12..open'],
  ],
  ['an unchanged quantity needs no change', september([[5, 1, 30]], [open()]), []],
  [
    'an increase is a step, an end and a new open addition',
    september(
      [
        [5, 1, 15],
        [8, 16, 30],
      ],
      [open()],
    ),
    ['create 3 2026-09-16..2026-09-30', 'end 5 at 2026-09-30', 'create 8 2026-10-01..open'],
  ],
  [
    'several changes are several steps',
    september(
      [
        [5, 1, 10],
        [8, 11, 20],
        [6, 21, 30],
      ],
      [open()],
    ),
    [
      'create 3 2026-09-11..2026-09-30',
      'create -2 2026-09-21..2026-09-30',
      'end 5 at 2026-09-30',
      'create 6 2026-10-01..open',
    ],
  ],
  [
    'a subscription that ends inside the month',
    september([[5, 1, 14]], [open()]),
    ['create -5 2026-09-15..2026-09-30', 'end 5 at 2026-09-30'],
  ],
  [
    'a suspension leaves the open addition',
    september(
      [
        [5, 1, 10],
        [5, 21, 30],
      ],
      [open()],
    ),
    ['create -5 2026-09-11..2026-09-30', 'create 5 2026-09-21..2026-09-30'],
  ],
  ['gone from the invoice before it was invoiced', september([], [open()]), ['end 5 at 2026-08-31']],
  [
    'gone from the invoice in its first month',
    september([], [open('2026-09-01')]),
    ['create -5 2026-09-01..2026-09-30', 'end 5 at 2026-09-30'],
  ],
  [
    'gone from the invoice after ConnectWise invoiced the month',
    september([], [open()], invoiced),
    ['create -5 2026-09-01..2026-09-30', 'end 5 at 2026-09-30'],
  ],
  [
    'a new subscription that changes inside its first month',
    september(
      [
        [5, 3, 19],
        [7, 20, 30],
      ],
      [],
    ),
    ['create 5 2026-09-03..2026-09-30', 'create 2 2026-09-20..2026-09-30', 'create 7 2026-10-01..open'],
  ],
  [
    'one of ours cancelled inside the month is moved to its end',
    september([[5, 1, 30]], [addition(5, '2026-06-01', '2026-09-14')]),
    ['move 5 to 2026-09-30', 'create 5 2026-10-01..open'],
  ],
  [
    'an agreement invoiced ahead is adjusted to the end of what is invoiced',
    september(
      [
        [5, 1, 15],
        [8, 16, 30],
      ],
      [open()],
      octoberInvoiced,
    ),
    ['create 3 2026-09-16..2026-10-31', 'end 5 at 2026-10-31', 'create 8 2026-11-01..open'],
  ],
]

const refused: [title: string, situation: Situation][] = [
  [
    'an addition, not ours, that starts after the next month',
    september([[5, 1, 30]], [open(), addition(3, '2026-11-01')], { owned: [] }),
  ],
  [
    'one, not ours, cancelled inside the month',
    september([[5, 1, 30]], [addition(5, '2026-06-01', '2026-09-14')], { owned: [] }),
  ],
]

describe('From invoice to additions [F2]', () => {
  it.each(rows)('%s', (_title, before, changes) => {
    expect(writes(before)).toEqual(changes)
  })

  it.each(rows)('%s: planning after all of it writes nothing', (_title, before) => {
    const after = simulate(before, plan(before).periods.flatMap(changesOf))
    expect(isNothingToWrite(plan(after))).toBe(true)
  })

  it.each(rows)('%s: invoiced and billed agree but for rounding', (_title, before) => {
    const [period] = plan(before).periods
    const { invoiced, billed, rounding, unexplained, ...rest } = period?.totals ?? expect.fail('no period')
    expect(unexplained).toEqual({ cost: '0', price: '0' })
    for (const term of Object.values(rest)) expect(term).toEqual({ cost: '0', price: '0' })
    expect(Number(invoiced.price) - Number(billed.price)).toBeCloseTo(Number(rounding.price), 6)
  })

  it.each(refused)('refuses %s [F7]', (_title, before) => {
    const [row] = plan(before).periods.flatMap((each) => each.subscriptions)
    expect(row?.status).toBe('Error')
    expect(row?.findings.map((finding) => finding.message)).toEqual([
      'Unable to sync subscription to ConnectWise because of inconsistent existing additions. Check for gaps in dates or additions starting after this invoice usage period.',
    ])
    expect(row?.changes).toEqual([])
  })
})
