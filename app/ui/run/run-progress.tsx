'use client'
import { Progress } from '#app/ui/kit/progress.tsx'
import { useTimeLeft } from '#app/ui/kit/time-left.ts'
import styles from './run-progress.module.css'

interface RunProgressProps {
  readonly run: {
    readonly startedAt: string | null
    readonly doing: string | null
    readonly stopRequestedBy: string | null
    readonly progress: { readonly done: number; readonly total: number }
  }
}

/** How far a sync is, what it is doing, and about how long it still takes (G5). */
export function RunProgress({ run: { startedAt, doing, stopRequestedBy, progress } }: RunProgressProps) {
  const { done, total } = progress
  const left = useTimeLeft(startedAt, progress)
  const text =
    stopRequestedBy !== null
      ? 'Stopping after the change that is being written…'
      : (doing ?? (startedAt === null ? 'Waiting for its turn…' : 'Reading PRISM and ConnectWise…'))
  return (
    <div className={styles['progress']}>
      <span className={styles['doing']} title={text}>
        {text}
      </span>
      <span className={styles['figures']}>
        {total === 0
          ? ''
          : `${done.toLocaleString('en-GB')} of ${total.toLocaleString('en-GB')}${left === null ? '' : ` · ${left} left`}`}
      </span>
      <div className={styles['bar']}>
        <Progress label="Sync" done={done} total={total} />
      </div>
    </div>
  )
}
