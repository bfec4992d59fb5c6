'use client'
import { useRouter } from 'next/navigation'
import { callApi } from '#app/hooks/api.ts'
import type { CustomerPath } from '#app/hooks/endpoint.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'

/** Starts a sync and shows its page, where it is followed. */
export function SyncCustomer({ of }: { of: CustomerPath }) {
  const router = useRouter()
  const { busy, problem, run } = useAction({ refreshes: false })
  const start = () =>
    run(async () => {
      const { runId } = await callApi('POST /api/programs/{program}/customers/{tenantId}/sync', { path: of })
      router.push(`/runs/${runId}`)
    })
  return (
    <>
      <Button tone="primary" disabled={busy} onClick={() => void start()}>
        {busy ? 'Looking for new invoices…' : 'Sync now'}
      </Button>
      <ProblemNote problem={problem} />
    </>
  )
}
