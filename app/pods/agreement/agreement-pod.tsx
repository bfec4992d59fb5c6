'use client'
import { useState } from 'react'
import type { PodContent } from '#app/api/schemas/pod.ts'
import { usePod } from '#app/hooks/use-pod.ts'
import frame from '#app/pods/shared/pod-frame.module.css'
import { PodMessage } from '#app/pods/shared/pod-message.tsx'
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
  const [agreementId, setAgreementId] = useState(given)
  const pod = usePod({
    organisation,
    origins,
    signedIn: initial !== null,
    onLoad: ({ screen, id }) => {
      if (!screen.startsWith('agreement')) return
      setAgreementId(id)
      void refresh()
    },
  })
  const { content, error, refresh } = useAgreement({ pod, agreementId, initial, isOnScreen: true })
  return (
    <main className={frame['pod']}>
      {agreementId === null && pod.state.phase === 'ready' ? (
        <PodMessage title="No agreement yet">
          Save the agreement first; its additions show here afterwards.
        </PodMessage>
      ) : (
        <AgreementBody content={content} error={error} refresh={refresh} pod={pod} />
      )}
    </main>
  )
}
