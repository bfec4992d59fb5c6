/** The engine against its rule written the simplest way: month by month, counting days one at a time. */
import Big from 'big.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type AdditionTerms, type AgreementTerms, draftInvoice, type InvoiceLine } from './billing.ts'
import { addDays } from './days.ts'
import { deleteLastInvoice, issueInvoice } from './invoices.ts'
import { withSetUp } from './seed.ts'
import { createStore } from './store.ts'
import { newAddition, tinySeed } from './testing.ts'

const agreement: AgreementTerms = {
  id: 1,
  prorateFlag: true,
  periodType: 'Current',
  invoicingCycle: 'CalendarYear',
  billStart: '2026-01-01',
  nextInvoiceDate: '2026-01-01',
}

const additions = fc
  .array(
    fc.record({
      quantity: fc.integer({ min: -20, max: 200 }),
      less: fc.integer({ min: 0, max: 5 }),
      cents: fc.integer({ min: 0, max: 50_000 }),
      start: fc.integer({ min: 0, max: 364 }),
      length: fc.option(fc.integer({ min: -3, max: 200 })),
    }),
    { maxLength: 6 },
  )
  .map((given) =>
    given.map(({ quantity, less, cents, start, length }, index): AdditionTerms => {
      const effective = addDays('2026-01-01', start)
      return {
        id: index + 1,
        serialNumber: '',
        product: { id: 1, identifier: 'P' },
        description: '',
        billCustomer: 'Billable',
        quantity: new Big(quantity),
        lessIncluded: new Big(less),
        unitPrice: new Big(cents).div(100),
        unitCost: new Big(0),
        effective,
        cancelled: length === null ? null : addDays(effective, length),
      }
    }),
  )

/** Twelve invoices in a row; an addition is there only from `knownFrom` invoices on. */
function year(
  terms: AgreementTerms,
  all: readonly AdditionTerms[],
  knownFrom: (one: AdditionTerms) => string,
) {
  const billed = new Set<string>()
  const lines: InvoiceLine[] = []
  let next = terms.nextInvoiceDate
  // One invoice more than the year has months, so that in advance the last month is caught up too.
  for (let number = 0; number < 13; number++) {
    const known = all.filter((one) => knownFrom(one) <= next)
    const draft = draftInvoice({ ...terms, nextInvoiceDate: next }, known, (id, first) =>
      billed.has(`${id} ${first.slice(0, 7)}`),
    )
    for (const line of draft.lines) billed.add(`${line.additionId} ${line.month}`)
    lines.push(...draft.lines)
    next = draft.nextInvoiceDate
  }
  return lines.filter((line) => line.month < '2027-01')
}

/** The rule of a month, one day at a time, in whole cents. */
function simplestMonth(addition: AdditionTerms, month: string): number {
  let [days, inMonth, alive] = [0, 0, 0]
  for (let day = `${month}-01`; day.startsWith(month); day = addDays(day, 1)) {
    inMonth += 1
    if (day >= addition.effective) days += 1
    if (day >= addition.effective && (addition.cancelled === null || day <= addition.cancelled)) alive += 1
  }
  if (alive === 0) return 0
  const cents = addition.unitPrice.times(100).toNumber()
  const unit = Math.floor((2 * cents * days + inMonth) / (2 * inMonth))
  return unit * addition.quantity.minus(addition.lessIncluded).toNumber()
}

const months = Array.from({ length: 12 }, (_, index) => `2026-${String(index + 1).padStart(2, '0')}`)
const byLine = (lines: readonly InvoiceLine[]) =>
  lines.map((line) => `${line.additionId} ${line.month} ${line.price} ${line.quantity}`).sort()

it('invoices month by month what the rule says day by day', () => {
  fc.assert(
    fc.property(additions, (all) => {
      const lines = year(agreement, all, () => '')
      for (const month of months) {
        const billed = lines.filter((line) => line.month === month)
        const cents = billed
          .reduce((sum, line) => sum.plus(line.price), new Big(0))
          .times(100)
          .toNumber()
        expect(cents).toBe(all.reduce((sum, one) => sum + simplestMonth(one, month), 0))
      }
    }),
    { numRuns: 60 },
  )
})

it('bills the same lines in advance and in arrears once all is billed', () => {
  fc.assert(
    fc.property(additions, (all) => {
      const arrears = year(agreement, all, () => '')
      // In advance an addition is unknown on the day its month is invoiced, and comes by catch-up.
      const advance = year({ ...agreement, periodType: 'Future' }, all, (one) => one.effective)
      expect(byLine(advance)).toEqual(byLine(arrears))
    }),
    { numRuns: 60 },
  )
})

it('leaves the store as it was after an invoice is issued and deleted', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 28 }), { maxLength: 4 }), fc.nat(3), (starts, before) => {
      const rows = starts.map((day, index) => ({
        id: index + 1,
        agreementId: 30,
        ...newAddition({ effectiveDate: `2026-09-${String(day).padStart(2, '0')}T00:00:00Z` }),
      }))
      const records = withSetUp(tinySeed({ additions: rows }).records)
      const store = createStore(records, {
        now: () => new Date('2026-09-15'),
        billedThrough: () => undefined,
      })
      store.reset()
      for (let number = 0; number < before; number++) issueInvoice(store, 30, '2026-09-15')
      const seen = () => structuredClone([store.invoices, store.all('agreements'), store.all('additions')])
      const was = seen()
      issueInvoice(store, 30, '2026-09-15')
      expect(seen()).not.toEqual(was)
      deleteLastInvoice(store, 30)
      expect(seen()).toEqual(was)
    }),
    { numRuns: 30 },
  )
})
