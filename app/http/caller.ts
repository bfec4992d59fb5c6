/** Who makes a request, as far as an address says it. */

import { server } from '#app/process/process.ts'
import type { Caller } from '#lib/auth/limits.ts'
import { callerAddress, callerNetwork } from '#lib/base/caller-address.ts'
import { log } from '#lib/base/log.ts'
import { isPublicAddress } from '#lib/base/public-address.ts'
import { peerOf } from './peers.ts'

/** All whose address nobody vouches for. */
const UNKNOWN = 'unknown'

/** The caller of a request, to be counted by. */
export function callerOf({ headers }: Pick<Request, 'headers'>): Caller {
  const { trustedProxy, isOnVercel } = server().env
  const forwardedFor = headers.get('x-forwarded-for')
  // Vercel sets these anew with each request, whatever the caller sent.
  const peer = isOnVercel
    ? (headers.get('x-vercel-forwarded-for') ?? headers.get('x-real-ip'))
    : peerOf(headers)
  const address = callerAddress({ peer, forwardedFor, trustedProxy })
  if (address === null) return { name: UNKNOWN, isShared: true }
  const isShared =
    !isOnVercel && trustedProxy === null && isForwarded(forwardedFor, peer) && !isPublicAddress(address)
  if (isShared) noteProxy(address)
  return { name: callerNetwork(address), isShared }
}

/** Most likely by a proxy that TRUSTED_PROXY does not name. Next itself puts the peer where the header is not there. */
const isForwarded = (forwardedFor: string | null, peer: string | null): boolean =>
  forwardedFor !== null && forwardedFor !== peer

const held = globalThis as typeof globalThis & { prismPodProxyNoted?: true }

function noteProxy(address: string): void {
  if (held.prismPodProxyNoted) return
  held.prismPodProxyNoted = true
  log.warn('proxy-not-trusted', {
    address,
    remedy: 'Requests come by a proxy that TRUSTED_PROXY does not name, so all callers share one limit.',
  })
}
