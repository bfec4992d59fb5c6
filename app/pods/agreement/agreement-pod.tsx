'use client'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { PodContent } from '#app/api/schemas/pod.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { type Pod, usePod } from '#app/hooks/use-pod.ts'
import styles from './agreement-pod.module.css'
import { MappedView } from './mapped-view.tsx'
import { OneViewer } from './one-viewer.tsx'
import { PodMessage, Skeleton } from './pod-message.tsx'

// Mapped agreements are the many, and load without it.
const MappingForm = lazy(async () => ({ default: (await import('./mapping-form.tsx')).MappingForm }))

const RUNNING_REFRESH_MS = 1_000
const IDLE_REFRESH_MS = 20_000

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
  const [loads, setLoads] = useState(0)
  const pod = usePod({
    organisation,
    origins,
    signedIn: initial !== null,
    screen: 'agreement',
    recordId: given,
    onLoad: ({ screen, id }) => {
      if (!screen.startsWith('agreement')) return
      setAgreementId(id)
      setLoads((before) => before + 1)
    },
  })
  const isFirst = pod.viewer === 0 && agreementId === given
  return (
    <OneViewer pod={pod}>
      <Shown pod={pod} agreementId={agreementId} loads={loads} initial={isFirst ? initial : null} />
    </OneViewer>
  )
}

interface ShownProps extends Pick<AgreementPodProps, 'agreementId' | 'initial'> {
  readonly pod: Pod
  /** How often the screen has loaded the record. */
  readonly loads: number
}

function Shown({ pod, agreementId, loads, initial }: ShownProps) {
  const ready = pod.state.phase === 'ready' && agreementId !== null
  const {
    data,
    error,
    mutate: refresh,
  } = useApi('GET /api/hosted/agreements/{id}', ready ? { path: { id: agreementId } } : null, {
    call: pod.api.call,
    ...(initial === null ? {} : { fallbackData: initial }),
    revalidateOnMount: initial === null,
    shouldRetryOnError: false,
    keepPreviousData: true,
    refreshInterval: (latest) =>
      latest?.state === 'mapped' && latest.running !== null ? RUNNING_REFRESH_MS : IDLE_REFRESH_MS,
  })
  useEffect(() => {
    if (loads > 0) void refresh()
  }, [loads, refresh])

  // Kept while the session is renewed, but never another agreement's.
  const content = data?.agreement.id === agreementId ? data : undefined
  useRefreshedScreen(content, () => pod.host?.refreshScreen())

  // The session has ended and could not be renewed: the screen is asked once more who is looking.
  const { signIn, state } = pod
  useEffect(() => {
    if (error?.problem.status === 401 && state.phase === 'ready') signIn()
  }, [error, signIn, state])

  const body = () => {
    if (state.phase === 'refused') return <Unready pod={pod} />
    if (content?.state === 'mapped') return <MappedView content={content} pod={pod} refresh={refresh} />
    if (content?.state === 'unmapped') {
      return (
        <Suspense fallback={<Skeleton />}>
          <MappingForm content={content} pod={pod} onMapped={() => void refresh()} />
        </Suspense>
      )
    }
    if (agreementId === null && pod.state.phase === 'ready') {
      return (
        <PodMessage title="No agreement yet">
          Save the agreement first; its additions show here afterwards.
        </PodMessage>
      )
    }
    if (error !== undefined && error.problem.status !== 401) {
      return (
        <PodMessage title={error.problem.detail} onRetry={() => void refresh()}>
          {error.problem.remedy}
        </PodMessage>
      )
    }
    return <Unready pod={pod} />
  }
  return <main className={styles['pod']}>{body()}</main>
}

function Unready({ pod }: { pod: Pod }) {
  switch (pod.state.phase) {
    case 'silent':
      return (
        <PodMessage title="ConnectWise did not answer." onRetry={pod.signIn}>
          This pod asked the screen around it who you are and got no answer for ten seconds. The likely cause
          is the Origin field of this pod in Manage Hosted API: it must be exactly {window.location.origin}.
        </PodMessage>
      )
    case 'alone':
      return (
        <PodMessage
          title="This page belongs inside ConnectWise."
          link={{
            href: `/sign-in?next=${encodeURIComponent(window.location.pathname + window.location.search)}`,
            text: 'Sign in',
          }}
        >
          Open the agreement in ConnectWise, or sign in to see it here.
        </PodMessage>
      )
    case 'refused':
      return (
        <PodMessage title={pod.state.refusal.problem.detail} onRetry={pod.signIn}>
          {pod.state.refusal.problem.remedy}
        </PodMessage>
      )
    default:
      return <Skeleton />
  }
}

/** Tells the screen to load again when a sync that was seen running has ended, so that its additions show. */
function useRefreshedScreen(content: PodContent | undefined, refreshScreen: () => void): void {
  const running = content?.state === 'mapped' && content.running !== null
  const wasRunning = useRef(running)
  const callback = useRef(refreshScreen)
  useEffect(() => {
    callback.current = refreshScreen
  })
  useEffect(() => {
    if (wasRunning.current && !running) callback.current()
    wasRunning.current = running
  }, [running])
}
