'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import useSWR from 'swr'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/button.tsx'
import { ProblemNote } from '#app/ui/form.tsx'
import { Note } from '#app/ui/note.tsx'
import styles from './products.module.css'

interface ProductRun {
  readonly state: 'queued' | 'running' | 'finished'
  readonly status: string | null
  readonly note: string | null
  readonly progress: { readonly done: number; readonly total: number }
  readonly counts: Readonly<Record<'created' | 'updated' | 'unchanged' | 'failed', number>> | null
}

/** Starts a sync, shows how far it is, and what came of it. */
export function SyncProducts({ program }: { program: string }) {
  const router = useRouter()
  const { busy, problem, run } = useAction()
  const [runId, setRunId] = useState<string | null>(null)
  const { data } = useSWR<ProductRun>(
    runId === null ? null : `/api/runs/${runId}`,
    (path: string) => callApi('GET', path),
    {
      refreshInterval: (latest) => (latest?.state === 'finished' ? 0 : 700),
      onSuccess: ({ state }) => {
        if (state === 'finished') router.refresh()
      },
    },
  )
  const isRunning = runId !== null && data?.state !== 'finished'
  const start = () =>
    run(async () => {
      const started = await callApi<{ runId: string }>('POST', `/api/programs/${program}/products/sync`)
      setRunId(started.runId)
    })
  return (
    <div className={styles['sync']}>
      <Button tone="primary" disabled={busy || isRunning} onClick={() => void start()}>
        {busy || isRunning ? 'Syncing…' : 'Sync products'}
      </Button>
      <div role="status">{data === undefined ? null : <Outcome run={data} />}</div>
      <ProblemNote problem={problem} />
    </div>
  )
}

function Outcome({ run: { state, status, note, counts, progress } }: { run: ProductRun }) {
  if (state !== 'finished')
    return (
      <Note tone="quiet">
        {progress.done} of {progress.total}
      </Note>
    )
  const text =
    counts === null ? '' : `${counts.created} created, ${counts.updated} updated, ${counts.failed} failed`
  const tone = status === 'Error' ? 'bad' : status === 'Warning' ? 'warn' : 'quiet'
  return (
    <Note tone={tone} detail={note}>
      {status}: {text}
    </Note>
  )
}
