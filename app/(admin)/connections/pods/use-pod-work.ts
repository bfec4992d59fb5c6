'use client'
import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import type { ShownPod } from '#app/api/schemas/hosted-setups.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import type { Attempt } from '#app/hooks/use-attempt.ts'
import { didInstall, didRemove } from './pod-words.ts'

type PodName = ShownPod['pod']

export interface PodWork {
  /** From the press until the page shows what came of it. */
  readonly busy: boolean
  /** What was pressed last: a pod, or all of them. */
  readonly of: PodName | 'all' | null
  /** What came of it; `null` while it goes on, and where it failed. */
  readonly did: string | null
  readonly problem: Attempt['problem']
  install(pod: PodName | 'all'): Promise<void>
  remove(pod: PodName): Promise<void>
}

/** One press at a time for the whole page; whatever comes of it, the page is read again: a failure may have done a part. */
export function usePodWork(): PodWork {
  const router = useRouter()
  const action = useAction({ refreshes: false })
  const [isReading, read] = useTransition()
  const [of, setOf] = useState<PodWork['of']>(null)
  const [did, setDid] = useState<string | null>(null)
  const work = async (pod: PodName | 'all', send: () => Promise<string>): Promise<void> => {
    setOf(pod)
    setDid(null)
    await action.run(async () => setDid(await send()))
    read(() => router.refresh())
    // The button that was pressed may be gone now.
    document.getElementById(headingOf(pod))?.focus()
  }
  return {
    busy: action.busy || isReading,
    of,
    did,
    problem: action.problem,
    install(pod) {
      const body = pod === 'all' ? {} : { pods: [pod] }
      return work(pod, async () => didInstall((await callApi('POST /api/hosted/setups', { body })).pods))
    },
    remove: (pod) =>
      work(pod, async () => didRemove((await callApi('DELETE /api/hosted/setups', { query: { pod } })).pods)),
  }
}

export const headingOf = (pod: PodName | 'all'): string => `pods-${pod}`
