'use client'
import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { callApi } from '#app/hooks/api.ts'
import { type AnswerApi, type AnsweringProps, AnsweringProvider } from '#app/ui/plan/answering.tsx'

const api: AnswerApi = { get: (path) => callApi('GET', path), send: callApi }

interface SiteAnsweringProps extends Omit<AnsweringProps, 'api' | 'onSync' | 'onStarted'> {
  /** Where a sync of the agreement is asked for; `null` where that is not offered. */
  readonly syncPath: string | null
  readonly children: ReactNode
}

/** Answers on the pages of the site; a sync that one starts is followed on its own page. */
export function SiteAnswering({ syncPath, children, ...of }: SiteAnsweringProps) {
  const router = useRouter()
  const follow = (runId: string) => router.push(`/runs/${runId}`)
  const sync = async (path: string) => follow((await callApi<{ runId: string }>('POST', path)).runId)
  return (
    <AnsweringProvider
      {...of}
      api={api}
      onSync={syncPath === null ? null : () => sync(syncPath)}
      onStarted={follow}
    >
      {children}
    </AnsweringProvider>
  )
}
