'use client'
import type { Refused } from '#app/hooks/api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import inline from './inline-button.module.css'

interface SessionNoteProps {
  readonly pod: Pod
  readonly error: Refused | undefined
  /** When what is shown was read; `null`: nothing tells. */
  readonly readAt: string | null
}

/** What is shown stays while the session is renewed; where it cannot be, or nothing newer comes, that is said with its age. */
export function SessionNote({ pod, error, readAt }: SessionNoteProps) {
  const { state, signIn } = pod
  const shown = (
    <>
      What is shown is{' '}
      {readAt === null ? (
        'as it was'
      ) : (
        <>
          as of <LocalTime at={readAt} />
        </>
      )}
      .
    </>
  )
  if (state.phase === 'silent' || state.phase === 'alone')
    return (
      <div role="alert">
        <Note tone="warn">
          Your session has run out, and ConnectWise did not say who you are. {shown}{' '}
          <Button tone="plain" className={inline['inline']} onClick={signIn}>
            Try again
          </Button>
        </Note>
      </div>
    )
  return (
    <Note tone="warn" remedy={error?.problem.remedy ?? null}>
      {error?.problem.detail} {shown}
    </Note>
  )
}
