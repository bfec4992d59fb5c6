/**
 * The one adapter over connectwise-rest (docs/facts/connectwise.md, "The client library"): its section
 * methods are used, its own retrying, paging, logging and errors are not. Interceptors sit on the axios
 * instances of the root and of all 12 sections.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { ManageAPI } from 'connectwise-rest'
import { ProductError } from '#lib/base/errors.ts'
import type { Guard } from '#lib/base/guarded-fetch.ts'
import { limits, timeOfAllTries } from '#lib/base/limits.ts'
import { type RetryRule, retryAfterMs, retryWaitMs, usualRetries } from '#lib/base/retry.ts'
import type { Secret } from '#lib/base/secrets.ts'
import { failureOf, isTooMuch, mayRetry, type Reply, replyOf } from './failures.ts'
import {
  instancesOf,
  type LibraryInstance,
  type LibraryRequest,
  type LibraryResponse,
} from './library-http.ts'
import { smallerPage } from './page-size.ts'
import type { PageRequest } from './paging.ts'
import { send } from './sending.ts'
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
  /** Bytes of an answer, after decompression; those of `limits.json` where left out. */
  readonly mostBytes?: number
  readonly retries?: RetryRule
  /** Resolves when the next request may be sent; one limit shared by all processes of a connection. */
  readonly pace?: () => Promise<void>
  /** Told for how long ConnectWise asked this connection to pause (429), so that other processes pause, too. */
  readonly onHold?: (pauseMs: number) => void
  /** Told of each answer that says that it was asked too much (429). */
  readonly onThrottled?: () => void
  /** Told when ConnectWise has moved to another codebase, so that it can be stored. */
  readonly onCodebase?: (codebase: string) => void
}

export interface Transport {
  readonly api: ManageAPI
  /** Where the API's paths begin now. */
  baseUrl(): string
  /** After an unexpected 404: whether the codebase has changed; `baseUrl` then gives the new address. */
  moved(): Promise<boolean>
  /** Of the answer whose body this is: its `Link` header, and the page that was asked for. */
  pageOf(body: unknown): AnsweredPage
}

export interface AnsweredPage {
  readonly link?: string
  readonly pageSize?: number
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
  const { timeoutMs = limits.json.timeoutMs, mostBytes = limits.json.mostBytes, guard } = settings
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
  const pages = new WeakMap<object, AnsweredPage>()
  const moves = createMoves(settings)
  const holder = createHold()
  for (const instance of instancesOf(api)) {
    instance.defaults.adapter = (request) =>
      send(instance, guard, request, { mostBytes, timeoutMs: leftOf(request, timeoutMs) })
    instance.interceptors.request.use(async (request) => {
      await holder.free()
      await settings.pace?.()
      return prepared(request, moves.baseUrl())
    })
    instance.interceptors.response.use(
      (response) => {
        notePage(pages, response)
        return response
      },
      (error: unknown) => recover(error, { instance, settings, moves, holder }),
    )
  }
  return {
    api,
    baseUrl: () => moves.baseUrl(),
    moved: () => moves.check(),
    pageOf: (body) => (isObject(body) ? pages.get(body) : undefined) ?? {},
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** What is left of the time that the tries of a request share; a single one has its own at most. */
const leftOf = ({ spentMs = 0 }: LibraryRequest, timeoutMs: number): number =>
  Math.min(timeoutMs, timeOfAllTries(timeoutMs) - spentMs)

function prepared(request: LibraryRequest, baseUrl: string): LibraryRequest {
  request.baseURL = baseUrl
  const { pageId } = (request.params ?? {}) as { pageId?: unknown }
  if (pageId !== undefined) request.headers.set('pagination-type', 'forward-only')
  return request
}

function notePage(pages: WeakMap<object, AnsweredPage>, { data, headers, config }: LibraryResponse): void {
  if (!isObject(data)) return
  const link: unknown = headers['link']
  const { pageSize } = (config.params ?? {}) as { pageSize?: number }
  pages.set(data, {
    ...(typeof link === 'string' ? { link } : {}),
    ...(pageSize === undefined ? {} : { pageSize }),
  })
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
  const { config: request, response } = error as { config?: LibraryRequest; response?: LibraryResponse }
  if (error instanceof ProductError || request === undefined) throw error
  const reply = replyOf(error, response)
  if (reply.status === 404 && request.moved !== true) {
    // Another request may have found the new codebase while this one was under way to the old.
    const moved = request.baseURL !== moves.baseUrl() || (await moves.check())
    if (moved) return instance.request(Object.assign(request, { moved }))
  }
  const tried = request.tried ?? 1
  const method = (request.method ?? 'get').toUpperCase()
  const askedMs = retryAfterMs(headerOf(response, 'retry-after'))
  const again = againOf(request, reply, settings)
  const waitMs =
    again === null
      ? null
      : retryWaitMs(settings.retries ?? usualRetries, tried, reply.status === 429 ? askedMs : null)
  if (reply.status === 429) settings.onThrottled?.()
  if (waitMs === null) throw failureOf({ method, path: request.url ?? '', reply, askedMs })
  if (reply.status === 429) {
    holder.until(Date.now() + waitMs)
    settings.onHold?.(waitMs)
  }
  await wait(waitMs)
  return instance.request(Object.assign(request, again, { tried: tried + 1 }))
}

/** What of the request is sent otherwise when it is sent again: a smaller page where it may be too much; `null`: it is not. */
function againOf(
  request: LibraryRequest,
  reply: Reply,
  { timeoutMs = limits.json.timeoutMs }: ConnectionSettings,
): Pick<LibraryRequest, 'params'> | null {
  const method = (request.method ?? 'get').toUpperCase()
  if (leftOf(request, timeoutMs) <= 0) return null
  const smaller = isTooMuch(method, reply, request.tried ?? 1) ? smallerOf(request.params) : null
  if (smaller !== null) return { params: smaller }
  return mayRetry(method, reply) ? {} : null
}

function smallerOf(params: unknown): object | null {
  const page = (params ?? {}) as Partial<PageRequest>
  if (page.pageSize === undefined || !('pageId' in page || 'page' in page)) return null
  const smaller = smallerPage(page as PageRequest)
  return smaller === null ? null : { ...page, ...smaller }
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
