import type { MemberClaim } from '#lib/host-api/messages.ts'
import { answerOf, send } from './api.ts'
import { type Asked, askedOf, type CallApi } from './endpoint.ts'

export interface PodApi {
  /** Proves the member to our server; afterwards calls carry the cookie, or the token where the browser drops it. */
  signIn(claim: MemberClaim): Promise<void>
  readonly call: CallApi
}

/**
 * Calls of a pod to our own API. The header names the organisation and cannot be sent by another site's form, so that a
 * cookie alone moves nothing (docs/facts/host-api.md, "Sessions in a frame").
 */
export function createPodApi(organisation: string): PodApi {
  // The token stays in this closure: nothing is stored, and a reload proves the member again.
  let token: string | null = null
  let cookieMissing = false

  const ask = async <T>({ method, address, body }: Asked): Promise<T> => {
    const headers: Record<string, string> = { 'x-prism-pod': organisation }
    if (cookieMissing && token !== null) headers['authorization'] = `Bearer ${token}`
    const response = await send(method, address, { headers, body })
    if (response.status === 401 && token !== null && !cookieMissing) {
      cookieMissing = true
      return ask({ method, address, body })
    }
    return answerOf<T>(response)
  }

  const call: CallApi = (endpoint, ...sending) => ask(askedOf(endpoint, ...sending))

  return {
    call,
    async signIn(claim) {
      token = null
      cookieMissing = false
      const body = { org: organisation, ...claim }
      token = (await call('POST /api/hosted/session', { body })).token
    },
  }
}
