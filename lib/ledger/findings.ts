/** What carrying out a plan can add to it (D7, D8, F8, F16; docs/applying.md, "Unknown outcomes"). */
import type { Finding, FindingCode } from '#lib/billing/types.ts'

const error = (code: FindingCode, message: string, detail: string, remedy: string): Finding => ({
  code,
  severity: 'error',
  message,
  detail,
  remedy,
  additionIds: [],
})

/** F8; `message` is ConnectWise's own. */
export const connectWiseRefused = (message: string, what: string): Finding =>
  error(
    'connectwise-refused',
    `ConnectWise returned an error response: ${message}`,
    `It was the answer to: ${what}. Later changes of this subscription were not sent.`,
    'Correct what the message names in ConnectWise, or map the customer to another agreement; then sync again.',
  )

/** D7 as it is, or D8 around ConnectWise's reason. */
export const productNotCreated = (message: string): Finding =>
  error(
    'product-not-created',
    message,
    'Without the product nothing of this subscription was written.',
    'Look under Preparation at what ConnectWise lacks and fix it there, or create the product in ConnectWise with the SKU as its Vendor SKU; then sync again.',
  )

export const outcomeUnknown = (): Finding =>
  error(
    'outcome-unknown',
    'ConnectWise did not answer a write, so it is not known whether it took place',
    'Nothing is sent twice: the next sync first reads what ConnectWise holds.',
    'Sync again when ConnectWise answers.',
  )

/** D8. */
export const productFailure = (reason: string): string =>
  `Failed to get or create the product in ConnectWise: ${reason}`

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

export const notSent = ({
  message,
  isOff,
}: {
  readonly message: string
  readonly isOff: boolean
}): Finding => ({
  code: 'not-sent',
  severity: 'warning',
  message,
  detail: 'Changes of this subscription were not sent.',
  remedy: isOff
    ? 'They are carried out with the next sync after Sync is switched on again.'
    : 'Sync again to carry them out.',
  additionIds: [],
})

/** One id: the first change of it that fails stops the rest (docs/billing-rules.md, "One id"). */
export const notSentWithOther = (): Finding =>
  error(
    'not-sent',
    'Nothing more of this subscription was sent, because another change of it failed',
    'What is billed of it belongs together, so a part of it alone is not written.',
    'Mend what the failed change names; then sync again.',
  )
