'use client'
import { useEffect, useState } from 'react'
import { Progress } from '#app/ui/kit/progress.tsx'
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
  const now = useNow()
  const left = startedAt === null || now === null ? null : timeLeft(Date.parse(startedAt), now, done, total)
  const text =
    stopRequestedBy !== null
      ? 'Stopping after the change that is being written…'
      : (doing ?? (startedAt === null ? 'Waiting for its turn…' : 'Reading PRISM and ConnectWise…'))
  return (
    <div className={styles['progress']}>
      <span className={styles['doing']}>{text}</span>
      {total === 0 ? null : (
        <span className={styles['figures']}>
          {done.toLocaleString('en-GB')} of {total.toLocaleString('en-GB')}
          {left === null ? '' : ` · ${left} left`}
        </span>
      )}
      <div className={styles['bar']}>
        <Progress label="Sync" done={done} total={total} />
      </div>
    </div>
  )
}

/** The browser's clock, each second; `null` where the server draws the page. */
function useNow(): number | null {
  const [now, setNow] = useState<number | null>(null)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** As fast as so far; nothing is said of the first moments. */
function timeLeft(startedAt: number, now: number, done: number, total: number): string | null {
  if (done === 0 || now - startedAt < 3_000) return null
  const seconds = Math.round((((now - startedAt) / done) * (total - done)) / 1_000)
  return seconds < 90 ? `about ${seconds} s` : `about ${Math.round(seconds / 60)} min`
}
