/** Whether what a sync planned of a subscription was carried out, so that the month is good (F12). */
import { isGood as isPlannedGood } from '#lib/billing/held-back.ts'
import type { SubscriptionOutcome } from '#lib/ledger/outcome.ts'

export const isGood = ({ applied, ...row }: SubscriptionOutcome): boolean =>
  isPlannedGood(row) && applied.every(({ outcome }) => outcome === 'done' || outcome === 'kept')
