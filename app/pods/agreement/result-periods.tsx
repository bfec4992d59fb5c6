'use client'
import type { MappedContent, SyncResult } from '#app/api/schemas/pod.ts'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { beginningsOf } from '#app/ui/plan/causes.ts'
import { Findings } from '#app/ui/plan/findings.tsx'
import { IgnoredLines } from '#app/ui/plan/ignored-lines.tsx'
import { Proof } from '#app/ui/plan/proof.tsx'
import { SubscriptionTable } from '#app/ui/plan/subscription-table.tsx'
import type { AppliedPeriodPlan } from '#db/values.ts'
import { monthName } from '#lib/billing/format.ts'
import type { Status } from '#lib/billing/types.ts'
import styles from './agreement-pod.module.css'

interface ResultPeriodsProps {
  readonly result: SyncResult
  readonly content: MappedContent
  readonly showCost: boolean
}

const ORDER: readonly Status[] = ['No Change', 'Success', 'Warning', 'Error']

const worstOf = ({ subscriptions }: AppliedPeriodPlan): Status =>
  ORDER[Math.max(0, ...subscriptions.map(({ status }) => ORDER.indexOf(status)))] ?? 'Error'

function PeriodResult({
  plan,
  content,
  showCost,
}: Omit<ResultPeriodsProps, 'result'> & { plan: AppliedPeriodPlan }) {
  const tenantNames = new Map(content.tenants.map(({ id, name }) => [id, name]))
  return (
    <>
      <div className={styles['stack']}>
        <Proof plan={plan} currency={content.currency} showCost={showCost} of={monthName(plan.period)} />
        {plan.findings.length === 0 ? null : <Findings findings={plan.findings} />}
      </div>
      {plan.subscriptions.length === 0 ? null : (
        <SubscriptionTable plan={plan} showCost={showCost} tenantNames={tenantNames} />
      )}
      <IgnoredLines lines={plan.ignored} total={plan.totals.ignored.price} currency={content.currency} />
    </>
  )
}

/** What went wrong first, in the months where it began; then the newest month in full; then the others that were synced with it. */
export function ResultPeriods({ result, content, showCost }: ResultPeriodsProps) {
  const [newest, ...earlier] = result.periods
  if (newest === undefined) return null
  const causes = beginningsOf([...result.periods].reverse()).filter((plan) => plan !== newest)
  const month = (plan: AppliedPeriodPlan, isOpen: boolean) => (
    <details key={`${plan.period}/${plan.invoiceId}`} className={styles['month']} open={isOpen}>
      <summary>
        {monthName(plan.period)} usage <StatusChip status={worstOf(plan)} />
      </summary>
      <PeriodResult plan={plan} content={content} showCost={showCost} />
    </details>
  )
  return (
    <>
      {causes.map((plan) => month(plan, true))}
      {causes.length === 0 ? (
        <PeriodResult plan={newest} content={content} showCost={showCost} />
      ) : (
        month(newest, true)
      )}
      {earlier.filter((plan) => !causes.includes(plan)).map((plan) => month(plan, false))}
    </>
  )
}
