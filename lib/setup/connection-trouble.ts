/** Why a connection does not work, in a sentence of its own for each cause (B3, B4). */
import { ProductError } from '#lib/base/errors.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'

/** What Node says of a connection that did not come about. */
const networkTroubles: readonly (readonly [RegExp, string])[] = [
  [/ENOTFOUND|EAI_AGAIN/, 'there is no host of that name'],
  [/ECONNREFUSED/, 'the host refuses the connection'],
  [/did not come within|stopped coming|ETIMEDOUT/, 'the host did not answer in time'],
  [/certificate|CERT_|SSL|TLS/i, 'the host has no certificate that can be trusted'],
  [/ECONNRESET|socket hang up|EPIPE/, 'the connection was cut'],
]

/** The failure as a person can act on it; another error is given back as it is. */
export function inWords(error: unknown): unknown {
  if (!(error instanceof ConnectWiseError)) return error
  const { outcome, status, detail } = error
  if (error.code === 'connectwise-unreadable') return error
  if (outcome === 'refused') return refusalInWords(error) ?? error
  const trouble = networkTroubles.find(([pattern]) => pattern.test(detail))?.[1]
  if (status === null)
    return new ProductError('connectwise-unreachable', `ConnectWise was not reached: ${trouble ?? detail}.`, {
      cause: error,
    })
  if (status >= 500)
    return new ProductError(
      'connectwise-unreachable',
      `ConnectWise has trouble of its own at the moment. It says: ${detail}`,
      { cause: error },
    )
  return error
}

function refusalInWords({ status, path, detail: said }: ConnectWiseError): ProductError | null {
  // On the cloud, wrong keys may answer 404 (docs/facts/connectwise.md, "Authentication"); the company itself
  // was found before.
  if (status === 401 || status === 404)
    return new ProductError(
      'connectwise-keys-refused',
      `ConnectWise does not accept the public and the private key. It says: ${said}`,
    )
  if (status !== 403) return null
  const lacks = path.endsWith('/company/companies') ? 'may not see companies' : 'lacks a permission'
  return new ProductError(
    'connectwise-permission-missing',
    `The API member ${lacks}, or the client id is not right. ConnectWise says: ${said}`,
  )
}
