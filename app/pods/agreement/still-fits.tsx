'use client'
import { useApi } from '#app/hooks/use-api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { useWhenLoadedAgain } from '#app/pods/shared/pod-events.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { AgreementFindings } from '#app/ui/plan/agreement-findings.tsx'

interface StillFitsProps {
  readonly pod: Pod
  readonly agreementId: number
}

/** What an edit of the agreement breaks (F13): ConnectWise's values are not with its messages, so it is read anew. */
export function StillFits({ pod, agreementId }: StillFitsProps) {
  const { data, error, mutate } = useApi(
    'GET /api/hosted/agreements/{id}/fitness',
    pod.state.phase === 'ready' ? { path: { id: agreementId } } : null,
    { call: pod.api.call, revalidateOnFocus: false, shouldRetryOnError: false, keepPreviousData: true },
  )
  useWhenLoadedAgain(pod, () => void mutate())
  if (error !== undefined && error.problem.status !== 401)
    return (
      <Note tone="warn" detail={error.problem.detail} remedy={error.problem.remedy}>
        ConnectWise could not be asked whether the agreement still fits. What stands here is as of the last
        sync.
      </Note>
    )
  return data === undefined ? null : <AgreementFindings findings={data.findings} />
}
