import type { ReactNode } from 'react'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { monthName } from '#lib/billing/format.ts'
import styles from './pod-header.module.css'

/** Whose agreement this is, what the last sync was of and when, and what can be done. */
export function PodHeader({ content, children }: { content: MappedContent; children: ReactNode }) {
  const { tenants, company, result } = content
  const [only] = tenants
  const title = tenants.length === 1 && only ? only.name : company.name
  const below = tenants.length === 1 && only ? only.domain : tenants.map(({ name }) => name).join(', ')
  const period = result?.periods[0]?.period
  return (
    <header className={styles['header']}>
      <h1 className={styles['title']} title={title}>
        {title}
      </h1>
      <div className={styles['about']}>
        {below}
        {period === undefined ? null : ` · ${monthName(period)} usage`}
        {result === null ? null : (
          <>
            {' · synced '}
            <LocalTime at={result.finishedAt} />
          </>
        )}
      </div>
      {result === null ? null : <StatusChip status={result.status} className={styles['status']} />}
      <div className={styles['actions']}>{children}</div>
    </header>
  )
}
