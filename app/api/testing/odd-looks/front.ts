/**
 * A server in front of the stand-ins, where answers can be damaged: the stand-ins stay clean. One address for PRISM and one for
 * ConnectWise, as a deployment has them; a request's credentials say which organisation's stand-in it goes to.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export type System = 'PRISM' | 'ConnectWise'

export interface Asked {
  readonly system: System
  readonly method: string
  /** Decoded, without the query. */
  readonly path: string
  readonly query: URLSearchParams
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** Sent in parts over this time. */
  readonly slowlyMs?: number
  /** The connection ends after so many bytes of the body, which the headers promise whole. */
  readonly cutAfter?: number
}

/** Answers in a stand-in's place, or changes what it answers; `forward` lets the request take effect. */
export type Intercept = (asked: Asked, forward: () => Promise<Answer>) => Promise<Answer>

/** What stands behind the front for one organisation. */
export interface Behind {
  readonly prism: string
  readonly connectWise: string
  readonly intercept: Intercept
}

export interface Front {
  readonly prismUrl: string
  readonly connectWiseUrl: string
  /** By the PRISM client id and the ConnectWise company id, which are the same text. */
  readonly behind: Map<string, Behind>
  /** What went wrong in the front itself. */
  readonly broken: readonly unknown[]
  close(): Promise<void>
}

export async function startFront(): Promise<Front> {
  const behind = new Map<string, Behind>()
  const keysOfTokens = new Map<string, string>()
  const broken: unknown[] = []
  const servers = [
    createServer((message, response) => serve('PRISM', message, response)),
    createServer((message, response) => serve('ConnectWise', message, response)),
  ] as const

  function serve(system: System, message: IncomingMessage, response: ServerResponse): void {
    handle(system, message, response).catch((error: unknown) => {
      broken.push(error)
      response.destroy()
    })
  }

  async function handle(system: System, message: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = []
    for await (const chunk of message) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    const url = new URL(message.url ?? '/', 'http://front')
    const asked = {
      system,
      method: message.method ?? 'GET',
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
    }
    const key = keyOf(asked, message.headers.authorization ?? '', body)
    const found = behind.get(key)
    if (found === undefined) throw new Error(`Nobody stands behind ${key}`)
    const address = system === 'PRISM' ? found.prism : found.connectWise
    const forward = () => forwarded(address, message, body)
    const answer = await found.intercept(asked, forward)
    noteToken(asked, key, answer)
    await send(response, answer)
  }

  function keyOf({ system, path }: Asked, authorization: string, body: string): string {
    const [, credentials = ''] = authorization.split(' ')
    if (system === 'ConnectWise') {
      const [, company = ''] = /^\/login\/companyinfo\/(.+)$/i.exec(path) ?? []
      return company || (Buffer.from(credentials, 'base64').toString('utf8').split('+')[0] ?? '')
    }
    return keysOfTokens.get(credentials) ?? new URLSearchParams(body).get('client_id') ?? ''
  }

  function noteToken({ path }: Asked, key: string, { body }: Answer): void {
    if (!path.endsWith('/connect/token')) return
    const [, token] = /"access_token":"([^"]+)"/.exec(body.toString('utf8')) ?? []
    if (token !== undefined) keysOfTokens.set(token, key)
  }

  const [prismUrl = '', connectWiseUrl = ''] = await Promise.all(
    servers.map(async (server) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    }),
  )
  return {
    prismUrl,
    connectWiseUrl,
    behind,
    broken,
    async close() {
      for (const server of servers) server.closeAllConnections()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

const ownHeaders = new Set(['host', 'connection', 'content-length', 'accept-encoding'])

async function forwarded(address: string, message: IncomingMessage, body: string): Promise<Answer> {
  const headers = Object.entries(message.headers).flatMap(([name, value]): [string, string][] =>
    ownHeaders.has(name) || typeof value !== 'string' ? [] : [[name, value]],
  )
  const method = message.method ?? 'GET'
  const response = await fetch(`${address}${message.url}`, {
    method,
    headers,
    redirect: 'manual',
    ...(method === 'GET' ? {} : { body }),
  })
  const kept = [...response.headers].filter(
    ([name]) => !/^(connection|keep-alive|content-length|transfer-encoding|date)$/.test(name),
  )
  return {
    status: response.status,
    headers: Object.fromEntries(kept),
    body: Buffer.from(await response.arrayBuffer()),
  }
}

const parts = 4

async function send(response: ServerResponse, { status, headers, body, slowlyMs, cutAfter }: Answer) {
  if (cutAfter === 0) return void response.destroy()
  response.writeHead(status, {
    ...headers,
    ...(status === 204 ? {} : { 'content-length': String(body.length) }),
  })
  if (cutAfter !== undefined) {
    response.write(body.subarray(0, cutAfter), () => response.destroy())
    return
  }
  if (slowlyMs !== undefined) {
    const size = Math.max(1, Math.ceil(body.length / parts))
    for (let at = 0; at < body.length && !response.destroyed; at += size) {
      await wait(slowlyMs / parts)
      response.write(body.subarray(at, at + size))
    }
    response.end()
    return
  }
  response.end(status === 204 ? undefined : body)
}
