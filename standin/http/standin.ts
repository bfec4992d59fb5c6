/**
 * The frame of a stand-in: a real HTTP server with control calls, fault rules and a request log.
 *
 * `api` is what the stand-in plays: its requests are logged and can be struck by faults. `pages` (optional) is what
 * surrounds it, such as the host screen: neither logged nor struck. `/control/*` comes with it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type Clock, createClock } from './clock.ts'
import { addControlRoutes } from './control.ts'
import { createFaults, type FaultKind, type FaultRule, type Faults } from './faults.ts'
import { type Incoming, readIncoming } from './incoming.ts'
import { answer, type Play, playFaults, type Refusals } from './play.ts'
import { json, type Reply, ReplyError } from './reply.ts'
import { createRequestLog, type RequestLog } from './request-log.ts'
import { createRouter, type Match, type Router } from './router.ts'

export interface StandinOptions {
  readonly api: Router
  readonly pages?: Router
  /** Further `/control/*` routes. */
  readonly control?: (control: Router) => void
  readonly clock?: Clock
  /** Puts the records back to the seed (`POST /control/reset`). */
  readonly reset: () => void
  /** The system's own bodies for `429`, `500`, `403` and `expired-token`. */
  readonly refusals: Refusals
  /** What the fault `stale` does; left out: this system's reads are never behind. */
  readonly unseen?: Play['unseen']
  /** Runs before each API request; throws a ReplyError to refuse it. */
  readonly guard?: (incoming: Incoming) => void
  readonly notFound?: (incoming: Incoming) => Reply
  readonly methodNotAllowed?: (incoming: Incoming) => Reply
  /** Sent with every answer of the API, refusals of fault rules included. */
  readonly headers?: Readonly<Record<string, string>>
  /** Speaks https with this key and certificate; left out: http. */
  readonly tls?: Tls
}

/** PEM texts. */
export interface Tls {
  readonly key: string
  readonly cert: string
}

export interface Standin {
  readonly server: Server | TlsServer
  readonly clock: Clock
  readonly faults: Faults
  readonly requests: RequestLog
  /** Listens on 127.0.0.1; port 0 takes a free one. Resolves to the address, e.g. `http://127.0.0.1:4500`. */
  listen(port: number): Promise<string>
  /** Closes open connections too. */
  close(): Promise<void>
}

export function createStandin(options: StandinOptions): Standin {
  const clock = options.clock ?? createClock()
  const faults = createFaults()
  const requests = createRequestLog()
  const control = createRouter()
  addControlRoutes(control, { faults, requests, clock, reset: options.reset })
  options.control?.(control)
  const plain = [control, ...(options.pages ? [options.pages] : [])]

  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    void serve(message, response).catch((error: unknown) => {
      console.error(error)
      response.destroy()
    })
  }
  const server = options.tls ? createTlsServer({ ...options.tls }, listener) : createServer(listener)

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const incoming = await readIncoming(message)
    for (const router of plain) {
      const match = router.match(incoming.method, incoming.path)
      if (match !== null && 'handle' in match)
        return answer(response, await reply(() => match.handle(incoming)))
    }
    await serveApi(incoming, response)
  }

  async function serveApi(incoming: Incoming, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(options.headers ?? {})) response.setHeader(name, value)
    const match = options.api.match(incoming.method, incoming.path)
    const end = requests.begin()
    const rules = faults.strike(incoming.method, incoming.path)
    const run = () =>
      reply(() => {
        options.guard?.(incoming)
        return runMatch(match, incoming)
      })
    const { refusals, unseen } = options
    const struck = (rule: FaultRule) => faults.struck(rule)
    const status = await playFaults(rules, { response, run, refusals, struck, ...(unseen && { unseen }) })
    const route = match !== null && 'route' in match ? match.route : '(none)'
    const path = incoming.path + incoming.url.search
    end({ method: incoming.method, path, route, status, faults: rules.map((rule): FaultKind => rule.kind) })
  }

  function runMatch(match: ReturnType<Router['match']>, incoming: Incoming): Reply | Promise<Reply> {
    if (match === null) return options.notFound?.(incoming) ?? json({ message: 'Not found' }, 404)
    if ('handle' in match) return (match satisfies Match).handle(incoming)
    const refused = options.methodNotAllowed?.(incoming) ?? json({ message: 'Method not allowed' }, 405)
    return { ...refused, headers: { ...refused.headers, allow: match.allowed.join(', ') } }
  }

  return {
    server,
    clock,
    faults,
    requests,
    listen: async (port) => `${options.tls ? 'https' : 'http'}://127.0.0.1:${await listen(server, port)}`,
    close: () => close(server),
  }
}

/** Runs a handler; a thrown ReplyError is its answer, any other error is a bug and answers 500 with its text. */
async function reply(run: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof ReplyError) return error.reply
    console.error(error)
    return json({ code: 'StandinBug', message: String(error) }, 500)
  }
}

async function listen(server: Server | TlsServer, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  return (server.address() as AddressInfo).port
}

async function close(server: Server | TlsServer): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
