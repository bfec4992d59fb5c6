import { ProductError } from '#lib/base/errors.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'
import { inWords } from '#lib/setup/connection-trouble.ts'

/** What a failure says to a person: ConnectWise's refusal under its exact heading (F8), and why it gave no answer in words. */
export function detailOf(error: ProductError): string {
  if (!(error instanceof ConnectWiseError)) return error.detail
  if (error.outcome === 'refused') return `ConnectWise returned an error response: ${error.detail}`
  const said = error.outcome === 'unreachable' ? inWords(error) : error
  return said instanceof ProductError ? said.detail : error.detail
}
