/** A real HTTP server on 127.0.0.1 for tests of the clients: it answers with what the test says, and remembers what came. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGuard, type Guard } from '../guarded-fetch.ts'

export interface Received {
  readonly method: string
  /** Path with query, as it was sent. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** `'cut'` closes the connection without an answer; a function answers by itself. */
export type Answer =
  | 'cut'
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | ((response: ServerResponse) => void)

export interface TestServer {
  readonly url: string
  /** `host:port` */
  readonly host: string
  readonly received: Received[]
  /** A guard that trusts this server. */
  readonly guard: Guard
  close(): Promise<void>
}

/** Answers each request with what `reply` gives; an object as body is sent as JSON. */
export async function startTestServer(
  reply: (received: Received, count: number) => Answer,
): Promise<TestServer> {
  const received: Received[] = []
  const server = createServer((message, response) => {
    const chunks: Buffer[] = []
    message.on('data', (chunk: Buffer) => chunks.push(chunk))
    message.on('end', () => {
      const { method = '', url = '', headers } = message
      const request = { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') }
      received.push(request)
      send(response, reply(request, received.length))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}`,
    host,
    received,
    guard: createGuard({ trustedHosts: new Set([host]) }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'cut') return void response.socket?.destroy()
  if (typeof answer === 'function') return answer(response)
  const { status = 200, headers = {}, body = '' } = answer
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}

/** Everything that a source gives. */
export async function allOf<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of source) found.push(item)
  return found
}
