'use client'
import { lazy, Suspense, useState } from 'react'
import type { CompanyContent } from '#app/api/schemas/company.ts'
import { type Pod, usePod } from '#app/hooks/use-pod.ts'
import { NotReady } from '#app/pods/shared/not-ready.tsx'
import { OneViewer } from '#app/pods/shared/one-viewer.tsx'
import { useRenewedSession, useWhenEnded } from '#app/pods/shared/pod-events.ts'
import frame from '#app/pods/shared/pod-frame.module.css'
import { PodMessage, Skeleton } from '#app/pods/shared/pod-message.tsx'
import type { ToMap } from './map-customer.tsx'
import { Overview } from './overview.tsx'
import { useCompany } from './use-company.ts'

// What is opened from the company loads when it is.
const OpenedAgreement = lazy(async () => ({
  default: (await import('./opened-agreement.tsx')).OpenedAgreement,
}))
const MapCustomer = lazy(async () => ({ default: (await import('./map-customer.tsx')).MapCustomer }))

interface CompanyFrameProps {
  readonly organisation: string
  readonly origins: readonly string[]
  /** From the address; `null` where ConnectWise left its token as it is: then `onLoad` tells. */
  readonly companyId: number | null
  /** What the server read for the first paint; `null` without a session. */
  readonly initial: CompanyContent | null
  /** A tab cannot ask its screen to load again. */
  readonly hostedAs: 'pod' | 'tab'
}

type Place =
  | { readonly at: 'company' }
  | { readonly at: 'agreement'; readonly agreementId: number; readonly name: string }
  | ({ readonly at: 'mapping' } & ToMap)

const COMPANY: Place = { at: 'company' }

/** The company pod and the company tab (H2): the company, and in the same frame each of its agreements and the mapping. */
export function CompanyFrame(props: CompanyFrameProps) {
  const { organisation, origins, companyId: given, initial, hostedAs } = props
  const pod = usePod({
    organisation,
    origins,
    signedIn: initial !== null,
    screen: 'company',
    recordId: given,
  })
  const isFirst = pod.viewer === 0 && pod.recordId === given
  return (
    <OneViewer pod={pod}>
      <Shown
        key={pod.recordId}
        pod={pod}
        initial={isFirst ? initial : null}
        isOnScreen={hostedAs === 'pod'}
      />
    </OneViewer>
  )
}

interface ShownProps extends Pick<CompanyFrameProps, 'initial'> {
  readonly pod: Pod
  readonly isOnScreen: boolean
}

function Shown({ pod, initial, isOnScreen }: ShownProps) {
  const [place, setPlace] = useState(COMPANY)
  /** What was pressed to get where we are: it has the focus again afterwards. */
  const [cameFrom, setCameFrom] = useState<string | null>(null)
  const { content, error, refresh, isRunning } = useCompany({
    pod,
    initial,
    isShown: place.at === 'company',
  })
  useWhenEnded(isRunning, () =>
    isOnScreen && place.at === 'company' ? pod.host?.refreshScreen() : undefined,
  )
  useRenewedSession(error?.problem.status, pod)

  const go = (to: Place, from: string) => {
    setCameFrom(from)
    setPlace(to)
  }
  const back = () => {
    setPlace(COMPANY)
    void refresh()
  }

  const body = () => {
    // Who may not look any more sees nothing of it.
    if (pod.state.phase === 'refused') return <NotReady pod={pod} />
    if (pod.recordId === null && pod.state.phase === 'ready')
      return (
        <PodMessage title="No company yet">
          Save the company first; its agreements show here afterwards.
        </PodMessage>
      )
    if (content === undefined) {
      if (error === undefined || error.problem.status === 401) return <NotReady pod={pod} />
      return (
        <PodMessage title={error.problem.detail} onRetry={() => void refresh('now')}>
          {error.problem.remedy}
        </PodMessage>
      )
    }
    switch (place.at) {
      case 'agreement':
        return (
          <OpenedAgreement
            key={place.agreementId}
            agreementId={place.agreementId}
            agreementName={place.name}
            companyName={content.company.name}
            pod={pod}
            isOnScreen={isOnScreen}
            onBack={back}
          />
        )
      case 'mapping':
        return <MapCustomer content={content} of={place} pod={pod} onBack={back} />
      default:
        return (
          <Overview
            content={content}
            error={error}
            pod={pod}
            refresh={refresh}
            focused={cameFrom}
            onOpen={({ id, name }, from) => go({ at: 'agreement', agreementId: id, name }, from)}
            onMap={(toMap, from) => go({ at: 'mapping', ...toMap }, from)}
          />
        )
    }
  }
  return (
    <main className={frame['pod']}>
      <Suspense fallback={<Skeleton />}>{body()}</Suspense>
    </main>
  )
}
