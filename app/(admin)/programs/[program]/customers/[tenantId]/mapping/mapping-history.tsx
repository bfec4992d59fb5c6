import { LocalTime } from '#app/ui/kit/local-time.tsx'
import table from '#app/ui/kit/table.module.css'
import { TableHead } from '#app/ui/kit/table-head.tsx'
import type { MappedSpan } from '#app/views/mapping-history.ts'
import { monthName } from '#lib/billing/format.ts'
import styles from '../../customers.module.css'

/** Agreements that the customer is, and was, mapped to: the newest first. */
export function MappingHistory({ history }: { history: readonly MappedSpan[] }) {
  if (history.length === 0) return <p className={styles['none']}>It was never mapped.</p>
  return (
    <div className={table['panel']}>
      <table className={table['table']}>
        <TableHead
          columns={['Agreement', 'First month billed there', 'Last month billed there', 'Mapped or left']}
        />
        <tbody>
          {history.map((span) => (
            <tr key={span.agreementId}>
              <td>
                {span.companyName}, {span.agreementName}
              </td>
              <td data-label="From">
                {span.from === null ? 'that of its first sync' : monthName(span.from)}
              </td>
              <td data-label="Until">{untilText(span)}</td>
              <td>
                {span.left === null ? 'mapped' : 'left'} <LocalTime at={span.left?.at ?? span.mappedAt} />
                {span.left === null ? '' : `, ${span.left.by}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function untilText({ left, until }: MappedSpan): string {
  if (left === null) return 'now'
  if (until === null) return 'left as it was: its additions go on billing'
  return `${monthName(until)}${left.isDone ? '' : ', still to be ended by a sync'}`
}
