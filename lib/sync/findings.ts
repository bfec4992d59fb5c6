/** What applying a plan can add to it, beside what its writes end with (F16; docs/applying.md, "Lease"). */
import type { Finding } from '#lib/billing/types.ts'
import { error } from '#lib/ledger/findings.ts'
import type { Stop } from './stop.ts'

export const notProved = (left: number): Finding =>
  error(
    'not-proved',
    'ConnectWise does not hold what was written to it',
    `Read again after writing twice, ${left === 1 ? 'one change is' : `${left} changes are`} still to be made.`,
    "Look at this subscription's additions in ConnectWise: something else changes them at the same time. Then sync again.",
  )

export const notShown = (): Finding =>
  error(
    'not-proved',
    'ConnectWise does not show yet what was written to it',
    'It confirmed the changes, and answers still as if they had not been made. Nothing more was written, so nothing is billed twice.',
    'Nothing is to be done: the agreement is looked at again by itself. Sync again in a few minutes to see it sooner.',
  )

export const notSent = ({ message, isOff }: Stop): Finding => ({
  code: 'not-sent',
  severity: 'warning',
  message,
  detail: 'Changes of this subscription were not sent.',
  remedy: isOff
    ? 'They are carried out with the next sync after Sync is switched on again.'
    : 'Sync again to carry them out.',
  additionIds: [],
})
