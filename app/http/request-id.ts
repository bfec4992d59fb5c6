/** How a request gets its name. */
import { callerAddress } from '#lib/base/caller-address.ts'
import type { Environment } from '#lib/base/env.ts'
import { isRequestId, newRequestId, REQUEST_ID_HEADER } from '#lib/base/request-id.ts'
import { peerOf } from './peers.ts'

type Trust = Pick<Environment, 'trustedProxy'>

/**
 * The name that a trusted proxy gave the request, so that its log and ours agree; else a new one. A caller's own word counts
 * for nothing: it could make its traces look like another's.
 */
export function requestIdOf(headers: Pick<Headers, 'get'>, { trustedProxy }: Trust): string {
  const given = headers.get(REQUEST_ID_HEADER)
  if (given === null || trustedProxy === null || !isRequestId(given)) return newRequestId()
  // Where proxies are counted, one is always in front; where they are named, the connection has to be one's.
  const isByProxy = trustedProxy.kind === 'hops' || isNamed(peerOf(headers), trustedProxy)
  return isByProxy ? given : newRequestId()
}

function isNamed(
  peer: string | null,
  { includes }: Extract<NonNullable<Trust['trustedProxy']>, { kind: 'addresses' }>,
): boolean {
  const address = callerAddress({ peer, forwardedFor: null, trustedProxy: null })
  return address !== null && includes(address)
}
