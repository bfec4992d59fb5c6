/** A month that comes after a later one is good (design.md 2a, "Late months"): what it sees, and when it waits for a person. */
import { endsInsideMonth, type Held } from './additions.ts'
import { money, subtractPair } from './decimal.ts'
import * as findings from './findings.ts'
import type { Context } from './groups.ts'
import { invoicedTotal, reconcileAs } from './reconcile.ts'
import { billedBy, keeps, type Row, toRow } from './subscription-row.ts'
import { invoicedThrough, type Window } from './timeline.ts'
import type { SubscriptionPlan } from './types.ts'

/** As ConnectWise bills them: one that ends inside the month to its end; what starts after the month is not looked at. */
export const withinMonth = (matched: readonly Held[], { first, last }: Window): Held[] =>
  matched
    .filter((each) => each.start <= last)
    .map((each) => (each.ours && endsInsideMonth(each, first, last) ? { ...each, end: last } : each))

/** Whether the plan of a late month waits: a day of it is billed, or that is not known, and nobody said to send it. */
export const waitsAsLate = ({ situation, window, isLate }: Context, id: string): boolean => {
  const through = invoicedThrough(situation.agreement)
  const isConfirmed = situation.confirmed?.some(
    (each) => each.subscriptionId === id && each.period === window.period && each.question === 'late',
  )
  return isLate(id) && !isConfirmed && (through === null || through >= window.first)
}

/** A late month of which nothing is written before a person said how. */
export const waitingRow = (context: Context, row: Row): SubscriptionPlan => {
  const { window, situation } = context
  const invoiced = invoicedTotal(row.group.lines)
  const billed = billedBy(row.held, window)
  const isKnown = invoicedThrough(situation.agreement) !== null
  const difference = money(subtractPair(invoiced, billed).price)
  return toRow(context, {
    ...row,
    findings: [findings.lateMonthWaits(window.period, isKnown, difference), ...row.findings],
    changes: keeps(row.held, []),
    waits: { question: 'late', changes: row.changes.filter(({ kind }) => kind !== 'keep') },
    reconciliation: reconcileAs('waiting', invoiced, billed),
  })
}
