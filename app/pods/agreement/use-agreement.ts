'use client'
import { useEffect, useRef } from 'react'
import type { PodContent } from '#app/api/schemas/pod.ts'
import { useApi } from '#app/hooks/use-api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'

const RUNNING_REFRESH_MS = 1_000
/** So that a sync that the schedule begins, or ends, shows within seconds. */
const IDLE_REFRESH_MS = 5_000

interface UseAgreementOptions {
  readonly pod: Pod
  /** `null`: none is known yet. */
  readonly agreementId: number | null
  /** What the server read for the first paint; `null`: nothing. */
  readonly initial: PodContent | null
  /** How often the screen has loaded its record: it is read again each time. */
  readonly loads: number
  /** Whether the screen around us has what a sync changes, and can be asked to load again. */
  readonly isOnScreen: boolean
}

/** What an agreement's pod shows, kept live; a sync that ends has the screen load again, so that its additions show. */
export function useAgreement({ pod, agreementId, initial, loads, isOnScreen }: UseAgreementOptions) {
  const isReady = pod.state.phase === 'ready' && agreementId !== null
  const { data, error, mutate } = useApi(
    'GET /api/hosted/agreements/{id}',
    isReady ? { path: { id: agreementId } } : null,
    {
      call: pod.api.call,
      ...(initial === null ? {} : { fallbackData: initial }),
      revalidateOnMount: initial === null,
      shouldRetryOnError: false,
      keepPreviousData: true,
      refreshInterval: (latest) =>
        latest?.state === 'mapped' && latest.running !== null ? RUNNING_REFRESH_MS : IDLE_REFRESH_MS,
    },
  )
  useEffect(() => {
    if (loads > 0) void mutate()
  }, [loads, mutate])

  // Kept while the session is renewed, but never another agreement's.
  const content = data?.agreement.id === agreementId ? data : undefined
  const isRunning = content?.state === 'mapped' && content.running !== null
  useWhenEnded(isRunning, () => (isOnScreen ? pod.host?.refreshScreen() : undefined))
  useRenewedSession(error?.problem.status, pod)
  return { content, error, refresh: mutate }
}

/** Calls back when what was seen under way has ended. */
export function useWhenEnded(isRunning: boolean, onEnded: () => void): void {
  const wasRunning = useRef(isRunning)
  const callback = useRef(onEnded)
  useEffect(() => {
    callback.current = onEnded
  })
  useEffect(() => {
    if (wasRunning.current && !isRunning) callback.current()
    wasRunning.current = isRunning
  }, [isRunning])
}

/** The session has ended and could not be renewed: the screen is asked once more who is looking. */
export function useRenewedSession(status: number | undefined, { signIn, state }: Pod): void {
  useEffect(() => {
    if (status === 401 && state.phase === 'ready') signIn()
  }, [status, signIn, state])
}
