import type { RunContent } from '#app/api/schemas/runs.ts'
import { statuses } from '#lib/billing/status.ts'
import styles from './run.module.css'

/** What came of it in a line, where its progress was: nothing below moves when it ends. */
export function RunOutcome({ run: { kind, customers, counts } }: { run: RunContent }) {
  const figures: readonly (readonly [string, number])[] =
    kind === 'products'
      ? [
          ['Failed', counts?.failed ?? 0],
          ['Created', counts?.created ?? 0],
          ['Updated', counts?.updated ?? 0],
          ['Unchanged', counts?.unchanged ?? 0],
        ]
      : statuses
          .toReversed()
          .map((status) => [status, customers.filter((each) => each.status === status).length] as const)
  return (
    <dl className={styles['outcome']}>
      {figures.map(([name, count]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{count.toLocaleString('en-GB')}</dd>
        </div>
      ))}
    </dl>
  )
}
