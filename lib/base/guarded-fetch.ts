/**
 * Outgoing requests to addresses that people enter: only https, only to public addresses, so that nobody can make
 * this server ask its own network. Entries of TRUSTED_HOSTS (`host:port`) may be plain http and on a private address.
 * A name is resolved once, by the socket that then connects to what was checked. Redirects are never followed.
 */
import { type LookupAddress, lookup as resolveName } from 'node:dns'
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { ProductError } from './errors.ts'
import { limitedBody } from './limited-answer.ts'
import { type Limits, limits, type OverLimit, tooSilent, tooSlow } from './limits.ts'
import { isPublicAddress, isPublicName } from './public-address.ts'

export interface Guard {
  /** Throws `address-refused` where the address may not be asked. Names are checked when they are resolved. */
  check(address: string | URL): URL
  fetch(address: string | URL, request?: GuardedRequest): Promise<Response>
}

export interface GuardedRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Those of `limits.json` where left out. Beyond them the answer fails with `OverLimit` and its connection is closed. */
  readonly limits?: Partial<Limits>
  readonly signal?: AbortSignal
}

export interface GuardSettings {
  /** `host:port` in lower case. */
  readonly trustedHosts: ReadonlySet<string>
  /** Name resolution; the system's where left out. */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>
}

interface Agents {
  readonly http: HttpAgent
  readonly https: HttpsAgent
}

/**
 * Connections are used again, but not after 5 idle seconds (Node's own standard): a server that closes one just as a write
 * goes out leaves that write's outcome unknown.
 */
const pooling = { keepAlive: true, scheduling: 'lifo', timeout: 5_000 } as const

export function createGuard(settings: GuardSettings): Guard {
  const rules = createRules(settings)
  const agents: Agents = { http: new HttpAgent(pooling), https: new HttpsAgent(pooling) }
  guardConnections(agents.http, 'http:', rules)
  guardConnections(agents.https, 'https:', rules)
  return {
    check: (address) => rules.check(address),
    fetch: async (address, request = {}) => send(agents, rules.check(address), request),
  }
}

// ───────────────────────────── what may be reached ─────────────────────────────

interface Rules {
  check(address: string | URL): URL
  refuseHost(protocol: string, host: string, port: string): void
  readonly lookupFor: (host: string, port: string) => LookupFunction
}

function createRules({ trustedHosts, resolve = resolveAll }: GuardSettings): Rules {
  const isTrusted = (host: string, port: string) =>
    trustedHosts.has(`${bracketed(host.toLowerCase())}:${port}`)
  const rules: Rules = {
    check(address) {
      if (!URL.canParse(address)) throw refused(String(address).slice(0, 200), 'it is not an address')
      const url = new URL(address)
      if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused(url.host, 'only https is used')
      if (url.username !== '' || url.password !== '')
        throw refused(url.host, 'credentials do not belong into an address')
      rules.refuseHost(url.protocol, url.hostname, portOf(url))
      return url
    },
    refuseHost(protocol, host, port) {
      if (isTrusted(host, port)) return
      if (protocol !== 'https:') throw refused(`${host}:${port}`, 'it is not https')
      const bare = host.replace(/^\[|\]$/g, '')
      if (isIP(bare) === 0 ? !isPublicName(bare) : !isPublicAddress(bare))
        throw refused(`${host}:${port}`, 'it is not a public address')
    },
    lookupFor: (host, port) => (name, options, callback) => {
      resolve(name)
        .then((found) => {
          if (found.length === 0)
            throw Object.assign(new Error(`${name} has no address`), { code: 'ENOTFOUND' })
          if (!isTrusted(host, port) && !found.every(({ address }) => isPublicAddress(address)))
            throw refused(name, 'its name leads to an address that is not public')
          const [first] = found
          if (options.all === true) callback(null, [...found])
          else callback(null, first?.address ?? '', first?.family)
        })
        .catch((error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), '', 0))
    },
  }
  return rules
}

const refused = (host: string, why: string): ProductError =>
  new ProductError('address-refused', `${host} is not reached: ${why}.`)
const portOf = (url: URL): string => url.port || (url.protocol === 'https:' ? '443' : '80')
const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host)

function resolveAll(host: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    resolveName(host, { all: true }, (error, found) => (error === null ? resolve(found) : reject(error)))
  })
}

type CreateConnection = (options: object, callback?: unknown) => unknown

/** Every connection of the agent is checked where it is made: a literal address before, a name while it is resolved. */
function guardConnections(agent: HttpAgent | HttpsAgent, protocol: string, rules: Rules): void {
  // Node documents `createConnection` as the agent's overridable method; its types differ between http and https.
  const open = agent as unknown as { createConnection: CreateConnection }
  const create = open.createConnection.bind(agent)
  open.createConnection = (options, callback) => {
    const { host, port } = options as { host?: string; port?: number | string }
    const [toHost, toPort] = [host ?? 'localhost', String(port ?? '')]
    rules.refuseHost(protocol, toHost, toPort)
    return create({ ...options, lookup: rules.lookupFor(toHost, toPort) }, callback)
  }
}

// ───────────────────────────── one request ─────────────────────────────

/** Resolves when the headers are there; the body is a stream. Network errors reject as Node gives them. */
function send(agents: Agents, url: URL, request: GuardedRequest): Promise<Response> {
  const { method = 'GET', headers = {}, body, signal } = request
  const within: Limits = { ...limits.json, ...request.limits }
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers: { ...headers, ...lengthOf(body) },
      ...(signal === undefined ? {} : { signal }),
    }
    const outgoing: ClientRequest =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, agent: agents.https })
        : httpRequest(url, { ...options, agent: agents.http })
    const { timeoutMs, silenceMs } = within
    // Until the headers are there the request is what can be ended, then the body.
    let underWay: { destroy(error: Error): unknown } = outgoing
    const end = (error: OverLimit) => void underWay.destroy(error)
    const late = setTimeout(() => end(tooSlow(url.host, timeoutMs)), timeoutMs)
    const silent =
      silenceMs === undefined ? undefined : setTimeout(() => end(tooSilent(url.host, silenceMs)), silenceMs)
    outgoing.on('error', (error) => {
      clearTimeout(late)
      clearTimeout(silent)
      reject(error)
    })
    outgoing.once('response', (incoming) => {
      clearTimeout(silent)
      const read = limitedBody(incoming, url.host, within)
      underWay = read
      read.once('close', () => clearTimeout(late))
      try {
        resolve(toResponse(incoming, read))
      } catch (error) {
        // A status that no answer can have.
        read.destroy()
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    })
    outgoing.end(body)
  })
}

const lengthOf = (body: string | undefined): Record<string, string> =>
  body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }

function toResponse(incoming: IncomingMessage, body: Readable): Response {
  const status = incoming.statusCode ?? 0
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming.headersDistinct))
    for (const value of values ?? []) headers.append(name, value)
  if (status === 204 || status === 205 || status === 304) {
    body.resume()
    return new Response(null, { status, headers })
  }
  // Not `Readable.toWeb`, which may throw out of an event when it is cancelled while parts are on their way.
  const parts = ReadableStream.from(body) as globalThis.ReadableStream<Uint8Array>
  return new Response(parts, { status, headers })
}
