/** What taking back a run of annual invoices plans (J2; docs/billing-rules.md, "Undo"). */
import { describe, expect, it } from 'vitest'
import { changesOf, isNothingToWrite } from '../plan.ts'
import { simulate } from '../simulate.ts'
import {
  annualInvoice,
  annualLine,
  annualSituation,
  asBilled,
  plannedOf,
  writtenTo,
} from '../testing/annual.ts'
import { day } from '../testing/factories.ts'
import type { CarriedLine, Money, PeriodPlan } from '../types.ts'
import type { AnnualSituation } from './annual-situation.ts'
import { planAnnual } from './plan-annual.ts'
import { undoAnnual } from './undo-annual.ts'

const order = annualLine(5, '2026-09-16', '2027-09-15')
const increase = annualLine(2, '2026-10-22', '2027-09-15', { days: 329 })
const invoices = [
  annualInvoice([order]),
  annualInvoice([increase], { invoiceId: '90018', issuedOn: day('2026-10-23') }),
]

/** The lines that the plan of the situation writes. */
const writtenBy = (of: AnnualSituation): CarriedLine[] =>
  planAnnual(of)
    .periods.flatMap(changesOf)
    .flatMap((change) => (change.kind === 'create' && change.carries ? [change.carries] : []))

const left = (lines: readonly CarriedLine[]): AnnualSituation['lineAnswers'] =>
  lines.map((line) => ({ line: { ...line, turn: line.turn + 2 }, says: 'leave' }))

const undone = (of: AnnualSituation, lines: readonly CarriedLine[]): AnnualSituation => {
  const changes = undoAnnual(of, lines).flatMap(changesOf)
  const { additions, owned, catalog } = of
  return { ...of, ...simulate({ additions, owned, catalog }, changes), lineAnswers: left(lines) ?? [] }
}
const proof = ({ totals }: PeriodPlan): string[] => [
  totals.invoiced.price,
  totals.billed.price,
  totals.unexplained.price,
]

describe('An undo of annual invoices', () => {
  it('gives back each addition of the run by one more, with its own proof an invoice [J2]', () => {
    const before = annualSituation(invoices)
    const lines = writtenBy(before)
    const plans = undoAnnual(writtenTo(before), lines)
    expect(plans.map(({ invoiceId }) => invoiceId)).toEqual(['90017', '90018'])
    expect(plans.map(proof)).toEqual([
      ['600', '0', '0'],
      ['216.33', '0', '0'],
    ])
    const after = undone(writtenTo(before), lines)
    expect(asBilled(after.additions)).toEqual([
      '-1 at 173.06/216.33 on 2026-10-23',
      '-1 at 480/600 on 2026-09-17',
      '1 at 173.06/216.33 on 2026-10-23',
      '5 at 96/120 on 2026-09-17',
    ])
  })

  it('is done once, and no sync writes the line again until a person takes that back [J2]', () => {
    const before = annualSituation(invoices)
    const lines = writtenBy(before)
    const after = undone(writtenTo(before), lines)
    expect(
      undoAnnual(after, lines)
        .flatMap(changesOf)
        .filter(({ kind }) => kind !== 'keep'),
    ).toEqual([])
    expect(isNothingToWrite(planAnnual(after))).toBe(true)
    expect(planAnnual(after).periods.map(proof)).toEqual([
      ['600', '0', '0'],
      ['216.33', '0', '0'],
    ])
    const released = writtenTo({ ...after, lineAnswers: [] })
    expect(planAnnual(released).periods.map(proof)).toEqual([
      ['600', '600', '0'],
      ['216.33', '216.33', '0'],
    ])
  })

  it('gives back what somebody made it bill, and nothing of what somebody deleted [F19]', () => {
    const before = annualSituation(invoices)
    const lines = writtenBy(before)
    const written = writtenTo(before)
    const [first, ...others] = written.additions
    if (first === undefined) throw new Error('Something was written')
    const edited = { ...written, additions: [{ ...first, unitPrice: '130' as Money }, ...others] }
    expect(asBilled(undone(edited, lines).additions)).toContain('-1 at 480/650 on 2026-09-17')
    const deleted = { ...written, additions: others }
    expect(asBilled(undone(deleted, lines).additions)).toEqual([
      '-1 at 173.06/216.33 on 2026-10-23',
      '1 at 173.06/216.33 on 2026-10-23',
    ])
    expect(isNothingToWrite(planAnnual(undone(deleted, lines)))).toBe(true)
  })

  it('of a run that took a line back bills that line again, though the invoice does not have it [J2]', () => {
    const written = writtenTo(annualSituation([annualInvoice([order])]))
    const corrected = { ...written, invoices: [annualInvoice([])] }
    const lines = writtenBy(corrected)
    expect(lines).toMatchObject([{ turn: 2 }])
    const after = undone(writtenTo(corrected), lines)
    expect(asBilled(after.additions)).toHaveLength(3)
    expect(isNothingToWrite(planAnnual(after))).toBe(true)
    expect(proof(plannedOf(after))).toEqual(['0', '600', '0'])
  })
})
