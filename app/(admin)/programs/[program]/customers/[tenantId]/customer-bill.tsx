'use client'
import { useRouter } from 'next/navigation'
import { Suspense, useMemo } from 'react'
import type { PodContent } from '#app/api/schemas/pod.ts'
import { callApi } from '#app/hooks/api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { AgreementBody } from '#app/pods/agreement/agreement-body.tsx'
import { useAgreement } from '#app/pods/agreement/use-agreement.ts'
import { useWhenEnded } from '#app/pods/shared/pod-events.ts'
import { Skeleton } from '#app/pods/shared/pod-message.tsx'
import styles from './customer-bill.module.css'

interface CustomerBillProps {
  readonly agreementId: number
  /** What it is called to who does not see where it stands. */
  readonly label: string
  /** What the server read. */
  readonly initial: PodContent
}

/** The agreement's pod on the site: the same content and answers, asked for with the person's own session. */
export function CustomerBill({ agreementId, label, initial }: CustomerBillProps) {
  const router = useRouter()
  const pod = useMemo(() => sitePod(agreementId), [agreementId])
  const { content, error, refresh } = useAgreement({ pod, agreementId, initial, isOnScreen: false })
  const isRunning = content?.state === 'mapped' && content.running !== null
  // What stands around it says the same.
  useWhenEnded(isRunning, () => router.refresh())
  return (
    <section className={styles['bill']} aria-label={label}>
      <Suspense fallback={<Skeleton />}>
        <AgreementBody content={content} error={error} refresh={refresh} pod={pod} place="site" />
      </Suspense>
    </section>
  )
}

/** There is no screen around it; who has no session any more signs in again. */
const sitePod = (agreementId: number): Pod => ({
  state: { phase: 'ready' },
  host: null,
  viewer: 0,
  recordId: agreementId,
  loads: 0,
  api: {
    call: callApi,
    signIn: () => Promise.reject(new Error('A person signs in on a page of its own')),
  },
  signIn: () => window.location.reload(),
})
