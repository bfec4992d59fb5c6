/** PRISM over HTTP, read-only. An empty answer is an empty list; a failed answer is always an error. */
import { setTimeout as wait } from 'node:timers/promises'
import type { z } from 'zod'
import { ProductError } from '#lib/base/errors.ts'
import type { Guard } from '#lib/base/guarded-fetch.ts'
import { type Limits, limits, OverLimit, timeOfAllTries } from '#lib/base/limits.ts'
import { type RetryRule, retryAfterMs, retryWaitMs, sharedTime, usualRetries } from '#lib/base/retry.ts'
import type { Secret } from '#lib/base/secrets.ts'
import type { Day } from '#lib/billing/types.ts'
import { accountSchema, envelopeSchema, priceListSchema } from './api-types.ts'
import { askedFor } from './asked.ts'
import { PrismError } from './errors.ts'
import { readInvoiceCsv } from './invoice-csv.ts'
import { toContractAgreements, toInvoiceHeaders, toProducts, toTenants } from './mapper.ts'
import { createTokenSource, type TokenSource } from './token.ts'
import type { PrismClient } from './values.ts'

export interface PrismSettings {
  /** E.g. `https://api.prismportal.online`, without a slash at the end. */
  readonly apiUrl: string
  readonly identityUrl: string
  readonly clientId: string
  readonly clientSecret: Secret
  readonly guard: Guard
  /** OAuth scope; `rhipeapi` where left out. */
  readonly scope?: string
  /** Per request, from its sending to its last byte; 20,000 where left out. An invoice's file has its own time. */
  readonly timeoutMs?: number
  readonly retries?: RetryRule
  /** Told of each answer that says that it was asked too much (429). */
  readonly onThrottled?: () => void
}

/** A list is read to this many pages at most; a list that goes on beyond it is refused, not cut. */
const mostPages = 1_000

export function createPrismClient(settings: PrismSettings): PrismClient {
  const connection = createConnection(settings)
  const { json, list } = readers(connection)
  return {
    async me() {
      const account = await json('/api/v1/me', accountSchema)
      return { name: account.CustomerName || account.Name, partnerId: account.CustomerId || null }
    },
    async contractAgreements() {
      return toContractAgreements(await list('/api/v1/me/customers?includeDeactivatedCustomers=true'))
    },
    async tenants(contractAgreementId) {
      return toTenants(
        await list(`/api/v2/contractagreements/${encodeURIComponent(contractAgreementId)}/tenants`),
      )
    },
    async priceList(contractAgreementId, day) {
      const { ProductGroups } = await json(priceListPath(contractAgreementId, day), priceListSchema)
      return toProducts(ProductGroups)
    },
    async invoices() {
      return toInvoiceHeaders(await list('/api/v2/invoices'))
    },
    async invoiceCsv(invoiceId) {
      const path = `/api/v1/me/invoice/${encodeURIComponent(invoiceId)}/csv`
      const body = await connection.get(path, 'text/csv', async (response) => response.body, limits.file)
      if (body === null)
        throw new PrismError('unreadable', `PRISM gave no file when asked for ${askedFor(path)}.`, 200)
      return chunksOf(path, body)
    },
    readInvoice: readInvoiceCsv,
  }
}

/** Month and day are not zero-padded (docs/facts/prism.md, "Endpoints"). */
function priceListPath(contractAgreementId: string, day: Day): string {
  const [year, month, date] = day.split('-').map(Number)
  const id = encodeURIComponent(contractAgreementId)
  return `/api/v2/me/pricing/${id}/pricelist/${year}/${month}/${date}/?excludeTieredProducts=true`
}

// ───────────────────────────── one request ─────────────────────────────

interface Connection {
  /** GET with retries; `read` takes the body of a 200, and a network error in it is retried, too. */
  get<T>(path: string, accept: string, read: (response: Response) => Promise<T>, within?: Limits): Promise<T>
}

function createConnection(settings: PrismSettings): Connection {
  const { guard, retries = usualRetries, timeoutMs = limits.json.timeoutMs, scope = 'rhipeapi' } = settings
  const tokens = createTokenSource({ ...settings, scope, timeoutMs, now: () => Date.now() })
  const usual: Limits = { ...limits.json, timeoutMs }
  return {
    async get(path, accept, read, within = usual) {
      const time = sharedTime(timeOfAllTries(within.silenceMs ?? within.timeoutMs))
      for (let tried = 1; ; tried += 1) {
        const ask = () =>
          fetchWithToken({ settings, guard, tokens, within: shortened(within, time.leftMs) }, path, accept)
        const attempt = await time.spend(() => tryOnce(path, async () => checked(path, await ask(), read)))
        if ('value' in attempt) return attempt.value
        const { error, askedMs } = attempt
        if (error.status === 429) settings.onThrottled?.()
        const mayTry = error.outcome === 'unreachable' && time.leftMs > 0
        const waitMs = mayTry ? retryWaitMs(retries, tried, askedMs) : null
        if (waitMs === null) throw error
        await wait(waitMs)
      }
    },
  }
}

interface Once {
  readonly settings: PrismSettings
  readonly guard: Guard
  readonly tokens: TokenSource
  readonly within: Limits
}

/** What of its time a try still has; a file keeps that of its body. */
const shortened = (within: Limits, leftMs: number): Limits =>
  within.silenceMs === undefined
    ? { ...within, timeoutMs: Math.min(within.timeoutMs, leftMs) }
    : { ...within, silenceMs: Math.min(within.silenceMs, leftMs) }

/** A 401 gets one new token: the old one may have been withdrawn before its end. */
async function fetchWithToken({ settings, guard, tokens, within }: Once, path: string, accept: string) {
  const ask = (authorization: Secret) =>
    guard.fetch(`${settings.apiUrl}${path}`, {
      headers: { authorization: authorization.reveal(), accept },
      limits: within,
    })
  const authorization = await tokens.authorization()
  const response = await ask(authorization)
  if (response.status !== 401) return response
  await response.body?.cancel()
  tokens.drop(authorization)
  return ask(await tokens.authorization())
}

/** What a 429 asked for travels beside its error. */
class Busy extends PrismError {
  readonly askedMs: number | null

  constructor(path: string, askedMs: number | null) {
    super(
      'unreachable',
      `PRISM was asked for too much in a short time, and did not give ${askedFor(path)}.`,
      429,
    )
    this.askedMs = askedMs
  }
}

async function checked<T>(
  path: string,
  response: Response,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const { status } = response
  if (status === 200) return read(response)
  await response.body?.cancel()
  if (status === 429) throw new Busy(path, retryAfterMs(response.headers.get('retry-after')))
  // 404 and 500 are failures, never "nothing there": a failed read must not look like "all was cancelled"
  // (docs/facts/prism.md, "Endpoints").
  const outcome = status >= 500 || status === 408 ? 'unreachable' : status >= 400 ? 'refused' : 'unreadable'
  if (status === 401)
    throw new PrismError(
      'refused',
      'PRISM gave a token and then did not accept it: it ran out or was withdrawn.',
      401,
    )
  throw new PrismError(outcome, answerInWords(path, status), status)
}

/**
 * PRISM's bodies of errors are not known (docs/facts/prism.md, "Endpoints"), so that its status is all there
 * is to say; 403 and 404 say most.
 */
function answerInWords(path: string, status: number): string {
  const what = askedFor(path)
  if (status === 403) return `PRISM does not let these credentials read ${what}.`
  if (status === 404) return `PRISM says that ${what} is not there.`
  if (status >= 500 || status === 408)
    return `PRISM has trouble of its own, and did not give ${what} (status ${status}).`
  return `PRISM did not give ${what} (status ${status}).`
}

type Attempt<T> = { readonly value: T } | { readonly error: PrismError; readonly askedMs: number | null }

async function tryOnce<T>(path: string, run: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await run() }
  } catch (error) {
    if (error instanceof Busy) return { error, askedMs: error.askedMs }
    if (error instanceof PrismError) return { error, askedMs: null }
    if (error instanceof ProductError) throw error
    return { error: networkError(path, error), askedMs: null }
  }
}

function networkError(path: string, error: unknown): PrismError {
  if (error instanceof OverLimit) {
    const outcome = error.limit === 'size' ? 'unreadable' : 'unreachable'
    return new PrismError(outcome, `PRISM's answer for ${askedFor(path)} ${error.says}.`, null, {
      cause: error,
    })
  }
  const why = error instanceof Error ? error.message : 'no answer'
  return new PrismError('unreachable', `PRISM did not give ${askedFor(path)}: ${why}`, null, { cause: error })
}

/** The body's parts; a connection that breaks inside it is an error, never the file's end. */
async function* chunksOf(path: string, body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw networkError(path, error)
  }
}

// ───────────────────────────── reading answers ─────────────────────────────

function readers(connection: Connection) {
  const text = (path: string) => connection.get(path, 'application/json', (response) => response.text())

  async function json<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    return parse(path, schema, parseJson(path, await text(path)))
  }

  /**
   * All rows of a list, bare or in an envelope. Pages are read only where the envelope counts more [inferred:
   * docs/facts/prism.md, "Endpoints"].
   */
  async function list(path: string): Promise<readonly unknown[]> {
    const rows: unknown[] = []
    let previous = ''
    for (let page = 1; page <= mostPages; page += 1) {
      const { Records, total } = await json(page === 1 ? path : pagePath(path, page), envelopeSchema)
      const seen = JSON.stringify(Records[0] ?? null)
      if (Records.length === 0 || seen === previous) return rows
      for (const row of Records) rows.push(row)
      previous = seen
      if (total === null || total <= rows.length) return rows
    }
    throw new PrismError('unreadable', `PRISM's answer for ${askedFor(path)} does not end.`, 200)
  }

  return { json, list }
}

const pagePath = (path: string, page: number): string =>
  `${path}${path.includes('?') ? '&' : '?'}page=${page}`

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new PrismError('unreadable', `PRISM answered something else than ${askedFor(path)}.`, 200)
  }
}

function parse<S extends z.ZodType>(path: string, schema: S, value: unknown): z.output<S> {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  throw new PrismError(
    'unreadable',
    `PRISM's answer for ${askedFor(path)} is not understood${placeOf(read.error)}.`,
    200,
  )
}

/** The first part that is odd, by PRISM's own name of it. */
function placeOf(error: z.ZodError): string {
  const field = error.issues[0]?.path.findLast((key) => typeof key === 'string')
  return field === undefined ? '' : `: ${field} is missing or odd`
}
