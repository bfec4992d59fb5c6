'use client'
import type { CompanyContent } from '#app/api/schemas/company.ts'
import { LookNote } from '#app/pods/shared/look-note.tsx'
import { Button } from '#app/ui/kit/button.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import styles from './overview.module.css'

interface CompanyNotesProps {
  readonly content: CompanyContent
  readonly onRetry: () => void
}

/** What keeps the whole company from being shown as it is now, or a person from changing it. */
export function CompanyNotes({ content, onRetry }: CompanyNotesProps) {
  const { problem, readAt, isPrismConnected, may, unreadable } = content
  return (
    <>
      {problem === null ? null : (
        <div className={styles['stored']}>
          <Note tone="warn" remedy={problem.remedy}>
            {problem.message}{' '}
            {readAt === null ? (
              'Shown is what was synced.'
            ) : (
              <>
                Shown is what was stored: the agreements as of <LocalTime at={readAt} />.
              </>
            )}
          </Note>
          <Button onClick={onRetry}>Try again</Button>
        </div>
      )}
      {isPrismConnected ? null : (
        <Note tone="warn" remedy="An owner connects it in Prism Pod, on the page Connections.">
          PRISM is not connected, so there is no customer to map.
        </Note>
      )}
      {may.map ? null : <LookNote />}
      {unreadable.map(({ record, reason }) => (
        <Note key={record} tone="warn" remedy="Correct it in ConnectWise, then load this screen again.">
          An agreement cannot be read ({record}): {reason}
        </Note>
      ))}
    </>
  )
}
