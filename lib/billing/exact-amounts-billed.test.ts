/** Generated months as the stand-in's billing engine, which was written from the same facts by itself, invoices them (J10). */
import Big from 'big.js'
import { describe, expect, it } from 'vitest'
import { draftInvoice } from '#standin/connectwise/billing.ts'
import { generateConnectWise } from '#standin/generator/connectwise-seed.ts'
import { generatePrism } from '#standin/generator/prism-seed.ts'
import { firstDay } from './days.ts'
import { roundingSerial } from './exact-amounts.ts'
import { isGood } from './held-back.ts'
import { plan } from './plan.ts'
import { engineTerms } from './testing/engine-terms.ts'
import { type Lived, monthsOf } from './testing/generated-months.ts'
import type { Day, Period, PeriodPlan, Reconciliation, Situation } from './types.ts'

/** Every agreement of a generated partner that is invoiced in arrears: in advance ConnectWise has invoiced a month before PRISM does. */
const livedOf = (seed: number, exactAmounts: boolean): Lived[] => {
  const [partner] = generatePrism({ seed, tenants: 10, subscriptions: 60, products: 40, months: 6 }).partners
  if (partner === undefined) throw new Error('There is always a partner')
  const { seed: connectWise, mappings } = generateConnectWise(partner, { seed, inAdvance: 0, existing: 0 })
  return mappings.map((each) => ({ partner, connectWise, months: 6, exactAmounts, ...each }))
}

type BilledLine = ReturnType<typeof draftInvoice>['lines'][number]

/** ConnectWise's invoice of the month, were it made now. */
const invoiceOf = ({ agreement, additions }: Situation, period: Period): BilledLine[] =>
  draftInvoice(
    {
      id: agreement.id,
      prorateFlag: true,
      periodType: 'Current',
      invoicingCycle: 'CalendarYear',
      billStart: firstDay(period),
      nextInvoiceDate: firstDay(period),
    },
    additions.map((each) => engineTerms(each, '2025-01-01' as Day)),
    () => false,
  ).lines.filter(({ month }) => month === period)

const sumOf = (values: readonly (string | undefined)[]): string =>
  values.reduce((total, value) => total.plus(value ?? 0), new Big(0)).toFixed(2)

const sides = ['price', 'cost'] as const
type Side = (typeof sides)[number]

const named = ['ignored', 'failed', 'priceChange', 'asAdopted', 'edited', 'notBilled', 'unexplained'] as const
const termsIn = (totals: Reconciliation, side: Side): string[] => [
  ...named.map((term) => totals[term][side]),
  ...Object.entries(totals.terms ?? {}).flatMap(([term, each]) =>
    term === 'exactAmounts' ? [] : [each[side]],
  ),
]

interface Invoiced {
  readonly month: PeriodPlan
  readonly lines: readonly BilledLine[]
}

/** Each month as it is proved, where all of it is good, with ConnectWise's invoice of it. */
const invoicedOf = (exactAmounts: boolean): Invoiced[] =>
  [11, 12, 13].flatMap((seed) =>
    livedOf(seed, exactAmounts).flatMap((lived) =>
      [...monthsOf(lived)].flatMap(({ period, after }) => {
        const [month] = plan({ ...after, good: {} }).periods
        if (month === undefined || !month.subscriptions.every(isGood)) return []
        return [{ month, lines: invoiceOf(after, period) }]
      }),
    ),
  )

const differences = ({ month: { totals }, lines }: Invoiced, side: Side) => ({
  gap: sumOf([totals.invoiced[side], ...lines.map((line) => `-${line[side]}`.replace('--', ''))]),
  others: sumOf(termsIn(totals, side)),
  rounding: sumOf([totals.rounding[side]]),
})

describe("ConnectWise's invoice of a generated month", () => {
  it("equals PRISM's to the cent with exact amounts, price and cost, named differences aside [J10]", () => {
    const all = invoicedOf(true)
    let [exact, corrected] = [0, 0]
    for (const each of all) {
      for (const side of sides) {
        const { gap, others } = differences(each, side)
        expect(gap, `${side} of ${each.month.period}`).toBe(others)
        if (termsIn(each.month.totals, side).every((value) => Number(value) === 0)) {
          expect(gap).toBe('0.00')
          exact += 1
        }
      }
      const corrections = each.lines.filter(
        ({ serialNumber }) => serialNumber === roundingSerial(each.month.period),
      )
      expect(corrections.length).toBeLessThan(2)
      corrected += corrections.length
    }
    expect(all.length).toBeGreaterThan(50)
    expect(exact).toBeGreaterThan(50)
    expect(corrected).toBeGreaterThan(20)
  })

  it('is off by the rounding without them, and nothing is unexplained [J10]', () => {
    let off = 0
    for (const each of invoicedOf(false)) {
      for (const side of sides) {
        const { gap, others, rounding } = differences(each, side)
        expect(gap).toBe(sumOf([others, rounding]))
        expect(Number(each.month.totals.unexplained[side])).toBe(0)
        if (Number(rounding) !== 0) off += 1
      }
    }
    expect(off).toBeGreaterThan(20)
  })
})
