'use client'
import type { Missed, ProgramInput } from '#app/api/schemas/programs.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { Choice, textOf } from '#app/ui/kit/form.tsx'
import { amountText } from '#app/ui/kit/money.ts'
import { monthName } from '#lib/billing/format.ts'

const NAME = 'missed'
const MISSED = {
  latest: 'The latest only: the months before it are passed over',
  all: 'All of them, in order',
}

/** What customers missed while the program's Sync was off. @param isAsked read only then */
export const useMissed = (program: string, isAsked: boolean) =>
  useApi('GET /api/programs/{program}/missed', isAsked ? { path: { program } } : null, {
    revalidateOnFocus: false,
  })

/** Before Sync is switched on again: which of the missed months are synced (E6). */
export function MissedMonths({ missed }: { missed: Missed | undefined }) {
  if (missed === undefined || missed.months.length === 0) return null
  const months = missed.months.map(
    ({ period, price, customers }) =>
      `${monthName(period)} (${amountText(price)}, ${customers === 1 ? 'one customer' : `${customers} customers`})`,
  )
  return (
    <Choice
      label="Months missed meanwhile"
      name={NAME}
      hint={`Missed: ${months.join(', ')}.`}
      options={MISSED}
      defaultValue="latest"
    />
  )
}

/** What was chosen; nothing where it was not asked. */
export function missedOf(form: HTMLFormElement): Pick<ProgramInput, 'missed'> {
  const chosen = textOf(form, NAME)
  return chosen === 'latest' || chosen === 'all' ? { missed: chosen } : {}
}
