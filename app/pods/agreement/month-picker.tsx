'use client'
import { useEffect, useRef } from 'react'
import { useApi } from '#app/hooks/use-api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { type Planned, planId, plannedOf, planTitle } from '#app/ui/plan/plan-names.ts'
import { shortInvoiceOfUsage } from '#lib/billing/invoice-month.ts'
import styles from './month-picker.module.css'

export interface MonthPickerProps {
  readonly pod: Pod
  readonly agreementId: number
  /** Of the last sync. */
  readonly newest: Planned
  readonly shown: Planned
  readonly onPick: (of: Planned) => void
}

/** All months, or annual invoices, that were synced on the agreement. Native, so that keys and screen readers know it. */
export function MonthPicker({ pod, agreementId, newest, shown, onPick }: MonthPickerProps) {
  const { data } = useApi(
    'GET /api/hosted/agreements/{id}/months',
    { path: { id: agreementId } },
    { call: pod.api.call, revalidateOnFocus: false },
  )
  const select = useRef<HTMLSelectElement>(null)
  // It stands where the button stood that was pressed for it.
  useEffect(() => select.current?.focus(), [])
  const synced = data?.months.map(plannedOf) ?? []
  const all = [...new Map([newest, shown, ...synced].map((each) => [planId(each), each]))]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([, each]) => each)
  return (
    <select
      ref={select}
      className={styles['picker']}
      aria-label="Month"
      aria-busy={data === undefined}
      value={planId(shown)}
      onChange={({ target }) => {
        const picked = all.find((each) => planId(each) === target.value)
        if (picked !== undefined) onPick(picked)
      }}
    >
      {all.map((each) => (
        <option key={planId(each)} value={planId(each)}>
          {each.annual === undefined ? shortInvoiceOfUsage(each.period) : planTitle(each)}
        </option>
      ))}
    </select>
  )
}
