/** What a failed request means: whether it may be sent again, and which error it becomes. */
import { errorSchema } from './api-types.ts'
import { ConnectWiseError, type ConnectWiseOutcome } from './errors.ts'
import * as inferred from './inferred.ts'

/** A failed answer; `status` is `null` where there was none. */
export interface Reply {
  readonly status: number | null
  readonly body: unknown
  /** The library's words, used where the body has none. */
  readonly message: string
}

export const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'

/**
 * Reads are sent again on 429, 408, 5xx and no answer; writes only on 429, which says that nothing was done: anything
 * else might do it twice (design 3).
 */
export function mayRetry(method: string, status: number | null): boolean {
  if (status === 429) return true
  return isRead(method) && isOpen(status)
}

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
export function unreadable(method: string, path: string, why: string): ConnectWiseError {
  return new ConnectWiseError({
    outcome: isRead(method) ? 'unreachable' : 'unknown',
    status: 200,
    message: `ConnectWise's answer is not understood: ${why}`,
    remoteCode: '',
    fieldErrors: [],
    retryAfterMs: null,
    method,
    path: pathOnly(path),
    unreadable: true,
  })
}

const pathOnly = (path: string): string => path.split('?')[0] ?? ''
