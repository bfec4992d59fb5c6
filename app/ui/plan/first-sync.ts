import type { Beginning } from '#app/api/schemas/customers.ts'
import { daysText } from '#app/ui/kit/day-text.ts'
import { amountText } from '#app/ui/kit/money.ts'
import { firstDay, lastDay } from '#lib/billing/days.ts'
import { monthName } from '#lib/billing/format.ts'
import { invoiceName } from '#lib/billing/invoice-month.ts'
import type { FirstSync, Period } from '#lib/billing/types.ts'

/** Which invoice and which usage a first sync takes (E6); `null` where no stored invoice contains the customer. */
export function firstSyncText(period: Period | null | undefined): string {
  return period === null || period === undefined
    ? 'No invoice contains this customer yet; additions come with the first that does.'
    : `The first sync takes the ${invoiceName(period)}: usage of ${daysText(firstDay(period), lastDay(period))}.`
}

/** What a person answers before Sync is switched on; what is left out is as preselected. */
export interface BeginAnswer {
  readonly begin?: FirstSync
  readonly missed?: 'latest' | 'all'
}

/** Whether it is to be said how the customer begins: its month is invoiced, another agreement bills it, or it was said before. */
export const asksToBegin = ({ isFirst, isInvoiced, alsoBilled, begin }: Beginning): boolean =>
  begin === 'elsewhere' || (isFirst && (isInvoiced === true || alsoBilled.length > 0))

/** Whether it is to be said which of the missed months are synced. */
export const asksForMissed = ({ isFirst, months }: Beginning): boolean => !isFirst && months.length > 1

/** What of the answer goes with the mapping: only what was asked. */
export function answerTo(beginning: Beginning | undefined, answer: BeginAnswer): BeginAnswer {
  if (beginning === undefined) return {}
  const begin = answer.begin ?? beginning.begin ?? beginning.byDefault
  return {
    ...(asksToBegin(beginning) ? { begin } : {}),
    ...(asksForMissed(beginning) ? { missed: answer.missed ?? 'latest' } : {}),
  }
}

/** What is known of the first month before anything is written. */
export function beginningText({ months, isFirst, isInvoiced }: Beginning): string {
  const latest = months.at(-1)
  if (latest === undefined || !isFirst) return ''
  const { period, price } = latest
  const month = monthName(period)
  if (isInvoiced === null) return `Whether ConnectWise has invoiced ${month} is not known.`
  return isInvoiced
    ? `ConnectWise has invoiced ${month} already; PRISM’s usage of it is ${amountText(price)}.`
    : `ConnectWise has not invoiced ${month} yet; PRISM’s usage of it is ${amountText(price)}.`
}

/** How each choice reads for a month. */
export function choiceTexts({ months }: Pick<Beginning, 'months'>): Readonly<Record<FirstSync, string>> {
  const latest = months.at(-1)
  const month = latest === undefined ? 'that month' : monthName(latest.period)
  const amount = latest === undefined ? '' : ` (${amountText(latest.price)})`
  return {
    next: `Begin with the next month: nothing of ${month} is billed here`,
    'catch-up': `Bill ${month} as catch-up${amount}`,
    elsewhere: 'Billed elsewhere: nothing is written until that is taken back',
  }
}
