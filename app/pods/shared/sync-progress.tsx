'use client'
import type { SyncProgress } from '#app/api/schemas/pod.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Progress } from '#app/ui/kit/progress.tsx'
import { useTimeLeft } from '#app/ui/kit/time-left.ts'
import styles from './sync-progress.module.css'

interface SyncProgressBarProps {
  /** What the bar is of; left out where there is one sync. */
  readonly label?: string
  /** `null`: it is asked for, and not yet known to be running. */
  readonly running: SyncProgress | null
  /** `null` where this member may not. */
  readonly onStop: ((runId: string) => unknown) | null
}

function doingText({ stopping, doing, state }: SyncProgress): string {
  if (stopping) return 'Stopping after the change that is being written…'
  return doing ?? (state === 'queued' ? 'Waiting for its turn…' : 'Reading PRISM and ConnectWise…')
}

/** What a sync in progress is doing and about how long it still takes (G5), and the way to stop it after the write in flight (F16). */
export function SyncProgressBar({ label = 'Sync', running, onStop }: SyncProgressBarProps) {
  const done = running?.done ?? 0
  const total = running?.total ?? 0
  const left = useTimeLeft(running?.startedAt ?? null, { done, total })
  return (
    <div className={styles['progress']}>
      <span>
        {running === null ? 'Looking for new invoices…' : doingText(running)}{' '}
        {total === 0 ? null : (
          <span className={styles['figures']}>
            {done} of {total}
            {left === null ? '' : ` · ${left} left`}
          </span>
        )}
      </span>
      {running === null || onStop === null ? null : (
        <Button
          tone="plain"
          whyNot={running.stopping ? 'It stops after the change that is being written.' : null}
          isWhySaid
          onClick={() => void onStop(running.runId)}
        >
          Stop
        </Button>
      )}
      <div className={styles['bar']}>
        <Progress label={label} done={done} total={total} />
      </div>
    </div>
  )
}
