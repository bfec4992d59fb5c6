import type { PodSession } from '#app/api/schemas/pod.ts'
import type { Problem } from '#app/api/schemas/problem.ts'
import type { MemberClaim } from '#lib/host-api/messages.ts'

/** Our server said no: `problem` says what happened and what to do. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

export interface PodApi {
  /** Proves the member to our server; afterwards calls carry the cookie, or the token where the browser drops it. */
  signIn(claim: MemberClaim): Promise<void>
  get<T>(path: string): Promise<T>
  send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>
}

const UNREACHABLE: Problem = {
  type: 'about:blank',
  title: 'No answer',
  status: 0,
  code: 'unreachable',
  detail: 'Prism Pod did not answer.',
  remedy: 'Check your network connection and try again.',
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem
  } catch {
    return {
      ...UNREACHABLE,
      status: response.status,
      detail: `Prism Pod answered with status ${response.status}.`,
    }
  }
}

/**
 * Calls of a pod to our own API. The header names the organisation and cannot be sent by another site's form, so that a
 * cookie alone moves nothing (facts "Hosted API" 8).
 */
export function createPodApi(organisation: string): PodApi {
  // The token stays in this closure: nothing is stored, and a reload proves the member again.
  let token: string | null = null
  let cookieMissing = false

  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const headers: Record<string, string> = { 'x-prism-pod': organisation }
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (cookieMissing && token !== null) headers['authorization'] = `Bearer ${token}`
    const request: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' }
    if (body !== undefined) request.body = JSON.stringify(body)
    const response = await fetch(path, request).catch(() => null)
    if (response === null) throw new Refused(UNREACHABLE)
    if (response.status === 401 && token !== null && !cookieMissing) {
      cookieMissing = true
      return call(method, path, body)
    }
    if (!response.ok) throw new Refused(await problemOf(response))
    return (response.status === 204 ? undefined : await response.json()) as T
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
