'use client'
import { useEffect, useRef } from 'react'
import { useApi } from '#app/hooks/use-api.ts'
import { monthName } from '#lib/billing/format.ts'
import type { MonthLabelProps } from './month-label.tsx'
import styles from './month-picker.module.css'

/** All months that were synced on the agreement. Native, so that keys and screen readers know it. */
export function MonthPicker({ pod, agreementId, newest, shown, onPick }: MonthLabelProps) {
  const { data } = useApi(
    'GET /api/hosted/agreements/{id}/months',
    { path: { id: agreementId } },
    { call: pod.api.call, revalidateOnFocus: false },
  )
  const select = useRef<HTMLSelectElement>(null)
  // It stands where the button stood that was pressed for it.
  useEffect(() => select.current?.focus(), [])
  const synced = data?.months.map(({ period }) => period) ?? []
  const all = [...new Set([newest, shown, ...synced])].sort().reverse()
  return (
    <select
      ref={select}
      className={styles['picker']}
      aria-label="Month"
      aria-busy={data === undefined}
      value={shown}
      onChange={({ target }) => {
        const picked = all.find((period) => period === target.value)
        if (picked !== undefined) onPick(picked)
      }}
    >
      {all.map((period) => (
        <option key={period} value={period}>
          {monthName(period)} usage
        </option>
      ))}
    </select>
  )
}
