'use client'
import type { SyncProgress } from '#app/api/schemas/pod.ts'
import { Button } from '#app/ui/button.tsx'
import { Progress } from '#app/ui/progress.tsx'
import styles from './sync-progress.module.css'

interface SyncProgressBarProps {
  readonly running: SyncProgress | null
  readonly onStop: (runId: string) => Promise<void>
}

/** What a sync in progress is doing (G5), and the way to stop it after the write in flight (F16). */
export function SyncProgressBar({ running, onStop }: SyncProgressBarProps) {
  const doing =
    running === null
      ? ''
      : running.stopping
        ? 'Stopping after the write in flight…'
        : (running.doing ??
          (running.state === 'queued' ? 'Waiting for its turn…' : 'Reading PRISM and ConnectWise…'))
  return (
    <div aria-live="polite">
      {running === null ? null : (
        <div className={styles['progress']}>
          <span>
            {doing}{' '}
            {running.total === 0 ? null : (
              <span className={styles['figures']}>
                {running.done} of {running.total}
              </span>
            )}
          </span>
          <Button tone="plain" disabled={running.stopping} onClick={() => void onStop(running.runId)}>
            Stop
          </Button>
          <div className={styles['bar']}>
            <Progress label="Sync" done={running.done} total={running.total} />
          </div>
        </div>
      )}
    </div>
  )
}
