'use client'
import { useApi } from '#app/hooks/use-api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { asksAgain } from '#app/pods/shared/asks-again.ts'
import { useWhenLoadedAgain } from '#app/pods/shared/pod-events.ts'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { AgreementFindings } from '#app/ui/plan/agreement-findings.tsx'

interface StillFitsProps {
  readonly pod: Pod
  readonly agreementId: number
  /** When ConnectWise was read last for what is shown; `null`: never. */
  readonly readAt: string | null
}

/** What an edit of the agreement breaks (F13): ConnectWise's values are not with its messages, so it is read anew. */
export function StillFits({ pod, agreementId, readAt }: StillFitsProps) {
  const { data, error, mutate } = useApi(
    'GET /api/hosted/agreements/{id}/fitness',
    pod.state.phase === 'ready' ? { path: { id: agreementId } } : null,
    { call: pod.api.call, revalidateOnFocus: false, keepPreviousData: true, ...asksAgain },
  )
  useWhenLoadedAgain(pod, () => void mutate())
  if (error !== undefined && error.problem.status !== 401)
    return (
      <Note
        tone="warn"
        detail="Whether the agreement still fits could not be asked."
        remedy={error.problem.remedy}
      >
        {error.problem.detail}{' '}
        {readAt === null ? null : (
          <>
            What is shown is as of <LocalTime at={readAt} />.
          </>
        )}
      </Note>
    )
  return data === undefined ? null : <AgreementFindings findings={data.findings} />
}
