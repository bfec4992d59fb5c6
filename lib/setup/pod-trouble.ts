/** Why pods cannot be looked at or written, as a person can act on it (H5). */
import { ProductError } from '#lib/base/errors.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import { inWords } from './connection-trouble.ts'

type Connection = Pick<ConnectWiseClient, 'test'>

/** Does the work; what ConnectWise's client throws is thrown in words of its own for each cause. */
export async function inPodWords<T>(connectWise: Connection, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw await podTrouble(connectWise, error)
  }
}

/** The failure in words; another error as it is. */
export async function podTrouble(connectWise: Connection, error: unknown): Promise<unknown> {
  if (!(error instanceof ConnectWiseError)) return error
  const because = { cause: error }
  if (error.outcome === 'unknown')
    return new ProductError(
      'pods-unanswered',
      `ConnectWise did not say what became of it: ${error.detail}`,
      because,
    )
  if (error.outcome === 'unreachable') {
    const said = inWords(error)
    const detail = said instanceof ProductError ? said.detail : error.detail
    return error.code === 'connectwise-unreadable'
      ? error
      : new ProductError('pods-unreachable', detail, because)
  }
  return refusal(connectWise, error)
}

/** 401 and 404 are also what wrong keys get (docs/facts/connectwise.md, "Authentication"), which a read of companies tells. */
async function refusal(connectWise: Connection, error: ConnectWiseError): Promise<unknown> {
  const because = { cause: error }
  const said = `ConnectWise says: ${error.detail}`
  if (error.status === 401 || error.status === 404) {
    const ofKeys = await connectWise.test().then(
      () => null,
      (met: unknown) => met,
    )
    if (ofKeys !== null) return inWords(ofKeys)
    return error.status === 404
      ? new ProductError('pods-not-offered', `Hosted screens are not there for programs. ${said}`, because)
      : denied(said, because)
  }
  if (error.status === 403) return denied(said, because)
  if (error.status === 429)
    return new ProductError('too-many-requests', 'ConnectWise is asked too much at the moment.', because)
  return new ProductError('pods-refused', said, because)
}

const denied = (said: string, because: ErrorOptions): ProductError =>
  new ProductError('pods-denied', `The API member may not do this with hosted screens. ${said}`, because)
