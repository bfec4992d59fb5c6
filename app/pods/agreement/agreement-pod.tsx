'use client'
import { Suspense } from 'react'
import type { PodContent } from '#app/api/schemas/pod.ts'
import { type Pod, usePod } from '#app/hooks/use-pod.ts'
import { OneViewer } from '#app/pods/shared/one-viewer.tsx'
import frame from '#app/pods/shared/pod-frame.module.css'
import { PodMessage, Skeleton } from '#app/pods/shared/pod-message.tsx'
import { AgreementBody } from './agreement-body.tsx'
import { useAgreement } from './use-agreement.ts'

interface AgreementPodProps {
  readonly organisation: string
  readonly origins: readonly string[]
  /** From the address; `null` where ConnectWise left its token as it is: then `onLoad` tells. */
  readonly agreementId: number | null
  /** What the server read for the first paint; `null` without a session. */
  readonly initial: PodContent | null
}

/** The agreement pod: who is asking is proved by the server, what is shown is what is stored. */
export function AgreementPod({ organisation, origins, agreementId: given, initial }: AgreementPodProps) {
  const pod = usePod({
    organisation,
    origins,
    signedIn: initial !== null,
    screen: 'agreement',
    recordId: given,
  })
  const isFirst = pod.viewer === 0 && pod.recordId === given
  return (
    <OneViewer pod={pod}>
      <Shown pod={pod} initial={isFirst ? initial : null} />
    </OneViewer>
  )
}

interface ShownProps extends Pick<AgreementPodProps, 'initial'> {
  readonly pod: Pod
}

function Shown({ pod, initial }: ShownProps) {
  const agreementId = pod.recordId
  const { content, error, refresh } = useAgreement({ pod, agreementId, initial, isOnScreen: true })
  return (
    <main className={frame['pod']}>
      {agreementId === null && pod.state.phase === 'ready' ? (
        <PodMessage title="No agreement yet">
          Save the agreement first; its additions show here afterwards.
        </PodMessage>
      ) : (
        <Suspense fallback={<Skeleton />}>
          <AgreementBody content={content} error={error} refresh={refresh} pod={pod} />
        </Suspense>
      )}
    </main>
  )
}
