'use client'
import { useCallback, useRef } from 'react'
import useSWR from 'swr'
import type { CompanyContent } from '#app/api/schemas/company.ts'
import type { Refused } from '#app/hooks/api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { asksAgain } from '#app/pods/shared/asks-again.ts'
import { useWhenLoadedAgain } from '#app/pods/shared/pod-events.ts'

const RUNNING_REFRESH_MS = 1_000
const IDLE_REFRESH_MS = 20_000

type ReadWhen = 'now' | 'recent' | 'stored'

interface UseCompanyOptions {
  readonly pod: Pod
  readonly initial: CompanyContent | null
  /** Whether it is looked at now; else it keeps what it has. */
  readonly isShown: boolean
}

const isRunning = (content: CompanyContent | undefined): boolean =>
  content?.agreements.some(({ running }) => running !== null) === true

/** What a company's pod shows, kept live; ConnectWise is asked when somebody opens it, and no more than needed while it is open. */
export function useCompany({ pod, initial, isShown }: UseCompanyOptions) {
  const next = useRef<ReadWhen>('now')
  const { recordId: companyId, api } = pod
  const isReady = pod.state.phase === 'ready' && companyId !== null
  const { data, error, mutate } = useSWR<CompanyContent, Refused>(
    isReady ? ['company', companyId] : null,
    async ([, id]: [string, number]) => {
      const read = next.current
      const content = await api.call('GET /api/hosted/companies/{id}', { path: { id }, query: { read } })
      next.current = isRunning(content) ? 'stored' : 'recent'
      return content
    },
    {
      ...(initial === null ? {} : { fallbackData: initial }),
      revalidateOnMount: true,
      revalidateOnFocus: false,
      ...asksAgain,
      keepPreviousData: true,
      refreshInterval: (latest) => (!isShown ? 0 : isRunning(latest) ? RUNNING_REFRESH_MS : IDLE_REFRESH_MS),
    },
  )
  /** @param read whether ConnectWise is asked again, as somebody has opened or changed something there */
  const refresh = useCallback(
    (read: ReadWhen = 'stored') => {
      next.current = read
      return mutate()
    },
    [mutate],
  )
  useWhenLoadedAgain(pod, () => void refresh('now'))
  const content = data?.company.id === companyId ? data : undefined
  return { content, error, refresh, isRunning: isRunning(content) }
}
