import { memo } from 'react'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import { PlanMonth } from '#app/ui/plan/plan-month.tsx'
import type { PeriodOutcome } from '#app/ui/plan/shown.ts'
import styles from './agreement-pod.module.css'

interface ResultMonthProps {
  readonly plan: PeriodOutcome
  readonly content: MappedContent
  readonly showCost: boolean
}

/** A month that was synced, with the customers of the agreement by name. Long, so it is drawn again only where it changed. */
export const ResultMonth = memo(function ResultMonth({ plan, content, showCost }: ResultMonthProps) {
  return (
    <PlanMonth
      plan={plan}
      currency={content.currency}
      showCost={showCost && content.may.seeCost}
      tenantNames={new Map(content.tenants.map(({ id, name }) => [id, name]))}
      className={styles['stack']}
    />
  )
})
