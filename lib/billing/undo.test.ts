/**
 * Taking back what a run wrote (J2; docs/billing-rules.md, "Undo"). September of 5 x 10.00, in arrears, unless said otherwise.
 * `UNDOS` sets how many random histories are tried, default 400; `SEED` repeats one run.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bill } from './bill.ts'
import { addMonths, firstDay } from './days.ts'
import { subscriptionKey } from './keys.ts'
import { addition, agreement, day, line, usage } from './testing/factories.ts'
import { edit, firstPeriod, type History, historyArb, PrismHistory, startOf } from './testing/histories.ts'
import { open, september } from './testing/september.ts'
import {
  asBilled,
  cabinetFor,
  copyOf,
  inputOf,
  invoicedInAll,
  invoiceTimes,
  run,
  sync,
  takeBack,
} from './testing/undoing.ts'
import { invoicedThrough } from './timeline.ts'
import type { Addition, Money, Period, Situation } from './types.ts'
import { undo } from './undo.ts'

const examples: [title: string, situation: () => Situation][] = [
  ['a new subscription of the whole month', () => september([[5, 1, 30]], [])],
  ['a new subscription inside the month', () => september([[5, 12, 30]], [])],
  [
    'an increase',
    () =>
      september(
        [
          [5, 1, 15],
          [8, 16, 30],
        ],
        [open()],
      ),
  ],
  [
    'an increase, then a decrease',
    () =>
      september(
        [
          [5, 1, 10],
          [8, 11, 20],
          [6, 21, 30],
        ],
        [open()],
      ),
  ],
  ['an end inside the month', () => september([[5, 1, 14]], [open()])],
  [
    'an interruption',
    () =>
      september(
        [
          [5, 1, 10],
          [5, 21, 30],
        ],
        [open()],
      ),
  ],
  [
    'what is not on the invoice any more',
    () =>
      september([], [open()], {
        latest: { [subscriptionKey(open().serialNumber)]: line(5, '2026-08', 1, 31) },
      }),
  ],
  [
    'what began with the month and is not on the invoice',
    () =>
      september([], [open('2026-09-01')], {
        latest: { [subscriptionKey(open().serialNumber)]: line(5, '2026-08', 1, 31) },
      }),
  ],
  [
    'two steps of a new subscription',
    () =>
      september(
        [
          [5, 3, 19],
          [7, 20, 30],
        ],
        [],
      ),
  ],
  [
    'an end inside the month that a person set',
    () => september([[5, 1, 30]], [addition(5, '2026-06-01', '2026-09-14')]),
  ],
  [
    'an increase where October is invoiced',
    () =>
      september(
        [
          [5, 1, 15],
          [8, 16, 30],
        ],
        [open()],
        { agreement: agreement({ nextInvoiceDate: day('2026-11-01') }) },
      ),
  ],
]

describe('a run that is taken back before ConnectWise invoices it [J2]', () => {
  it.each(examples)('leaves the additions as they were before it, wherever it is cut: %s', (_, of) => {
    const before = of()
    const invoicedBefore = invoicedThrough(before.agreement)
    for (let cut = 0, length = 0; cut <= length; cut += 1) {
      const cabinet = cabinetFor(before)
      const written = sync(cabinet, before)
      expect(written).not.toEqual([])
      const back = takeBack(cabinet, written, invoicedBefore, cut)
      length = back.length
      expect(asBilled(cabinet.additions)).toEqual(asBilled(before.additions))
      expect(back.undone.flatMap(({ findings }) => findings)).toEqual([])
      expect(
        undo(inputOf(cabinet, written, invoicedThrough(before.agreement))).flatMap(({ changes }) => changes),
      ).toEqual([])
    }
  })

  it('cancels what it created before it begins, where nothing may be deleted [A6]', () => {
    const before = september(
      [
        [5, 1, 15],
        [8, 16, 30],
      ],
      [open()],
    )
    const cabinet = cabinetFor(before)
    const written = sync(cabinet, before)
    const input = inputOf(cabinet, written, invoicedThrough(before.agreement))
    const changes = undo({ ...input, situation: { ...input.situation, mayDelete: false } }).flatMap(
      (each) => each.changes,
    )
    expect(changes.map(({ kind }) => kind)).toEqual(['update', 'update', 'update'])
    run(cabinet, [{ subscriptionId: '', changes }])
    expect(asBilled(cabinet.additions)).toEqual(asBilled(before.additions))
    const again = inputOf(cabinet, written, invoicedThrough(before.agreement))
    expect(
      undo({ ...again, situation: { ...again.situation, mayDelete: false } }).flatMap((each) => each.changes),
    ).toEqual([])
  })

  it('leaves an addition that it took over with its serial number, and says so', () => {
    const before = september(
      [
        [5, 1, 15],
        [8, 16, 30],
      ],
      [addition(5, '2026-06-01', null, { serialNumber: '' })],
      { owned: [] },
    )
    const cabinet = cabinetFor(before)
    const { undone } = takeBack(cabinet, sync(cabinet, before), invoicedThrough(before.agreement))
    expect(asBilled(cabinet.additions)).toEqual(asBilled(before.additions))
    expect(undone.flatMap(({ findings }) => findings.map(({ code }) => code))).toEqual(['undo-keeps-serial'])
    expect(cabinet.additions[0]?.serialNumber).not.toBe('')
  })

  it('brings back what it deleted, under another number', () => {
    const there = addition(5, '2026-11-01')
    const cabinet = cabinetFor(september([], [open(), there]))
    const change = {
      kind: 'delete',
      reason: { rule: 'moved', period: '2026-09' as Period },
      additionId: there.id,
      before: there,
    } as const
    const before = asBilled(cabinet.additions)
    const written = run(cabinet, [{ subscriptionId: there.serialNumber, changes: [change] }])
    for (const cut of [0, 1]) {
      const again = copyOf(cabinet)
      const { undone } = takeBack(again, written, invoicedThrough(again.agreement), cut)
      expect(asBilled(again.additions)).toEqual(before)
      expect(undone.flatMap(({ findings }) => findings.map(({ code }) => code))).toEqual([
        'undo-gives-new-id',
      ])
      expect(again.owned.at(-1)?.lots).toEqual(
        cabinet.owned.find(({ additionId }) => additionId === there.id)?.lots,
      )
    }
  })
})

describe('a run of which somebody changed an addition since [J2]', () => {
  const increase = () =>
    september(
      [
        [5, 1, 15],
        [8, 16, 30],
      ],
      [open()],
    )
  it.each<[string, (all: readonly Addition[]) => Addition[]]>([
    ['its quantity', (all) => all.map((each, i) => (i === 1 ? { ...each, quantity: '4' as never } : each))],
    ['its price', (all) => all.map((each, i) => (i === 2 ? { ...each, unitPrice: '11' as Money } : each))],
    [
      'its end',
      (all) => all.map((each, i) => (i === 0 ? { ...each, cancelledDate: day('2026-10-31') } : each)),
    ],
    ['deleted one that it had ended', (all) => all.slice(1)],
  ])('is not taken back for that subscription, and names the addition: %s', (_, change) => {
    const before = increase()
    const cabinet = cabinetFor(before)
    const written = sync(cabinet, before)
    cabinet.additions = change(cabinet.additions)
    const [undone] = undo(inputOf(cabinet, written, invoicedThrough(before.agreement)))
    expect(undone?.changes).toEqual([])
    expect(undone?.findings).toMatchObject([
      { code: 'undo-edited', severity: 'error', additionIds: [expect.any(Number)] },
    ])
  })

  it('goes on where one that it created was deleted already', () => {
    const before = increase()
    const cabinet = cabinetFor(before)
    const written = sync(cabinet, before)
    cabinet.additions = cabinet.additions.filter(({ id }) => id !== written.at(-1)?.additionId)
    takeBack(cabinet, written, invoicedThrough(before.agreement))
    expect(asBilled(cabinet.additions)).toEqual(asBilled(before.additions))
  })
})

describe('a run that ConnectWise has invoiced [J2]', () => {
  it.each(examples)(
    'bills in all what it would have billed without it, by one adjustment a product: %s',
    (_, of) => {
      const before = of()
      const invoicedBefore = invoicedThrough(before.agreement)
      for (let times = 1; times <= 2; times += 1)
        for (let cut = 0, length = 0; cut <= length; cut += 1) {
          const without = cabinetFor(before)
          const cabinet = cabinetFor(before)
          const written = sync(cabinet, before)
          invoiceTimes(cabinet, times)
          invoiceTimes(without, times)
          length = takeBack(cabinet, written, invoicedBefore, cut).length
          const next = cabinet.agreement.nextInvoiceDate ?? ''
          const onNext = (all: readonly Addition[]) =>
            bill(
              all.filter(({ serialNumber }) => !serialNumber.startsWith('adjust-')),
              agreement(),
              next.slice(0, 7) as Period,
            ).total
          expect(onNext(cabinet.additions)).toEqual(onNext(without.additions))
          invoiceTimes(cabinet, 3)
          invoiceTimes(without, 3)
          expect(invoicedInAll(cabinet)).toBe(invoicedInAll(without))
        }
    },
  )

  it('says what the next invoice gives back', () => {
    const before = september(
      [
        [5, 1, 15],
        [8, 16, 30],
      ],
      [open()],
    )
    const cabinet = cabinetFor(before)
    const written = sync(cabinet, before)
    invoiceTimes(cabinet, 1)
    const { undone } = takeBack(cabinet, written, invoicedThrough(before.agreement))
    expect(undone[0]?.findings).toMatchObject([
      {
        code: 'undo-adjusted',
        severity: 'warning',
        message:
          'ConnectWise has invoiced 15.00 too much by this sync; the October 2026 invoice gives it back',
      },
    ])
    const adjust = cabinet.additions.find(({ serialNumber }) => serialNumber === 'adjust-2026-10')
    expect(adjust).toMatchObject({
      quantity: '-1',
      unitPrice: '15',
      unitCost: '12',
      effectiveDate: '2026-10-01',
      cancelledDate: '2026-10-31',
    })
  })

  it('is not taken back where the agreement ends before an invoice that could give it back', () => {
    const ends = agreement({ endDate: day('2026-09-30') })
    const before = september(
      [
        [5, 1, 15],
        [8, 16, 30],
      ],
      [open()],
      { agreement: ends },
    )
    const cabinet = cabinetFor(before)
    const written = sync(cabinet, before)
    invoiceTimes(cabinet, 1)
    const [undone] = undo(inputOf(cabinet, written, invoicedThrough(before.agreement)))
    expect([undone?.changes, undone?.findings[0]?.code]).toEqual([[], 'undo-after-end'])
  })

  it('is not gone on with where ConnectWise invoices while it is under way', () => {
    const before = september(
      [
        [5, 1, 15],
        [8, 16, 30],
      ],
      [open()],
    )
    const cabinet = cabinetFor(before)
    const written = sync(cabinet, before)
    const started = invoicedThrough(before.agreement)
    invoiceTimes(cabinet, 1)
    const [undone] = undo(inputOf(cabinet, written, started, [], started))
    expect([undone?.changes, undone?.findings[0]?.code]).toEqual([[], 'undo-overtaken'])
  })
})

describe('any run [J2]', () => {
  const undos = Number(process.env.UNDOS ?? 400)
  const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
  const storyArb = fc.record({
    history: historyArb,
    undone: fc.nat(7),
    invoices: fc.nat(2),
    cut: fc.nat(20),
  })

  /** Lives through the months up to the one whose run is taken back. */
  const live = (history: History, last: number) => {
    const prism = new PrismHistory()
    const start = startOf(history)
    const cabinet = cabinetFor(start)
    const before: { situation: Situation } = { situation: start }
    let good: Record<string, Period[]> = {}
    for (let month = 0; month <= last; month += 1) {
      const at = history.months[month]
      if (at === undefined) break
      const period = addMonths(firstPeriod, month)
      const lines = prism.invoice(period, at)
      prism.close(at)
      before.situation = {
        ...before.situation,
        usages: [usage(lines, period)],
        good,
        previous: before.situation.usages[0] ?? null,
      }
      if (month === last) break
      for (const change of at.edits)
        cabinet.additions = edit(cabinet.additions, change, addMonths(period, -1))
      sync(cabinet, before.situation)
      good = Object.fromEntries(
        before.situation.subscriptions.map(({ id }) => [
          subscriptionKey(id),
          [...(good[subscriptionKey(id)] ?? []), period],
        ]),
      )
      while ((cabinet.agreement.nextInvoiceDate ?? '') <= firstDay(period)) invoiceTimes(cabinet, 1)
    }
    return { cabinet, situation: before.situation }
  }

  it('comes back to what was there, or bills in all what would have been billed without it', () => {
    let [writing, adjusted] = [0, 0]
    fc.assert(
      fc.property(storyArb, ({ history, undone, invoices, cut }) => {
        const { cabinet, situation: of } = live(history, undone)
        const without = copyOf(cabinet)
        const invoicedBefore = invoicedThrough(cabinet.agreement)
        const written = sync(cabinet, of)
        if (written.length === 0) return
        writing += 1
        invoiceTimes(cabinet, invoices)
        invoiceTimes(without, invoices)
        const back = takeBack(cabinet, written, invoicedBefore, cut)
        expect(
          back.undone.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error')),
        ).toEqual([])
        const isAdjusted = back.undone.some(({ findings }) =>
          findings.some(({ code }) => code === 'undo-adjusted'),
        )
        if (isAdjusted) adjusted += 1
        if (invoices === 0) expect(asBilled(cabinet.additions)).toEqual(asBilled(without.additions))
        invoiceTimes(cabinet, 4)
        invoiceTimes(without, 4)
        expect(invoicedInAll(cabinet)).toBe(invoicedInAll(without))
      }),
      { numRuns: undos, ...seed },
    )
    expect(writing).toBeGreaterThan(undos / 3)
    expect(adjusted).toBeGreaterThan(undos / 20)
  })
})
