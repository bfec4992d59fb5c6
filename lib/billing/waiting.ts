/**
 * Plans of a subscription that wait for a person: nothing is written, and what would be is shown
 * (docs/billing-rules.md, "Waits").
 */

import type { Context } from './context.ts'
import { money, subtractPair } from './decimal.ts'
import { askBilled } from './doubts.ts'
import * as findings from './findings.ts'
import { isConfirmed, waitsAsLate, waitsAsUnfit } from './late-month.ts'
import { invoicedTotal, reconcileAs } from './reconcile.ts'
import { billedBy, keeps, type Row, toRow } from './subscription-row.ts'
import { invoicedThrough, type Window } from './timeline.ts'
import type { Finding, Period, Reconciliation, SubscriptionPlan, WaitQuestion } from './types.ts'

/** The row as it is where nothing of it waits. @param row as it would be written. @param window the days that it was planned for */
export const waitingRow = (context: Context, row: Row, window: Window): SubscriptionPlan => {
  const question = billedQuestion(row, window) ?? questionOf(context, row)
  if (question === null) return toRow(context, row)
  return toRow(context, {
    ...row,
    findings: [...question.findings, ...row.findings.filter((each) => !isSaid(each, question.findings))],
    changes: keeps(row.held, []),
    waits: { question: question.is, changes: row.changes.filter(({ kind }) => kind !== 'keep') },
    reconciliation: waitingAs(context, row),
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
    reconciliation: waitingAs(context, row),
  })

type Waiting = Pick<Row, 'group' | 'held'>

const waitingAs = ({ window }: Context, { group, held }: Waiting): Reconciliation =>
  reconcileAs('waiting', invoicedTotal(group.lines), billedBy(held, window))

interface Question {
  readonly is: WaitQuestion
  readonly findings: readonly Finding[]
}

/** How its additions were billed decides what there is to write, so that it is asked before anything else. */
const billedQuestion = ({ additions }: Row, window: Window): Question | null => {
  const asked = askBilled(additions.doubts, window)
  return asked.length === 0 ? null : { is: 'billed', findings: asked }
}

/** Whether a note takes for known what is asked. */
const isSaid = ({ code, additionIds }: Finding, asked: readonly Finding[]): boolean =>
  code === 'changed-since-billed' &&
  asked.some(({ asksBilled }) => asksBilled !== undefined && additionIds.includes(asksBilled.additionId))

const questionOf = (context: Context, { group, held, changes }: Row): Question | null => {
  const { usage, window, situation } = context
  if (changes.every(({ kind }) => kind === 'keep')) return null
  const guard = usage.guarded?.[group.id]
  const asksGuard =
    guard !== undefined && !context.isLate(group.id) && !isConfirmed(context, group.id, 'guard')
  const isUnfit = waitsAsUnfit(context, group.id)
  if (!asksGuard && !isUnfit && !waitsAsLate(context, group.id)) return null
  const [invoiced, billed] = [invoicedTotal(group.lines), billedBy(held, window)]
  if (asksGuard)
    return { is: 'guard', findings: [findings.guardWaits(guard, money(billed.price), money(invoiced.price))] }
  const difference = money(subtractPair(invoiced, billed).price)
  if (isUnfit) return { is: 'late', findings: [findings.unfitMonthWaits(window.period, difference)] }
  const isKnown = invoicedThrough(situation.agreement) !== null
  return { is: 'late', findings: [findings.lateMonthWaits(window.period, isKnown, difference)] }
}
