'use client'
import { useRouter } from 'next/navigation'
import { Choice } from '#app/ui/kit/form.tsx'
import { monthName } from '#lib/billing/format.ts'
import type { Period } from '#lib/billing/types.ts'

interface MonthChoiceProps {
  readonly months: readonly Period[]
  readonly current: Period
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

/** Any other month that there is an invoice of. */
export function MonthChoice({ months, current, path, query }: MonthChoiceProps) {
  const router = useRouter()
  return (
    <Choice
      label="Compare with"
      value={current}
      options={Object.fromEntries(months.map((month) => [month, monthName(month)]))}
      onChange={({ target }) =>
        router.push(`${path}?${new URLSearchParams({ ...query, against: target.value })}`)
      }
    />
  )
}
