import type { ReactNode } from 'react'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { isBillRight } from './is-bill-right.ts'
import styles from './pod-header.module.css'

interface PodHeaderProps {
  readonly content: MappedContent
  /** Below the customer's own heading: it is named after the agreement. */
  readonly isOnSite: boolean
  /** The month that is shown, as a way to the others; `null`: none was synced yet. */
  readonly month: ReactNode
  readonly children: ReactNode
}

/** Whose agreement this is, what the last sync was of and when, and what can be done. */
export function PodHeader({ content, isOnSite, month, children }: PodHeaderProps) {
  const { tenants, company, agreement, result } = content
  const [only] = tenants
  const isAlone = tenants.length === 1 && only !== undefined
  const title = isOnSite ? agreement.name : isAlone ? only.name : company.name
  const names = tenants.map(({ name }) => name).join(', ')
  const below = isAlone ? (isOnSite ? company.name : only.domain) : isOnSite ? `All of ${names}` : names
  const Heading = isOnSite ? 'h3' : 'h1'
  return (
    <header className={styles['header']}>
      <Heading className={styles['title']} title={title}>
        {title}
      </Heading>
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
      {result === null ? null : (
        <span className={styles['status']}>
          {result.status !== 'Success' || isBillRight(content) ? (
            <StatusChip status={result.status} />
          ) : (
            <Mark tone="quiet">{result.status}</Mark>
          )}
        </span>
      )}
      <div className={styles['actions']}>{children}</div>
    </header>
  )
}
