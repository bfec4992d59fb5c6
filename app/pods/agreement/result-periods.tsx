'use client'
import type { MappedContent, SyncResult } from '#app/api/schemas/pod.ts'
import { StatusChip } from '#app/ui/chip.tsx'
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

/** Whether something went wrong in this very month, and does not only wait for an earlier one. */
const isCause = ({ subscriptions }: AppliedPeriodPlan): boolean =>
  subscriptions.some(({ findings }) =>
    findings.some(({ severity, code }) => severity === 'error' && code !== 'earlier-period-failed'),
  )

function PeriodResult({
  plan,
  content,
  showCost,
}: Omit<ResultPeriodsProps, 'result'> & { plan: AppliedPeriodPlan }) {
  const tenantNames = new Map(content.tenants.map(({ id, name }) => [id, name]))
  return (
    <>
      <div className={styles['stack']}>
        <Proof
          totals={plan.totals}
          currency={content.currency}
          showCost={showCost}
          of={monthName(plan.period)}
        />
        {plan.findings.length === 0 ? null : <Findings findings={plan.findings} />}
      </div>
      {plan.subscriptions.length === 0 ? null : (
        <SubscriptionTable plan={plan} showCost={showCost} tenantNames={tenantNames} />
      )}
      <IgnoredLines lines={plan.ignored} total={plan.totals.ignored.price} currency={content.currency} />
    </>
  )
}

/** The newest month in full; of earlier ones that were synced with it, those where something went wrong are open. */
export function ResultPeriods({ result, content, showCost }: ResultPeriodsProps) {
  const [newest, ...earlier] = result.periods
  if (newest === undefined) return null
  return (
    <>
      <PeriodResult plan={newest} content={content} showCost={showCost} />
      {earlier.map((plan) => (
        <details key={`${plan.period}/${plan.invoiceId}`} className={styles['earlier']} open={isCause(plan)}>
          <summary>
            {monthName(plan.period)} usage <StatusChip status={worstOf(plan)} />
          </summary>
          <PeriodResult plan={plan} content={content} showCost={showCost} />
        </details>
      ))}
    </>
  )
}
