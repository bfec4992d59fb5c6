/**
 * The plan that takes back what a run wrote of annual invoices (J2; docs/billing-rules.md, "Undo"). Whether ConnectWise has invoiced an
 * addition of a One-Time agreement is not told by the additions, so nothing is deleted or changed: each addition of the run is given
 * back by one more, which is right in both cases.
 */
import { subscriptionKey } from '../keys.ts'
import { totalReconciliation } from '../reconcile.ts'
import type { CarriedLine, PeriodPlan } from '../types.ts'
import type { AnnualSituation } from './annual-situation.ts'
import { planAnnual } from './plan-annual.ts'

/** One plan an invoice, oldest first. @param written the lines that the run's additions are of, each with its latest turn */
export const undoAnnual = (situation: AnnualSituation, written: readonly CarriedLine[]): PeriodPlan[] => {
  const { periods } = planAnnual({ ...situation, undoes: written })
  return periods.flatMap((planned): PeriodPlan[] => {
    const lines = written.filter(({ invoiceId }) => invoiceId === planned.invoiceId)
    const ids = new Set(lines.map(({ subscriptionId }) => subscriptionId))
    if (lines.length === 0) return []
    const subscriptions = planned.subscriptions.filter((row) => ids.has(subscriptionKey(row.subscriptionId)))
    const totals = totalReconciliation(subscriptions.map(({ reconciliation }) => reconciliation))
    return [{ ...planned, catalogItems: [], subscriptions, ignored: [], findings: [], totals }]
  })
}
