/**
 * The one adapter over connectwise-rest (facts/connectwise-api 11, 12): its section methods are used, its own retrying,
 * paging, logging and errors are not. Interceptors sit on the axios instances of the root and of all 12 sections.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { ManageAPI } from 'connectwise-rest'
import { ProductError } from '#lib/base/errors.ts'
import type { Guard } from '#lib/base/guarded-fetch.ts'
import { type RetryRule, retryAfterMs, retryWaitMs, usualRetries } from '#lib/base/retry.ts'
import type { Secret } from '#lib/base/secrets.ts'
import { failureOf, mayRetry, type Reply } from './failures.ts'
import {
  instancesOf,
  type LibraryInstance,
  type LibraryRequest,
  type LibraryResponse,
} from './library-http.ts'
import { apiBase, discoverCodebase } from './site.ts'

export interface ConnectionSettings {
  /** A host or an address; see `site.ts`. */
  readonly site: string
  readonly companyId: string
  readonly publicKey: string
  readonly privateKey: Secret
  readonly clientId: string
  /** From `discoverCodebase`. */
  readonly codebase: string
  readonly guard: Guard
  /** Per request, from its sending to its last byte; 20,000 where left out. */
  readonly timeoutMs?: number
  readonly retries?: RetryRule
  /** Resolves when the next request may be sent; one limit shared by all processes of a connection. */
  readonly pace?: () => Promise<void>
  /** Told for how long ConnectWise asked this connection to pause (429), so that other processes pause, too. */
  readonly onHold?: (pauseMs: number) => void
  /** Told when ConnectWise has moved to another codebase, so that it can be stored. */
  readonly onCodebase?: (codebase: string) => void
}

export interface Transport {
  readonly api: ManageAPI
  /** Where the API's paths begin now. */
  baseUrl(): string
  /** After an unexpected 404: whether the codebase has changed; `baseUrl` then gives the new address. */
  moved(): Promise<boolean>
  /** The `Link` header of the answer whose body this is. */
  linkOf(body: unknown): string | undefined
}

/** The models that this client reads and writes; ConnectWise keeps an old one for 12 months. */
export const apiVersion = '2025.1'
/** A changed codebase is looked for at most this often. */
const codebaseCheckMs = 10 * 60_000

/** The library's type of PATCH operations; it takes objects only as their values. */
export type LibraryOperations = Parameters<
  ManageAPI['FinanceAPI']['patchFinanceAgreementsByParentIdAdditionsById']
>[2]

export function createTransport(settings: ConnectionSettings): Transport {
  const { timeoutMs = 20_000, guard } = settings
  const api = new ManageAPI({
    companyId: settings.companyId,
    publicKey: settings.publicKey,
    privateKey: settings.privateKey.reveal(),
    clientId: settings.clientId,
    companyUrl: 'replaced-below.invalid',
    entryPoint: settings.codebase,
    apiVersion,
    timeout: timeoutMs,
    retry: false,
    logger: () => {}, // the library's own prints bodies to the console
  })
  const links = new WeakMap<object, string>()
  const moves = createMoves(settings)
  const holder = createHold()
  for (const instance of instancesOf(api)) {
    Object.assign(instance.defaults, {
      maxRedirects: 0,
      proxy: false,
      httpAgent: guard.httpAgent,
      httpsAgent: guard.httpsAgent,
    })
    instance.interceptors.request.use(async (request) => {
      await holder.free()
      await settings.pace?.()
      return prepared(request, moves.baseUrl(), timeoutMs)
    })
    instance.interceptors.response.use(
      (response) => {
        noteLink(links, response)
        return response
      },
      (error: unknown) => recover(error, { instance, settings, moves, holder }),
    )
  }
  return {
    api,
    baseUrl: () => moves.baseUrl(),
    moved: () => moves.check(),
    linkOf: (body) => (isObject(body) ? links.get(body) : undefined),
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function prepared(request: LibraryRequest, baseUrl: string, timeoutMs: number): LibraryRequest {
  request.baseURL = baseUrl
  // axios' own timeout counts from the last byte; a body that trickles in must not hold a write open for ever.
  request.signal = AbortSignal.timeout(timeoutMs)
  const { pageId } = (request.params ?? {}) as { pageId?: unknown }
  if (pageId !== undefined) request.headers.set('pagination-type', 'forward-only')
  return request
}

function noteLink(links: WeakMap<object, string>, { data, headers }: LibraryResponse): void {
  const link: unknown = headers.link
  if (isObject(data) && typeof link === 'string') links.set(data, link)
}

// ───────────────────────────── after a failure ─────────────────────────────

interface Recovery {
  readonly instance: LibraryInstance
  readonly settings: ConnectionSettings
  readonly moves: Moves
  readonly holder: Hold
}

/** Sends the request again where that cannot do anything twice, else throws our error in place of axios'. */
async function recover(
  error: unknown,
  { instance, settings, moves, holder }: Recovery,
): Promise<LibraryResponse> {
  // The guard's refusals come out of the socket wrapped in axios' error.
  const refusal = productErrorIn(error)
  if (refusal !== null) throw refusal
  const { config: request, response } = error as { config?: LibraryRequest; response?: LibraryResponse }
  if (request === undefined) throw error
  const reply = replyOf(error, response)
  if (reply.status === 404 && request.moved !== true) {
    // Another request may have found the new codebase while this one was under way to the old.
    const moved = request.baseURL !== moves.baseUrl() || (await moves.check())
    if (moved) return instance.request(Object.assign(request, { moved }))
  }
  const tried = request.tried ?? 1
  const askedMs = retryAfterMs(headerOf(response, 'retry-after'))
  const method = (request.method ?? 'get').toUpperCase()
  const waitMs = mayRetry(method, reply.status)
    ? retryWaitMs(settings.retries ?? usualRetries, tried, reply.status === 429 ? askedMs : null)
    : null
  if (waitMs === null) throw failureOf({ method, path: request.url ?? '', reply, askedMs })
  if (reply.status === 429) {
    holder.until(Date.now() + waitMs)
    settings.onHold?.(waitMs)
  }
  await wait(waitMs)
  return instance.request(Object.assign(request, { tried: tried + 1 }))
}

function productErrorIn(error: unknown): ProductError | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1)
    if (at instanceof ProductError) return at
  return null
}

function replyOf(error: unknown, response: LibraryResponse | undefined): Reply {
  const message = messageOf(error)
  if (response === undefined) return { status: null, body: null, message }
  return { status: response.status, body: response.data, message }
}

/** An aborted request says only 'canceled'; the one thing that aborts ours is its time. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer'
  return error.name === 'CanceledError' ? 'no answer in time' : error.message
}

function headerOf(response: LibraryResponse | undefined, name: string): string | null {
  const value: unknown = response?.headers[name]
  return typeof value === 'string' ? value : null
}

/** A 429 holds the requests of the whole client, so that they do not use up their tries one after the other. */
interface Hold {
  free(): Promise<void>
  until(time: number): void
}

function createHold(): Hold {
  let heldUntil = 0
  return {
    async free() {
      const ms = heldUntil - Date.now()
      if (ms > 0) await wait(ms)
    },
    until(time) {
      heldUntil = Math.max(heldUntil, time)
    },
  }
}

/** Where the API is. An upgrade of ConnectWise's cloud changes the codebase, and the old one then answers 404. */
interface Moves {
  baseUrl(): string
  /** Asks for the codebase again; true where it has changed. */
  check(): Promise<boolean>
}

function createMoves(settings: ConnectionSettings): Moves {
  let { codebase } = settings
  let checkedAt = Number.NEGATIVE_INFINITY
  let checking: Promise<boolean> | null = null

  async function check(): Promise<boolean> {
    const found = await discoverCodebase(settings).catch(() => null)
    if (found === null || found.codebase === codebase) return false
    codebase = found.codebase
    settings.onCodebase?.(codebase)
    return true
  }

  return {
    baseUrl: () => apiBase(settings.site, codebase),
    async check() {
      if (checking === null && Date.now() - checkedAt < codebaseCheckMs) return false
      checking ??= check().finally(() => {
        checkedAt = Date.now()
        checking = null
      })
      return checking
    },
  }
}
