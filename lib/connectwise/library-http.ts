/**
 * What this room uses of the axios instances inside connectwise-rest. Written down here, because axios is that library's
 * dependency and not ours.
 */
import type { Agent as HttpAgent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import type { ManageAPI } from 'connectwise-rest'

export interface LibraryRequest {
  method?: string
  url?: string
  baseURL?: string
  params?: unknown
  signal?: AbortSignal
  readonly headers: { set(name: string, value: string): void }
  /** Ours: how often it was sent. */
  tried?: number
  /** Ours: it is sent to a new codebase. */
  moved?: boolean
}

export interface LibraryResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>
  readonly data: unknown
}

export interface LibraryInstance {
  readonly defaults: {
    maxRedirects?: number
    proxy?: false
    httpAgent?: HttpAgent
    httpsAgent?: HttpsAgent
  }
  readonly interceptors: {
    readonly request: { use(before: (request: LibraryRequest) => Promise<LibraryRequest>): void }
    readonly response: {
      use(
        done: (response: LibraryResponse) => LibraryResponse,
        failed: (error: unknown) => Promise<LibraryResponse>,
      ): void
    }
  }
  request(request: LibraryRequest): Promise<LibraryResponse>
}

/** `instance` is private in the library's types, and the root and each section has its own: the one cast, here only. */
export function instancesOf(api: ManageAPI): LibraryInstance[] {
  const holders = [api, ...Object.values(api)] as unknown as { instance?: LibraryInstance }[]
  return holders.flatMap((holder) => (holder?.instance?.interceptors === undefined ? [] : [holder.instance]))
}
