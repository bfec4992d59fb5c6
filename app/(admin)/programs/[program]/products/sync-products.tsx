'use client'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { RunContent } from '#app/api/schemas/runs.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { RunProgress } from '#app/ui/run/run-progress.tsx'
import styles from './products.module.css'

/** Starts a sync, shows how far it is, also one that was under way when the page was opened, and what came of it. */
export function SyncProducts({ program, running }: { program: string; running: string | null }) {
  const router = useRouter()
  const { busy, problem, run } = useAction({ refreshes: false })
  const [runId, setRunId] = useState(running)
  const { data } = useApi(
    'GET /api/runs/{id}',
    runId === null ? null : { path: { id: runId }, query: { detail: 'headings' } },
    {
      // Once it is finished it is read no more: what one then filters must stay.
      revalidateOnFocus: false,
      revalidateOnReconnect: false,
      refreshInterval: (latest) => (latest?.state === 'finished' ? 0 : 700),
      onSuccess: ({ state }) => {
        if (state !== 'finished') return
        // Without the preview's id, so that ConnectWise is read again.
        router.replace(`/programs/${program}/products`)
        router.refresh()
      },
    },
  )
  const isRunning = runId !== null && data?.state !== 'finished'
  const start = () =>
    run(async () => {
      const started = await callApi('POST /api/programs/{program}/products/sync', { path: { program } })
      setRunId(started.runId)
    })
  return (
    <div className={styles['sync']}>
      <Button
        tone="primary"
        disabled={busy}
        whyNot={isRunning ? 'Products are being synced.' : null}
        isWhySaid
        onClick={() => void start()}
      >
        {busy || isRunning ? 'Syncing…' : 'Sync products'}
      </Button>
      <div role="status">
        {data === undefined ? null : data.state === 'finished' ? (
          <Outcome run={data} />
        ) : (
          <RunProgress run={data} />
        )}
      </div>
      <ProblemNote problem={problem} />
    </div>
  )
}

function Outcome({ run: { id, status, counts } }: { run: RunContent }) {
  return (
    <span>
      {status}
      {counts === null
        ? ''
        : `: ${counts.created} created, ${counts.updated} updated, ${counts.failed} failed`}{' '}
      <Link href={`/runs/${id}`}>Details</Link>
    </span>
  )
}
