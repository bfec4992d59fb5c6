'use client'
import { lazy, Suspense, useState } from 'react'
import { PlanTitle } from '#app/ui/plan/plan-title.tsx'
import styles from './agreement-pod.module.css'
import type { MonthPickerProps } from './month-picker.tsx'

const MonthPicker = lazy(async () => ({ default: (await import('./month-picker.tsx')).MonthPicker }))

/** The month that is shown. Pressed, it is a choice of all that were synced. */
export function MonthLabel(props: MonthPickerProps) {
  const [isPicking, setPicking] = useState(false)
  const label = <PlanTitle plan={props.shown} />
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
      title={`Open another ${props.shown.annual === undefined ? 'month' : 'annual invoice'}`}
      onClick={() => setPicking(true)}
    >
      {label}
    </button>
  )
}
