'use client'
import { lazy, Suspense, useState } from 'react'
import type { Pod } from '#app/hooks/use-pod.ts'
import { monthName } from '#lib/billing/format.ts'
import type { Period } from '#lib/billing/types.ts'
import styles from './agreement-pod.module.css'

const MonthPicker = lazy(async () => ({ default: (await import('./month-picker.tsx')).MonthPicker }))

export interface MonthLabelProps {
  readonly pod: Pod
  readonly agreementId: number
  /** Of the last sync. */
  readonly newest: Period
  readonly shown: Period
  readonly onPick: (period: Period) => void
}

/** The month that is shown. Pressed, it is a choice of all that were synced. */
export function MonthLabel(props: MonthLabelProps) {
  const [isPicking, setPicking] = useState(false)
  const label = `${monthName(props.shown)} usage`
  if (isPicking)
    return (
      <Suspense fallback={label}>
        <MonthPicker {...props} />
      </Suspense>
    )
  return (
    <button
      type="button"
      className={styles['months']}
      title="Open another month"
      onClick={() => setPicking(true)}
    >
      {label}
    </button>
  )
}
