/**
 * What must hold for a customer that moves at any time of any history (docs/billing-rules.md,
 * "Moving and clearing"). `HISTORIES` sets how many are tried, default 40; `SEED` repeats one run.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isActiveOn } from './additions.ts'
import { heldAdditions } from './billed-days.ts'
import { addMonths, periodOf } from './days.ts'
import { decimal, sum } from './decimal.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf } from './plan.ts'
import { earliestTakeover } from './takeover.ts'
import { agreement } from './testing/factories.ts'
import { firstPeriod, historyArb, PrismHistory, startOf, subscriptionIds } from './testing/histories.ts'
import { daysOf, TwoAgreements } from './testing/two-agreements.ts'
import type { Addition, Day, InvoiceLine, MappedTenant, Period } from './types.ts'

const histories = Number(process.env.HISTORIES ?? 40)
const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const moveArb = fc.record({
  history: historyArb,
  /** In which month a person moves it, before or after that month's invoice was synced. */
  at: fc.integer({ min: 1, max: 6 }),
  isBeforeSync: fc.boolean(),
  /** Months after the earliest one. */
  later: fc.constantFrom(0, 0, 0, 1, 2),
  isOtherInAdvance: fc.boolean(),
  /** Which agreement a look takes first after the move: A ends first, or B could not be reached. */
  cut: fc.nat(1000),
})
type Move = typeof moveArb extends fc.Arbitrary<infer T> ? T : never

const tenant: MappedTenant = { id: 'tenant-1', name: 'Coho Winery', syncs: true }
const asSet = (additions: readonly Addition[]): string[] =>
  additions.map(({ id: _, ...rest }) => JSON.stringify(Object.values(rest))).sort()

interface Told {
  readonly two: TwoAgreements
  readonly lines: readonly InvoiceLine[]
  readonly last: Period
  readonly from: Period
}

/** Months in which every agreement is synced for what is due there, and then invoiced. @param interrupted the looks of the move are cut */
const tell = (
  { history, at, isBeforeSync, later, isOtherInAdvance, cut }: Move,
  interrupted: boolean,
): Told => {
  const base = startOf({ ...history, existing: [] })
  const other = agreement({
    ...base.agreement,
    id: 8,
    nextInvoiceDate: `${addMonths(firstPeriod, isOtherInAdvance ? 1 : 0)}-01` as Day,
  })
  const two = new TwoAgreements({ A: base, B: { ...base, agreement: other, tenants: [] } })
  const prism = new PrismHistory()
  const lines: InvoiceLine[] = []
  let from = '' as Period
  let synced: Period | null = null
  const move = (): void => {
    const earliest = earliestTakeover({
      situation: { ...two.side('A'), usages: [{ period: firstPeriod, invoiceId: '', lines }] },
      tenantId: tenant.id,
      lastGood: synced,
      first: firstPeriod,
      target: { agreement: other, currency: base.currency },
    })
    if (!earliest) throw new Error('B can carry every month')
    from = addMonths(earliest.from, later)
    two.tenants('A', [{ ...tenant, until: addMonths(from, -1) }])
    two.tenants('B', [{ ...tenant, from, takesOver: true }])
  }
  const lookAt = (period: Period): void => {
    for (const name of from === '' ? ['A'] : ['A', 'B']) {
      if (interrupted && from !== '') two.sync(name, period, cut % 4)
      two.sync(name, period)
    }
    synced = from === '' || period < from ? period : synced
  }
  for (const [i, month] of history.months.entries()) {
    const period = addMonths(firstPeriod, i)
    const invoice = prism.invoice(period, month)
    lines.push(...invoice)
    if (i === at && isBeforeSync) move()
    // What was there before the move is looked at again at once: what is left ends then.
    if (i === at && isBeforeSync && synced !== null) lookAt(synced)
    two.issue({ period, invoiceId: period, lines: invoice })
    lookAt(period)
    if (i === at && !isBeforeSync) {
      move()
      lookAt(period)
    }
    prism.close(month)
    for (const name of ['A', 'B']) two.invoice(name)
  }
  return { two, lines, last: addMonths(firstPeriod, history.months.length - 1), from }
}

/** What ConnectWise bills of a day of a subscription: as it was when it was invoiced, or as it is. */
const billedOn = ({ two }: Told, name: string, id: string, day: Day): string => {
  const held = heldAdditions(two.side(name)).filter(
    (each) => subscriptionKey(each.addition?.serialNumber ?? '') === subscriptionKey(id),
  )
  return sum(held.filter((each) => isActiveOn(each, day)).map((each) => each.quantity)).toFixed()
}

const must = (isTrue: boolean, message: () => string): void => {
  if (!isTrue) throw new Error(message())
}

describe('For every month of a move, in every history', () => {
  it(`bills each usage day once over both agreements, over ${histories} histories`, {
    timeout: 600_000,
  }, () => {
    fc.assert(
      fc.property(moveArb, (move) => {
        const told = tell(move, false)
        for (const id of subscriptionIds)
          for (const day of daysOf(firstPeriod, told.last)) {
            const quantities = told.lines
              .filter((line) => line.subscriptionId === id && line.first <= day && line.last >= day)
              .map((line) => decimal(line.quantity))
            const [a, b] = [billedOn(told, 'A', id, day), billedOn(told, 'B', id, day)]
            must(
              sum(quantities).eq(sum([decimal(a), decimal(b)])),
              () =>
                `${id} on ${day}: A ${a}, B ${b} instead of ${sum(quantities).toFixed()}, from ${told.from}`,
            )
            must(
              periodOf(day) >= told.from ? a === '0' : b === '0',
              () => `${day} is billed on the wrong one: A ${a}, B ${b}`,
            )
          }
      }),
      { numRuns: histories, ...seed },
    )
  })

  it('writes nothing in a second look, and leaves nothing to end', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(moveArb, (move) => {
        const { two, last } = tell(move, false)
        for (const name of ['A', 'B'])
          for (const change of changesOf(two.sync(name, last)))
            must(change.kind === 'keep', () => `${name} again: ${JSON.stringify(change)}`)
        must(!two.isLeft('A'), () => 'something is left on A')
      }),
      { numRuns: histories, ...seed },
    )
  })

  it('comes to the same end wherever a look breaks off', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(moveArb, (move) => {
        const [whole, broken] = [tell(move, false), tell(move, true)]
        for (const name of ['A', 'B'])
          must(
            asSet(broken.two.side(name).additions).join() === asSet(whole.two.side(name).additions).join(),
            () =>
              `${name}: ${asSet(broken.two.side(name).additions).join()} instead of ${asSet(whole.two.side(name).additions).join()}`,
          )
      }),
      { numRuns: histories, ...seed },
    )
  })

  it('shows what it is meant to: ends, deletes, months before and after the move with steps', () => {
    const seen = { deletes: 0, later: 0, advance: 0 }
    for (const move of fc.sample(moveArb, { numRuns: 200, seed: 1 })) {
      const { two, from } = tell(move, false)
      if (two.written.includes('delete')) seen.deletes++
      if (from > addMonths(firstPeriod, move.at + 1)) seen.later++
      if (move.history.advance) seen.advance++
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20)
  })
})
