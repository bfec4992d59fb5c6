/**
 * What a stand-in answers, as a value. Handlers return replies instead of writing to a socket, so that a fault can
 * run the handler (its effect takes place) and still withhold, cut or spoil the answer.
 */

export type Body = string | Uint8Array | AsyncIterable<string | Uint8Array>

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Body
}

/** Thrown anywhere in a handler to answer at once with `reply`. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError'
  readonly reply: Reply

  constructor(reply: Reply) {
    super(`answered with ${reply.status}`)
    this.reply = reply
  }
}

/** A JSON answer; `headers` are added to the content type. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  }
}

/** A JSON list that is made while it is sent, so that its length costs no memory. */
export function jsonList(values: Iterable<unknown>): Reply {
  return text(listPieces(values), 'application/json; charset=utf-8')
}

const pieceLength = 64 * 1024

async function* listPieces(values: Iterable<unknown>): AsyncGenerator<string> {
  let piece = '['
  let separator = ''
  for (const value of values) {
    piece += separator + JSON.stringify(value)
    separator = ','
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  yield `${piece}]`
}

/** A text answer, e.g. `text(csv, 'text/csv')`; the body may be streamed. */
export function text(body: Body, contentType = 'text/plain; charset=utf-8', status = 200): Reply {
  return { status, headers: { 'content-type': contentType }, body }
}

export const noContent: Reply = { status: 204 }

/** Whether the body is made while it is sent. */
export function isStreamed(body: Body | undefined): body is AsyncIterable<string | Uint8Array> {
  return typeof body === 'object' && Symbol.asyncIterator in body
}
