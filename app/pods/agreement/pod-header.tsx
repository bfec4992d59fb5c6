import type { ReactNode } from 'react'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import styles from './pod-header.module.css'

interface PodHeaderProps {
  readonly content: MappedContent
  /** The month that is shown, as a way to the others; `null`: none was synced yet. */
  readonly month: ReactNode
  readonly children: ReactNode
}

/** Whose agreement this is, what the last sync was of and when, and what can be done. */
export function PodHeader({ content, month, children }: PodHeaderProps) {
  const { tenants, company, result } = content
  const [only] = tenants
  const title = tenants.length === 1 && only ? only.name : company.name
  const below = tenants.length === 1 && only ? only.domain : tenants.map(({ name }) => name).join(', ')
  return (
    <header className={styles['header']}>
      <h1 className={styles['title']} title={title}>
        {title}
      </h1>
      <div className={styles['about']}>
        {below}
        {month === null ? null : <> · {month}</>}
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
