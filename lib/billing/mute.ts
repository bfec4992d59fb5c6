/**
 * Whether what a person muted stays so (J3): the one place that decides it, for the inbox, every count, what people are told, and
 * what a sync notes of it. Pure.
 */
import { decimal } from './decimal.ts'
import type { Day, Money, Period } from './types.ts'

export interface Mute {
  /** What the customer's cause was about when it was muted: the sum of all its amounts. */
  readonly amount: Money
  /** The last day that it holds, in the organisation's time zone. */
  readonly until: Day
  /** It ends with the first invoice of a later usage month, too; `null`: invoices do not matter. */
  readonly untilInvoiceAfter: Period | null
}

export interface Moment {
  /** What the customer's cause is about now; `null`: it is there no more. */
  readonly amount: Money | null
  /** In the organisation's time zone. */
  readonly today: Day
  /** The usage month of the newest invoice that can be used; `null`: there is none. */
  readonly latestInvoice: Period | null
}

/** `muted`: it stays so. `cleared`: its cause is gone. `expired`: its time is over. `returned`: it is about another amount now. */
export type Muting = 'muted' | 'cleared' | 'expired' | 'returned'

export const mutingOf = (mute: Mute, now: Moment): Muting => {
  if (now.amount === null) return 'cleared'
  if (now.today > mute.until) return 'expired'
  const { untilInvoiceAfter: after } = mute
  if (after !== null && now.latestInvoice !== null && now.latestInvoice > after) return 'expired'
  return decimal(mute.amount).eq(decimal(now.amount)) ? 'muted' : 'returned'
}
