'use client'
import type { PodContent } from '#app/api/schemas/pod.ts'
import { useApi } from '#app/hooks/use-api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { asksAgain } from '#app/pods/shared/asks-again.ts'
import { useRenewedSession, useWhenEnded, useWhenLoadedAgain } from '#app/pods/shared/pod-events.ts'

const RUNNING_REFRESH_MS = 1_000
/** So that a sync that the schedule begins, or ends, shows within seconds. */
const IDLE_REFRESH_MS = 5_000
/** Without a customer nothing is synced here, and each answer takes a request to ConnectWise. */
const UNMAPPED_REFRESH_MS = 60_000

function refreshMs(latest: PodContent | undefined): number {
  if (latest?.state === 'unmapped') return UNMAPPED_REFRESH_MS
  return latest === undefined || latest.running === null ? IDLE_REFRESH_MS : RUNNING_REFRESH_MS
}

interface UseAgreementOptions {
  readonly pod: Pod
  /** `null`: none is known yet. */
  readonly agreementId: number | null
  /** What the server read for the first paint; `null`: nothing. */
  readonly initial: PodContent | null
  /** Whether the screen around us has what a sync changes, and can be asked to load again. */
  readonly isOnScreen: boolean
}

/** What an agreement's pod shows, kept live; a sync that ends has the screen load again, so that its additions show. */
export function useAgreement({ pod, agreementId, initial, isOnScreen }: UseAgreementOptions) {
  const isReady = pod.state.phase === 'ready' && agreementId !== null
  const { data, error, mutate } = useApi(
    'GET /api/hosted/agreements/{id}',
    isReady ? { path: { id: agreementId } } : null,
    {
      call: pod.api.call,
      ...(initial === null ? {} : { fallbackData: initial }),
      revalidateOnMount: initial === null,
      ...asksAgain,
      keepPreviousData: true,
      // Another function each time: SWR begins the interval anew with it, or a minute's would outlast the mapping that ends it.
      refreshInterval: (latest) => refreshMs(latest),
    },
  )
  useWhenLoadedAgain(pod, () => void mutate())

  // Kept while the session is renewed, but never another agreement's.
  const content = data?.agreement.id === agreementId ? data : undefined
  const isRunning = content?.state === 'mapped' && content.running !== null
  useWhenEnded(isRunning, () => (isOnScreen ? pod.host?.refreshScreen() : undefined))
  useRenewedSession(error?.problem.status, pod)
  return { content, error, refresh: mutate }
}
