/**
 * What this room uses of the axios instances inside connectwise-rest. Written down here, because axios is that library's
 * dependency and not ours.
 */
import type { ManageAPI } from 'connectwise-rest'

export interface LibraryRequest {
  method?: string
  url?: string
  baseURL?: string
  params?: unknown
  /** The body as text, by the time it is sent. */
  readonly data?: unknown
  readonly headers: {
    set(name: string, value: string): void
    toJSON(): Readonly<Record<string, unknown>>
  }
  /** Ours: how often it was sent. */
  tried?: number
  /** Ours: how long its tries took. */
  spentMs?: number
  /** Ours: it is sent to a new codebase. */
  moved?: boolean
}

export interface LibraryResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>
  /** The text of the body; parsed where it is JSON by the time that an interceptor sees it. */
  readonly data: unknown
  readonly config: LibraryRequest
}

export interface LibraryInstance {
  readonly defaults: {
    /** Sends the request; rejects with the request as `config`, and with the answer as `response` where there was one. */
    adapter?: (request: LibraryRequest) => Promise<LibraryResponse>
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
  /** The request's address with its parameters, as axios writes them. */
  getUri(request: LibraryRequest): string
  request(request: LibraryRequest): Promise<LibraryResponse>
}

/** `instance` is private in the library's types, and the root and each section has its own: the one cast, here only. */
export function instancesOf(api: ManageAPI): LibraryInstance[] {
  const holders = [api, ...Object.values(api)] as unknown as { instance?: LibraryInstance }[]
  return holders.flatMap((holder) => (holder?.instance?.interceptors === undefined ? [] : [holder.instance]))
}
