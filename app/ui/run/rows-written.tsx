import { ChangeList } from '#app/ui/plan/change-list.tsx'
import { Findings } from '#app/ui/plan/findings.tsx'
import type { SubscriptionPlan } from '#app/ui/plan/shown.ts'
import styles from './taking-back.module.css'

/** Of each subscription what is written, old and new, and what is not, with why. */
export function RowsWritten({ rows }: { rows: readonly SubscriptionPlan[] }) {
  return (
    <ul className={styles['rows']}>
      {rows.map((row) => (
        <li key={`${row.kind} ${row.subscriptionId} ${row.product.sku}`}>
          <h3>{row.product.name}</h3>
          <Findings findings={row.findings} />
          <ChangeList changes={row.changes.map((change) => ({ change, applied: null }))} />
        </li>
      ))}
    </ul>
  )
}
