'use client'
import { useRouter } from 'next/navigation'
import type { RunContent } from '#app/api/schemas/runs.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { RunProgress } from '#app/ui/run/run-progress.tsx'
import styles from './run.module.css'

/** Progress of a sync under way, and the way to stop it after the write in flight (F16); then the page shows what it did. */
export function LiveRun({ run, mayStop }: { run: RunContent; mayStop: boolean }) {
  const router = useRouter()
  const stopping = useAction()
  const { data = run, mutate } = useApi(
    'GET /api/runs/{id}',
    { path: run, query: { detail: 'progress' } },
    {
      refreshInterval: (latest) => (latest?.state === 'finished' ? 0 : 1_000),
      onSuccess: ({ state }) => {
        if (state === 'finished') router.refresh()
      },
    },
  )
  const stop = async () => {
    await stopping.run(() => callApi('POST /api/runs/{id}/stop', { path: run }))
    await mutate()
  }
  return (
    <div className={styles['live']} aria-live="polite">
      <RunProgress run={data} />
      {mayStop ? (
        <Button
          disabled={stopping.busy}
          whyNot={data.stopRequestedBy === null ? null : 'It stops after the change that is being written.'}
          onClick={() => void stop()}
        >
          Stop
        </Button>
      ) : null}
      <ProblemNote problem={stopping.problem} />
    </div>
  )
}
