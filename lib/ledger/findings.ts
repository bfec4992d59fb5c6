/** What a write to ConnectWise can end with (D7, D8, F8). */
import type { Finding, FindingCode } from '#lib/billing/types.ts'

export const error = (code: FindingCode, message: string, detail: string, remedy: string): Finding => ({
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
