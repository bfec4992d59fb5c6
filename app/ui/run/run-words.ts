/** Syncs in words. */
import type { ShownRun } from '#app/api/schemas/runs.ts'
import { monthName } from '#lib/billing/format.ts'
import type { Period } from '#lib/billing/types.ts'

export const KINDS = { customers: 'Customers', products: 'Products' } as const
export const TRIGGERS = {
  schedule: 'Scheduled',
  hand: 'By hand',
  pod: 'From a pod',
  api: 'By the API',
} as const

export function periodsText(first: Period | null, last: Period | null): string {
  if (first === null || last === null) return '–'
  return first === last ? monthName(first) : `${monthName(first)} – ${monthName(last)}`
}

export function durationText({ startedAt, finishedAt }: Pick<ShownRun, 'startedAt' | 'finishedAt'>): string {
  if (startedAt === null || finishedAt === null) return ''
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000
  if (seconds < 0.1) return 'under 0.1 s'
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`
}
