'use client'
import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { callApi } from '#app/hooks/api.ts'
import { FirstSyncAnswering } from '#app/ui/plan/first-sync-answering.ts'
import type { FirstSync } from '#lib/billing/types.ts'

interface BeginAnsweringProps {
  readonly program: string
  readonly may: boolean
  readonly children: ReactNode
}

/** Has what is below offer how customers begin; an answer leads to the sync that it starts. */
export function BeginAnswering({ program, may, children }: BeginAnsweringProps) {
  const router = useRouter()
  const answer = async (tenantId: string, begin: FirstSync) => {
    const { runId } = await callApi('POST /api/programs/{program}/begin', {
      path: { program },
      body: { tenantIds: [tenantId], begin },
    })
    if (runId === null) router.refresh()
    else router.push(`/runs/${runId}`)
  }
  return <FirstSyncAnswering value={may ? answer : null}>{children}</FirstSyncAnswering>
}
