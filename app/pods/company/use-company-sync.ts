'use client'
import { useState } from 'react'
import type { CompanyAgreement } from '#app/api/schemas/company.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'
import type { Pod } from '#app/hooks/use-pod.ts'

/** Syncs of the company's agreements, each by one of its customers; afterwards the content is read again. */
export function useCompanySync(pod: Pod, refresh: () => Promise<unknown>) {
  const { problem, run } = useAttempt()
  const [starting, setStarting] = useState<ReadonlySet<number>>(new Set())
  const { call } = pod.api

  const start = async ({ id, isOneTime, tenants, program }: CompanyAgreement): Promise<void> => {
    const tenant = tenants.find(({ syncs }) => syncs)
    if (tenant === undefined) return
    setStarting((before) => new Set([...before, id]))
    const path = { program: program.slug, tenantId: tenant.id }
    await run(async () => {
      if (isOneTime)
        await call('POST /api/programs/{program}/agreements/{agreementId}/sync', {
          path: { program: program.slug, agreementId: id },
        })
      else await call('POST /api/programs/{program}/customers/{tenantId}/sync', { path })
      await refresh()
    })
    setStarting((before) => new Set([...before].filter((each) => each !== id)))
  }

  const stop = (runId: string): Promise<boolean> =>
    run(async () => {
      await call('POST /api/runs/{id}/stop', { path: { id: runId } })
      await refresh()
    })

  /** Whether its sync is asked for, and not yet known to be under way. */
  const isStarting = (id: number): boolean => starting.has(id)
  return { problem, isStarting, start, stop }
}
