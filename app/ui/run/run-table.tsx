import Link from 'next/link'
import type { ShownRun } from '#app/api/schemas/runs.ts'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import table from '#app/ui/kit/table.module.css'
import styles from './run-table.module.css'
import { durationText, KINDS, periodsText, TRIGGERS } from './run-words.ts'

interface RunTableProps {
  readonly runs: readonly (ShownRun & { readonly summary: string })[]
}

/** One row a run (G2). */
export function RunTable({ runs }: RunTableProps) {
  return (
    <table className={table['table']}>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">What</th>
          <th scope="col">Usage</th>
          <th scope="col">Started</th>
          <th scope="col" className={styles['number']}>
            Took
          </th>
          <th scope="col">Result</th>
          <th scope="col">Status</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.id}>
            <td className={styles['when']}>
              <Link href={`/runs/${run.id}`} prefetch={false}>
                <LocalTime at={run.createdAt} />
              </Link>
            </td>
            <td>{KINDS[run.kind]}</td>
            <td data-label="Usage">{periodsText(run.firstPeriod, run.lastPeriod)}</td>
            <td className={styles['who']} data-label="Started">
              {TRIGGERS[run.trigger]}
              {run.trigger === 'schedule' ? null : <span>{run.actor}</span>}
            </td>
            <td className={styles['number']} data-label="Took">
              {durationText(run)}
            </td>
            <td className={styles['who']}>
              {run.summary}
              {run.note === null ? null : <span>{run.note}</span>}
            </td>
            <td className={table['state']}>
              {run.status === null ? 'Running…' : <StatusChip status={run.status} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
