/**
 * Plans of a subscription that wait for a person: nothing is written, and what would be is shown
 * (docs/billing-rules.md, "Waits").
 */
import { money, type Pair, subtractPair } from './decimal.ts'
import * as findings from './findings.ts'
import type { Context } from './groups.ts'
import { isConfirmed, waitsAsLate, waitsAsUnfit } from './late-month.ts'
import { invoicedTotal, reconcileAs } from './reconcile.ts'
import { billedBy, keeps, type Row, toRow } from './subscription-row.ts'
import { invoicedThrough } from './timeline.ts'
import type { Finding, Period, SubscriptionPlan, WaitQuestion } from './types.ts'

/** The row as it is where nothing of it waits. @param row as it would be written. */
export const waitingRow = (context: Context, row: Row): SubscriptionPlan => {
  const invoiced = invoicedTotal(row.group.lines)
  const billed = billedBy(row.held, context.window)
  const question = questionOf(context, row, invoiced, billed)
  if (question === null) return toRow(context, row)
  return toRow(context, {
    ...row,
    findings: [question.finding, ...row.findings],
    changes: keeps(row.held, []),
    waits: { question: question.is, changes: row.changes.filter(({ kind }) => kind !== 'keep') },
    reconciliation: reconcileAs('waiting', invoiced, billed),
  })
}

/** The row of a subscription of which an earlier month waits for an answer: this one is planned after it. */
export const waitsForEarlier = (
  context: Context,
  row: Pick<Row, 'group' | 'timeline' | 'held' | 'additions'>,
  earlier: Period,
): SubscriptionPlan =>
  toRow(context, {
    ...row,
    findings: [findings.earlierPeriodWaits(earlier)],
    changes: keeps(row.held, []),
    waits: { question: 'earlier', changes: [] },
    reconciliation: reconcileAs(
      'waiting',
      invoicedTotal(row.group.lines),
      billedBy(row.held, context.window),
    ),
  })

const questionOf = (
  context: Context,
  { group, changes }: Row,
  invoiced: Pair,
  billed: Pair,
): { is: WaitQuestion; finding: Finding } | null => {
  const { usage, window, situation } = context
  if (changes.every(({ kind }) => kind === 'keep')) return null
  const guard = usage.guarded?.[group.id]
  if (guard !== undefined && !context.isLate(group.id) && !isConfirmed(context, group.id, 'guard'))
    return { is: 'guard', finding: findings.guardWaits(guard, money(billed.price), money(invoiced.price)) }
  const difference = money(subtractPair(invoiced, billed).price)
  if (waitsAsUnfit(context, group.id))
    return { is: 'late', finding: findings.unfitMonthWaits(window.period, difference) }
  if (!waitsAsLate(context, group.id)) return null
  const isKnown = invoicedThrough(situation.agreement) !== null
  return { is: 'late', finding: findings.lateMonthWaits(window.period, isKnown, difference) }
}
