/**
 * Loaded before the built app (--import): stands before Next's own listener. Next answers some requests that nobody may send with
 * an internal error, or never: methods that the platform's `Request` cannot hold (TRACE), targets that are no path, a state of
 * its router that is none, and the wish to change the protocol. What answers tell the browser is filled in where nobody said it.
 */
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { z } from 'zod'
import { dataPolicy, fixedHeaders, transportSecurity } from '#lib/base/answer-headers.ts'
import { type ErrorCode, problemOf } from '#lib/base/errors.ts'
import { longestBody, tooLarge } from '#lib/base/longest-body.ts'
import { newRequestId, REQUEST_ID_HEADER } from '#lib/base/request-id.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
/** A whole request, its body too, is here within this time, or Node ends it with 408. */
const REQUEST_WITHIN_MS = 30_000
const LOOKED_AT_EVERY_MS = 5_000

type Listener = (request: IncomingMessage, response: ServerResponse) => void

function guarded(listener: Listener): Listener {
  return (request, response) => {
    const { method = '', url = '', headers } = request
    fillIn(response)
    if (!METHODS.includes(method))
      return refuse(response, 'method-not-allowed', `${method} is not offered here.`, {
        allow: METHODS.join(', '),
      })
    if (!/^\/(?!\/)/.test(url))
      return refuse(response, 'request-invalid', 'The address is no path of this site.')
    // Next would first wait for all of it.
    const [path = ''] = url.split('?')
    if (Number(headers['content-length'] ?? 0) > longestBody(path))
      return refuse(response, 'body-too-large', tooLarge(path))
    leaveOutBrokenRouterState(request)
    listener(request, response)
  }
}

/** Next's own redirects, errors and files, and our refusals: whatever goes out. */
const said = {
  ...fixedHeaders,
  ...transportSecurity(process.env['APP_URL']),
  'content-security-policy': dataPolicy,
}

function fillIn(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => ServerResponse
  response.writeHead = (...head: unknown[]) => {
    for (const [name, value] of Object.entries(said))
      if (!response.hasHeader(name)) response.setHeader(name, value)
    return writeHead(...head)
  }
}

function refuse(
  response: ServerResponse,
  code: ErrorCode,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const requestId = newRequestId()
  const body = { ...problemOf(code, detail), requestId }
  response.writeHead(body.status, {
    ...headers,
    [REQUEST_ID_HEADER]: requestId,
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    connection: 'close',
  })
  response.end(JSON.stringify(body))
}

const ROUTER_STATE = 'next-router-state-tree'

/** Without it Next answers with the whole page, which is right for whoever says nothing that can be understood. */
function leaveOutBrokenRouterState({ headers }: IncomingMessage): void {
  const state = headers[ROUTER_STATE]
  if (state === undefined || isRouterState(String(state))) return
  delete headers[ROUTER_STATE]
}

function isRouterState(text: string): boolean {
  try {
    return routerState.safeParse(JSON.parse(decodeURIComponent(text))).success
  } catch {
    return false
  }
}

const segment = z.union([
  z.string(),
  // Name, value, kind as `d` or `ci(.)`, neighbours.
  z.tuple([
    z.string(),
    z.string(),
    z.string().regex(/^(c|oc|d|[cd]i\(\.+\)(\(\.\.\))?)$/),
    z.array(z.string()).nullable(),
  ]),
])

/** As Next's own client sends it (next/dist/server/app-render/types.js). */
const routerState: z.ZodType = z.tuple([
  segment,
  z.record(
    z.string(),
    z.lazy(() => routerState),
  ),
  z.tuple([z.string(), z.string()]).nullish(),
  z.enum(['refetch', 'inside-shared-layout', 'metadata-only']).nullish(),
  z.number().nullish(),
  z.string().optional(),
])

const createServer = http.createServer.bind(http)

function createGuardedServer(first: http.ServerOptions | Listener = {}, second?: Listener): http.Server {
  const listener = typeof first === 'function' ? first : second
  const options = typeof first === 'function' ? {} : first
  const server = createServer({
    ...options,
    requestTimeout: REQUEST_WITHIN_MS,
    connectionsCheckingInterval: LOOKED_AT_EVERY_MS,
    // Nothing here speaks another protocol; asked for one, the request is answered as if it had not asked.
    shouldUpgradeCallback: () => false,
  })
  if (listener !== undefined) server.on('request', guarded(listener))
  return server
}

http.createServer = createGuardedServer
syncBuiltinESMExports()
