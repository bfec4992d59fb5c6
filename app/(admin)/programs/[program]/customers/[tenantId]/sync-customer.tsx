'use client'
import { useRouter } from 'next/navigation'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ProblemNote } from '#app/ui/kit/form.tsx'

/** Starts a sync and shows its page, where it is followed. */
export function SyncCustomer({ path }: { path: string }) {
  const router = useRouter()
  const { busy, problem, run } = useAction({ refreshes: false })
  const start = () =>
    run(async () => {
      const { runId } = await callApi<{ runId: string }>('POST', `${path}/sync`)
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
