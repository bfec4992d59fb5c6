'use client'
import { lazy, Suspense, useState } from 'react'
import { UsageText } from '#app/ui/kit/usage-text.tsx'
import styles from './agreement-pod.module.css'
import type { MonthPickerProps } from './month-picker.tsx'

const MonthPicker = lazy(async () => ({ default: (await import('./month-picker.tsx')).MonthPicker }))

/** The month that is shown. Pressed, it is a choice of all that were synced. */
export function MonthLabel(props: MonthPickerProps) {
  const [isPicking, setPicking] = useState(false)
  const label = <UsageText period={props.shown} />
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
