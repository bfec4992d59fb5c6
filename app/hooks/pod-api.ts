import type { PodSession } from '#app/api/schemas/pod.ts'
import type { MemberClaim } from '#lib/host-api/messages.ts'
import { answerOf, send } from './api.ts'

export interface PodApi {
  /** Proves the member to our server; afterwards calls carry the cookie, or the token where the browser drops it. */
  signIn(claim: MemberClaim): Promise<void>
  get<T>(path: string): Promise<T>
  send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>
}

/**
 * Calls of a pod to our own API. The header names the organisation and cannot be sent by another site's form, so that a
 * cookie alone moves nothing (docs/facts/host-api.md, "Sessions in a frame").
 */
export function createPodApi(organisation: string): PodApi {
  // The token stays in this closure: nothing is stored, and a reload proves the member again.
  let token: string | null = null
  let cookieMissing = false

  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const headers: Record<string, string> = { 'x-prism-pod': organisation }
    if (cookieMissing && token !== null) headers['authorization'] = `Bearer ${token}`
    const response = await send(method, path, { headers, body })
    if (response.status === 401 && token !== null && !cookieMissing) {
      cookieMissing = true
      return call(method, path, body)
    }
    return answerOf<T>(response)
  }

  return {
    async signIn(claim) {
      token = null
      cookieMissing = false
      const session = await call<PodSession>('POST', '/api/hosted/session', { org: organisation, ...claim })
      token = session.token
    },
    get: (path) => call('GET', path),
    send: (method, path, body) => call(method, path, body),
  }
}
