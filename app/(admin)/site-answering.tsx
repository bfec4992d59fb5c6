'use client'
import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { callApi } from '#app/hooks/api.ts'
import type { CustomerPath } from '#app/hooks/endpoint.ts'
import { type AnsweringProps, AnsweringProvider } from '#app/ui/plan/answering.tsx'

interface SiteAnsweringProps
  extends Omit<AnsweringProps, 'maySkip' | 'isWholeProgram' | 'call' | 'onSync' | 'onStarted'> {
  /** The customer of which a sync is asked for; `null` where that is not offered. */
  readonly syncs: CustomerPath | null
  readonly children: ReactNode
}

/** Answers on the pages of the site; a sync that one starts is followed on its own page. */
export function SiteAnswering({ syncs, children, ...of }: SiteAnsweringProps) {
  const router = useRouter()
  const follow = (runId: string) => router.push(`/runs/${runId}`)
  const sync = async (path: CustomerPath) =>
    follow((await callApi('POST /api/programs/{program}/customers/{tenantId}/sync', { path })).runId)
  return (
    <AnsweringProvider
      {...of}
      maySkip={of.may}
      isWholeProgram
      call={callApi}
      onSync={syncs === null ? null : () => sync(syncs)}
      onStarted={follow}
    >
      {children}
    </AnsweringProvider>
  )
}
