'use client'
import type { MappedContent, SyncResult } from '#app/api/schemas/pod.ts'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { beginningsOf } from '#app/ui/plan/causes.ts'
import { PlanTitle } from '#app/ui/plan/plan-title.tsx'
import type { PeriodOutcome } from '#app/ui/plan/shown.ts'
import { worst } from '#lib/billing/status.ts'
import type { Status } from '#lib/billing/types.ts'
import styles from './agreement-pod.module.css'
import { ResultMonth } from './result-month.tsx'

interface ResultPeriodsProps {
  readonly result: SyncResult
  readonly content: MappedContent
  readonly showCost: boolean
}

const worstOf = ({ subscriptions }: PeriodOutcome): Status => worst(subscriptions.map(({ status }) => status))

/** Months that were synced together: what went wrong first, in the months where it began; then the newest month in full; then the others that were synced with it. */
export function ResultPeriods({ result, content, showCost }: ResultPeriodsProps) {
  const [newest, ...earlier] = result.periods
  if (newest === undefined) return null
  const causes = beginningsOf([...result.periods].reverse()).filter((plan) => plan !== newest)
  const shown = (plan: PeriodOutcome) => <ResultMonth plan={plan} content={content} showCost={showCost} />
  const month = (plan: PeriodOutcome, isOpen: boolean) => (
    <details key={`${plan.period}/${plan.invoiceId}`} className={styles['month']} open={isOpen}>
      <summary>
        <PlanTitle plan={plan} /> <StatusChip status={worstOf(plan)} />
      </summary>
      {shown(plan)}
    </details>
  )
  return (
    <>
      {causes.map((plan) => month(plan, true))}
      {causes.length === 0 ? shown(newest) : month(newest, true)}
      {earlier.filter((plan) => !causes.includes(plan)).map((plan) => month(plan, false))}
    </>
  )
}
