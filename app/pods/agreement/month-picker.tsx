'use client'
import { useEffect, useRef } from 'react'
import { useApi } from '#app/hooks/use-api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { shortInvoiceOfUsage } from '#lib/billing/invoice-month.ts'
import type { Period } from '#lib/billing/types.ts'
import styles from './month-picker.module.css'

export interface MonthPickerProps {
  readonly pod: Pod
  readonly agreementId: number
  /** Of the last sync. */
  readonly newest: Period
  readonly shown: Period
  readonly onPick: (period: Period) => void
}

/** All months that were synced on the agreement. Native, so that keys and screen readers know it. */
export function MonthPicker({ pod, agreementId, newest, shown, onPick }: MonthPickerProps) {
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
          {shortInvoiceOfUsage(period)}
        </option>
      ))}
    </select>
  )
}
