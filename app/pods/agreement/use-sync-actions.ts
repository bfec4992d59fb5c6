'use client'
import { useState } from 'react'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import { type Attempt, useAttempt } from '#app/hooks/use-attempt.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import type { BeginAnswer } from '#app/ui/plan/first-sync.ts'
import type { FirstSync } from '#lib/billing/types.ts'

export interface SyncActions {
  /** Asked for, and not yet known to be running. */
  readonly starting: boolean
  readonly problem: Attempt['problem']
  readonly syncNow: () => Promise<void>
  readonly stop: (runId: string) => Promise<unknown>
  readonly switchOn: (tenantId: string, answer: BeginAnswer) => Promise<unknown>
  readonly begin: (tenantId: string, begin: FirstSync) => Promise<void>
}

/** What a person can do about a mapped agreement; after each the content is read again. */
export function useSyncActions(
  content: MappedContent,
  pod: Pod,
  refresh: () => Promise<unknown>,
): SyncActions {
  const [starting, setStarting] = useState(false)
  const { problem, run } = useAttempt()
  const {
    company,
    agreement,
    tenants,
    program: { slug: program },
  } = content
  const { call } = pod.api

  const attempt = (work: () => Promise<unknown>): Promise<boolean> =>
    run(async () => {
      await work()
      await refresh()
    })

  return {
    starting,
    problem,
    async syncNow() {
      const tenant = tenants.find(({ syncs }) => syncs)
      if (tenant === undefined) return
      setStarting(true)
      await attempt(() =>
        content.isOneTime
          ? call('POST /api/programs/{program}/agreements/{agreementId}/sync', {
              path: { program, agreementId: agreement.id },
            })
          : call('POST /api/programs/{program}/customers/{tenantId}/sync', {
              path: { program, tenantId: tenant.id },
            }),
      )
      setStarting(false)
    },
    stop: (runId) => attempt(() => call('POST /api/runs/{id}/stop', { path: { id: runId } })),
    async begin(tenantId, begin) {
      const body = { tenantIds: [tenantId], begin }
      await call('POST /api/programs/{program}/begin', { path: { program }, body })
      await refresh()
    },
    switchOn(tenantId, answer) {
      if (content.isOneTime)
        return attempt(() =>
          call('PUT /api/programs/{program}/customers/{tenantId}/one-time-mapping', {
            path: { program, tenantId },
            body: { companyId: company.id, agreementId: agreement.id, syncEnabled: true },
          }),
        )
      const mapping = { companyId: company.id, agreementId: agreement.id, syncEnabled: true, ...answer }
      const given = { path: { program, tenantId }, body: mapping }
      return attempt(() => call('PUT /api/programs/{program}/customers/{tenantId}/mapping', given))
    },
  }
}
