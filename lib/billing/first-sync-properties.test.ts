/**
 * What must hold for every first sync that begins with a later month (docs/billing-rules.md, "First sync").
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hold, isCounted, quantityOn } from './additions.ts'
import { firstDay, lastDay, nextDay } from './days.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { simulate } from './simulate.ts'
import { agreement, line, situation, subscriptionId, tenantId, usage } from './testing/factories.ts'
import type { Change, Day, InvoiceLine, Period, PeriodPlan, Situation } from './types.ts'

const id = subscriptionId.toLowerCase()
const september = '2026-09' as Period
const monthArb = fc.uniqueArray(
  fc.record({ day: fc.integer({ min: 1, max: 28 }), quantity: fc.integer({ min: 0, max: 9 }) }),
  { selector: ({ day }) => day, minLength: 1, maxLength: 4 },
)
const priceArb = fc.constantFrom<readonly [number, number]>([8, 10], [8.37, 10.05], [4.07, 5.2])

type Month = { readonly day: number; readonly quantity: number }[]
const linesOf = (month: Month, period: Period, unit: readonly [number, number]): InvoiceLine[] => {
  const steps = [...month].sort((a, b) => a.day - b.day)
  return steps.flatMap(({ day, quantity }, i) => {
    const to = (steps[i + 1]?.day ?? Number(lastDay(period).slice(8)) + 1) - 1
    return quantity === 0 ? [] : [line(quantity, period, day, to, { unit })]
  })
}
const quantityIn = (lines: readonly InvoiceLine[], day: Day): string =>
  `${lines.filter((each) => each.first <= day && each.last >= day).reduce((sum, each) => sum + Number(each.quantity), 0)}`

const active = (of: Situation, day: Day): string =>
  quantityOn(
    of.additions.map((each) => hold(each, of.agreement, undefined)).filter(isCounted),
    day,
  ).toString()
const onlyPeriod = (of: Situation): PeriodPlan => plan(of).periods[0] ?? expect.fail()
const set = ({ additions }: Situation): string[] =>
  additions
    .map((each) =>
      [each.serialNumber, each.effectiveDate, each.cancelledDate, each.quantity, each.unitPrice].join(' '),
    )
    .sort()
const withPart = (of: Situation, changes: readonly Change[]): Situation => ({
  ...of,
  ...simulate(of, changes),
})

describe('for every first sync that begins with the next month', () => {
  it('no day before it is billed, from it on the last quantity is, and every prefix leads there', () => {
    let written = 0
    fc.assert(
      fc.property(
        monthArb,
        monthArb,
        priceArb,
        fc.constantFrom('2026-10-01', '2026-11-01', '2026-10-15'),
        fc.boolean(),
        fc.nat(10),
        (month, following, unit, nextInvoiceDate, hasItem, cut) => {
          const lines = linesOf(month, september, unit)
          const before = situation({
            agreement: agreement({ nextInvoiceDate: nextInvoiceDate as Day }),
            tenants: [
              { id: tenantId, name: 'Coho', syncs: true, firstSync: { begin: 'next', isChosen: true } },
            ],
            usages: [usage(lines)],
            ...(hasItem ? {} : { catalog: [] }),
          })
          const next = (nextInvoiceDate === '2026-11-01' ? '2026-11-01' : '2026-10-01') as Day
          const of = onlyPeriod(before)
          const changes = changesOf(of)
          const after = withPart(before, changes)
          for (let day = firstDay(september); day < next; day = nextDay(day))
            expect(active(after, day)).toBe('0')
          const runsOn = quantityIn(lines, lastDay(september))
          expect(active(after, next)).toBe(runsOn)

          const starts = Object.fromEntries(
            of.subscriptions.flatMap(({ begins }) => (begins === undefined ? [] : [[id, begins]])),
          )
          expect(isNothingToWrite(plan({ ...after, starts }))).toBe(true)
          const cutAt = { ...withPart(before, changes.slice(0, cut % (changes.length + 1))), starts }
          expect(set(withPart(cutAt, changesOf(onlyPeriod(cutAt))))).toEqual(set(after))
          if (changes.length > 0) written += 1

          // The month that it begins with is then billed to the day, in arrears and in advance.
          const good = lines.length === 0 ? {} : { [id]: [september] }
          const period = next.slice(0, 7) as Period
          const its = linesOf(following, period, unit)
          const then = { ...after, starts, good, usages: [usage(its, period)] }
          const end = withPart(then, changesOf(onlyPeriod(then)))
          if (its.length === 0) return
          for (let day = next; day <= lastDay(period); day = nextDay(day))
            expect(active(end, day)).toBe(quantityIn(its, day))
        },
      ),
      { numRuns: 300 },
    )
    expect(written).toBeGreaterThan(100)
  })
})
