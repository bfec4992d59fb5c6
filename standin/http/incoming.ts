import type { IncomingMessage } from 'node:http'
import { json, ReplyError } from './reply.ts'

/** One request, read in full before its handler runs. */
export interface Incoming {
  /** Upper case. */
  readonly method: string
  /** Decoded path without the query, as the client wrote it. */
  readonly path: string
  /** `+` reads as a space, as axios writes it. */
  readonly query: URLSearchParams
  /** Scheme, host and path as the client addressed them; for `Link` headers. */
  readonly url: URL
  /** One header's value or `''`; `name` in lower case. */
  header(name: string): string
  readonly body: string
  /** The body as JSON; a body that is none answers 400. */
  json(): unknown
  /** The body as a form (`application/x-www-form-urlencoded`). */
  form(): URLSearchParams
}

const bodyLimit = 8 * 1024 * 1024

/** Reads a request from the socket. Throws a 413 reply above 8 MB. */
export async function readIncoming(message: IncomingMessage): Promise<Incoming> {
  const body = await readBody(message)
  const scheme = 'encrypted' in message.socket ? 'https' : 'http'
  const url = new URL(message.url ?? '/', `${scheme}://${message.headers.host ?? 'localhost'}`)
  return {
    method: (message.method ?? 'GET').toUpperCase(),
    path: decodePath(url.pathname),
    query: url.searchParams,
    url,
    header: (name) => {
      const value = message.headers[name]
      return Array.isArray(value) ? value.join(', ') : (value ?? '')
    },
    body,
    json: () => parseJson(body),
    form: () => new URLSearchParams(body),
  }
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    const bytes = chunk as Buffer
    size += bytes.length
    if (size > bodyLimit) throw new ReplyError(json({ message: 'The body is too large.' }, 413))
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new ReplyError(json({ message: 'The body is not JSON.' }, 400))
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
