/** What a failed request means: whether it may be sent again, and which error it becomes. */
import { OverLimit } from '#lib/base/limits.ts'
import { errorSchema } from './api-types.ts'
import { ConnectWiseError, type ConnectWiseOutcome } from './errors.ts'
import * as inferred from './inferred.ts'
import type { LibraryResponse } from './library-http.ts'

/** A failed answer; `status` is `null` where there was none. */
export interface Reply {
  readonly status: number | null
  readonly body: unknown
  /** Why there was none, in words. */
  readonly message: string
  /** The limit that the answer was over. */
  readonly over: OverLimit['limit'] | null
}

/** Of what the adapter rejected with; `response` is there only where it came whole. */
export function replyOf(error: unknown, response: LibraryResponse | undefined): Reply {
  if (response !== undefined) return { status: response.status, body: response.data, message: '', over: null }
  const cause = error instanceof Error ? error.cause : undefined
  const none = { status: null, body: null }
  if (cause instanceof OverLimit)
    return { ...none, message: `ConnectWise's answer ${cause.says}.`, over: cause.limit }
  return { ...none, message: cause instanceof Error ? cause.message : 'no answer', over: null }
}

export const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'

/**
 * Reads are sent again on 429, 408, 5xx and no answer; writes only on 429, which says that nothing was done: anything
 * else might do it twice (docs/applying.md, "Unknown outcomes").
 */
export function mayRetry(method: string, { status, over }: Reply): boolean {
  if (status === 429) return true
  // What was too large once is too large again.
  return isRead(method) && isOpen(status) && over !== 'size'
}

/**
 * Whether fewer rows may be what ConnectWise can answer: at once where the answer was too large or too slow, from the second
 * time on where it was none or an error, which may have passed.
 */
export function isTooMuch(method: string, { status, over }: Reply, tried: number): boolean {
  if (!isRead(method)) return false
  return over !== null || status === tooLargeStatus || (isOpen(status) && tried > 1)
}

const tooLargeStatus = 413

/** No answer, 5xx or 408: nobody knows what became of the request. */
function isOpen(status: number | null): boolean {
  return status === null || status >= 500 || inferred.statusesThatLeaveItOpen.includes(status)
}

export interface Failed {
  readonly method: string
  readonly path: string
  readonly reply: Reply
  readonly askedMs: number | null
}

/** Our error for an answer that is not 2xx, or for none. Neither request headers nor the body sent are looked at. */
export function failureOf({ method, path, reply, askedMs }: Failed): ConnectWiseError {
  const { status } = reply
  const body = errorSchema.safeParse(reply.body).data
  return new ConnectWiseError({
    outcome: outcomeOf(method, status),
    status,
    message: messageOf(body, reply),
    remoteCode: body === undefined ? '' : body.code || body.error,
    fieldErrors: body?.errors ?? [],
    retryAfterMs: askedMs,
    method,
    path: pathOnly(path),
    unreadable: reply.over === 'size',
  })
}

function outcomeOf(method: string, status: number | null): ConnectWiseOutcome {
  if (status !== null && (status === 429 || !isOpen(status))) return 'refused'
  return isRead(method) ? 'unreachable' : 'unknown'
}

/** D8: the texts of `errors[]` joined by a space, else the top message. */
function messageOf(
  body: ReturnType<typeof errorSchema.parse> | undefined,
  { status, message }: Reply,
): string {
  const texts = (body?.errors ?? []).map((error) => error.message).filter((text) => text !== '')
  if (texts.length > 0) return texts.join(' ')
  if (body !== undefined && body.message !== '') return body.message
  return status === null ? message : (plainRefusals[status] ?? `It gave no reason (status ${status}).`)
}

/** Where ConnectWise says nothing itself. */
const plainRefusals: Readonly<Record<number, string>> = {
  401: 'It does not accept the keys.',
  403: 'The API member lacks a permission.',
  404: 'It is not there.',
  429: 'It was asked for too much in a short time.',
}

/** A 2xx answer that is not what the method answers with: after a write, nobody knows what became of it. */
export function unreadable(method: string, path: string, message: string): ConnectWiseError {
  return new ConnectWiseError({
    outcome: isRead(method) ? 'unreachable' : 'unknown',
    status: 200,
    message,
    remoteCode: '',
    fieldErrors: [],
    retryAfterMs: null,
    method,
    path: pathOnly(path),
    unreadable: true,
  })
}

const pathOnly = (path: string): string => path.split('?')[0] ?? ''
