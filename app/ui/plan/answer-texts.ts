/** What was said of an addition or a month, in the words of the buttons that say it. */
import type { Answers } from '#app/api/schemas/answers.ts'
import { addMonths, lastDay, periodOf } from '#lib/billing/days.ts'
import { shortDay } from '#lib/billing/format.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { BilledAs, Day, Period } from '#lib/billing/types.ts'

type Given = Answers['answers'][number]

/** As the end of a sentence that begins with the addition: `is nobody's`. */
export function saidText(
  { answer, subscriptionId, endsOn }: Given,
  subscriptions: Answers['subscriptions'],
): string {
  switch (answer) {
    case 'nobody':
      return 'is nobody’s'
    case 'stays':
      return 'stays as it is'
    case 'ends':
      return endsOn === null ? 'ends' : `ends on ${shortDay(endsOn)}`
    case 'subscription': {
      const of = subscriptions.find(({ id }) => subscriptionKey(id) === subscriptionId)
      return `bills ${of?.product ?? 'the subscription'} (${subscriptionId ?? ''})`
    }
  }
}

/** As the end of a sentence that begins with the invoice or the addition. */
export const billedText = (billed: BilledAs): string =>
  billed === 'before' ? 'as it was before' : 'as it was after'

/**
 * Last days of months to choose an end from: of the month before the one that is shown, to a year on from it or from today. The
 * first one to offer is that of the last month that is over, which ConnectWise may have invoiced, or of the shown one where that is later.
 */
export function monthEnds(
  period: Period,
  today: Day,
): { readonly ends: readonly Day[]; readonly offered: Day } {
  const over = addMonths(periodOf(today), -1)
  const offered = over > period ? over : period
  const ends: Day[] = []
  for (let month = addMonths(period, -1); month <= addMonths(offered, 12); month = addMonths(month, 1))
    ends.push(lastDay(month))
  return { ends, offered: lastDay(offered) }
}
