/** Whether what a sync planned of a subscription was carried out, so that the month is good (F12). */
import type { AppliedSubscription } from '#db/values.ts'
import { isGood as isPlannedGood } from '#lib/billing/held-back.ts'

export const isGood = ({ applied, ...row }: AppliedSubscription): boolean =>
  isPlannedGood(row) && applied.every(({ outcome }) => outcome === 'done' || outcome === 'kept')
