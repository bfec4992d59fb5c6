'use client'
import { lazy, Suspense } from 'react'
import type { PodContent } from '#app/api/schemas/pod.ts'
import type { Refused } from '#app/hooks/api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { isCutOff } from '#app/pods/shared/cut-off.ts'
import { NotReady } from '#app/pods/shared/not-ready.tsx'
import { PodMessage } from '#app/pods/shared/pod-message.tsx'
import styles from './agreement-pod.module.css'
import { MappedView, type Place } from './mapped-view.tsx'

// Mapped agreements are the many, and load without these.
const UnmappedView = lazy(async () => ({ default: (await import('./unmapped-view.tsx')).UnmappedView }))
const SessionNote = lazy(async () => ({
  default: (await import('#app/pods/shared/session-note.tsx')).SessionNote,
}))

interface AgreementBodyProps {
  readonly content: PodContent | undefined
  readonly error: Refused | undefined
  readonly refresh: () => Promise<unknown>
  readonly pod: Pod
  readonly place?: Place
}

/** When ConnectWise was read last for it. */
const readAtOf = (content: PodContent): string | null =>
  content.state === 'mapped' ? (content.result?.finishedAt ?? null) : content.readAt

/** One agreement (H1): its last result and what can be done, or the form that maps a customer to it. */
export function AgreementBody({ content, error, refresh, pod, place = 'pod' }: AgreementBodyProps) {
  // Who may not look any more sees nothing of it.
  if (pod.state.phase === 'refused') return <NotReady pod={pod} />
  if (content !== undefined)
    return (
      <>
        {isCutOff(pod, error) ? (
          <div className={styles['cutOff']}>
            <Suspense>
              <SessionNote pod={pod} error={error} readAt={readAtOf(content)} />
            </Suspense>
          </div>
        ) : null}
        {content.state === 'mapped' ? (
          <MappedView
            key={content.agreement.id}
            content={content}
            pod={pod}
            refresh={refresh}
            place={place}
          />
        ) : (
          <UnmappedView content={content} pod={pod} onMapped={refresh} />
        )}
      </>
    )
  if (error !== undefined && error.problem.status !== 401)
    return (
      <PodMessage title={error.problem.detail} onRetry={() => void refresh()}>
        {error.problem.remedy}
      </PodMessage>
    )
  return <NotReady pod={pod} />
}
