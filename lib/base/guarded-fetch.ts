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
import { Readable } from 'node:stream'
import { ProductError } from './errors.ts'
import { isPublicAddress, isPublicName } from './public-address.ts'

export interface Guard {
  /** Throws `address-refused` where the address may not be asked. Names are checked when they are resolved. */
  check(address: string | URL): URL
  /** Agents that refuse by themselves; for libraries that make their own requests. */
  readonly httpAgent: HttpAgent
  readonly httpsAgent: HttpsAgent
  fetch(address: string | URL, request?: GuardedRequest): Promise<Response>
}

export interface GuardedRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Until the headers are there, and between two parts of the body; 20,000 where left out. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export interface GuardSettings {
  /** `host:port` in lower case. */
  readonly trustedHosts: ReadonlySet<string>
  /** Name resolution; the system's where left out. */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>
}

const defaultTimeoutMs = 20_000
/**
 * Connections are used again, but not after 5 idle seconds (Node's own standard): a server that closes one just as a write
 * goes out leaves that write's outcome unknown.
 */
const pooling = { keepAlive: true, scheduling: 'lifo', timeout: 5_000 } as const

export function createGuard(settings: GuardSettings): Guard {
  const rules = createRules(settings)
  const httpAgent = new HttpAgent(pooling)
  const httpsAgent = new HttpsAgent(pooling)
  guardConnections(httpAgent, 'http:', rules)
  guardConnections(httpsAgent, 'https:', rules)
  const guard: Guard = {
    httpAgent,
    httpsAgent,
    check: (address) => rules.check(address),
    fetch: async (address, request = {}) => send(guard, guard.check(address), request),
  }
  return guard
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
function send(guard: Guard, url: URL, request: GuardedRequest): Promise<Response> {
  const { method = 'GET', headers = {}, body, timeoutMs = defaultTimeoutMs, signal } = request
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers: { ...headers, ...lengthOf(body) },
      ...(signal === undefined ? {} : { signal }),
    }
    const outgoing: ClientRequest =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, agent: guard.httpsAgent })
        : httpRequest(url, { ...options, agent: guard.httpAgent })
    const late = () => outgoing.destroy(timedOut(url, timeoutMs))
    // The socket's timeout counts from its last byte; before there is one (name, connect) only this timer does.
    const untilHeaders = setTimeout(late, timeoutMs)
    outgoing.setTimeout(timeoutMs, late)
    outgoing.once('error', (error) => {
      clearTimeout(untilHeaders)
      reject(error)
    })
    outgoing.once('response', (incoming) => {
      clearTimeout(untilHeaders)
      resolve(toResponse(incoming))
    })
    outgoing.end(body)
  })
}

const lengthOf = (body: string | undefined): Record<string, string> =>
  body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }

function timedOut(url: URL, timeoutMs: number): Error {
  return Object.assign(new Error(`${url.host} did not answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' })
}

function toResponse(incoming: IncomingMessage): Response {
  const status = incoming.statusCode ?? 0
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming.headersDistinct))
    for (const value of values ?? []) headers.append(name, value)
  if (status === 204 || status === 205 || status === 304) {
    incoming.resume()
    return new Response(null, { status, headers })
  }
  return new Response(Readable.toWeb(incoming) as ReadableStream<Uint8Array>, { status, headers })
}
