import { firstDay, lastDay } from '#lib/billing/days.ts'
import { monthName } from '#lib/billing/format.ts'
import type { Period } from '#lib/billing/types.ts'
import { daysText } from './day-text.ts'

/** Which invoice and which usage a first sync takes (E6); `null` where no stored invoice contains the customer. */
export function firstSyncText(period: Period | null | undefined): string {
  return period === null || period === undefined
    ? 'No invoice contains this customer yet; additions come with the first that does.'
    : `The first sync takes the ${monthName(period)} invoice: usage of ${daysText(firstDay(period), lastDay(period))}.`
}
