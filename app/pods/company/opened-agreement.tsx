'use client'
import type { Pod } from '#app/hooks/use-pod.ts'
import { AgreementBody } from '#app/pods/agreement/agreement-body.tsx'
import { useAgreement } from '#app/pods/agreement/use-agreement.ts'
import { BackBar } from './back-bar.tsx'

interface OpenedAgreementProps {
  readonly agreementId: number
  readonly agreementName: string
  readonly companyName: string
  readonly pod: Pod
  readonly isOnScreen: boolean
  readonly onBack: () => void
}

/** What the agreement's own pod shows (H1), inside its company's. */
export function OpenedAgreement(props: OpenedAgreementProps) {
  const { agreementId, agreementName, companyName, pod, isOnScreen, onBack } = props
  const { content, error, refresh } = useAgreement({ pod, agreementId, initial: null, isOnScreen })
  return (
    <>
      <BackBar companyName={companyName} onBack={onBack}>
        {agreementName}
      </BackBar>
      <AgreementBody content={content} error={error} refresh={refresh} pod={pod} place="company" />
    </>
  )
}
