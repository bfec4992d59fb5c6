import Link from 'next/link'
import type { FoundRuns as Found } from '#app/api/schemas/runs.ts'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import table from '#app/ui/kit/table.module.css'
import { periodsText, TRIGGERS } from '#app/ui/run/run-words.ts'
import styles from './history.module.css'

interface FoundRunsProps {
  readonly found: Found
  readonly search: string
  readonly address: (more: Record<string, string>) => string
}

/** Which syncs a search is found in, and whose part of each (G2). */
export function FoundRuns({ found: { found, page, hasMore, isReadingIn }, search, address }: FoundRunsProps) {
  return (
    <>
      {isReadingIn ? (
        <p className={styles['note']} role="status">
          Older syncs are just being read in: search again in a moment to find those, too.
        </p>
      ) : null}
      {found.length === 0 ? (
        <p className={styles['note']}>
          {page > 1 ? 'There is nothing as old as that.' : `No sync has “${search}”.`}
        </p>
      ) : (
        <div className={table['panel']}>
          <table className={table['table']}>
            <thead>
              <tr>
                <th scope="col">Customer</th>
                <th scope="col">When</th>
                <th scope="col">Usage</th>
                <th scope="col">What was said</th>
                <th scope="col">Status</th>
              </tr>
            </thead>
            <tbody>
              {found.map((each) => (
                <FoundRow key={`${each.runId}/${each.agreementId}`} found={each} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className={styles['pages']}>
        {page > 1 ? <Link href={address({ page: String(page - 1) })}>Newer</Link> : null}
        {hasMore ? <Link href={address({ page: String(page + 1) })}>Older</Link> : null}
      </p>
    </>
  )
}

function FoundRow({ found }: { found: Found['found'][number] }) {
  const { runId, agreementId, companyName, agreementName, createdAt, status, message, product } = found
  return (
    <tr>
      <td>
        <Link href={`/runs/${runId}?agreement=${agreementId}#agreement-${agreementId}`} prefetch={false}>
          {companyName || `Agreement ${agreementId}`}
        </Link>
        <span className={styles['below']}>{agreementName}</span>
      </td>
      <td>
        <LocalTime at={createdAt} />
        <span className={styles['below']}>
          {TRIGGERS[found.trigger]}
          {found.trigger === 'schedule' ? '' : `, ${found.actor}`}
        </span>
      </td>
      <td data-label="Usage">{periodsText(found.firstPeriod, found.lastPeriod)}</td>
      <td className={styles['said']}>
        {message}
        {message === null || product === null ? null : <span className={styles['below']}>{product}</span>}
      </td>
      <td className={table['state']}>{status === null ? 'Running…' : <StatusChip status={status} />}</td>
    </tr>
  )
}
