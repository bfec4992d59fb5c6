/** ConnectWise's error bodies (docs/facts/connectwise.md, "Errors"): pretty JSON with CRLF line ends. */
import { type Reply, ReplyError } from '../http/reply.ts'
import * as inferred from './inferred.ts'

export interface FieldError {
  readonly code: string
  readonly message: string
  readonly resource: string
  readonly field: string
}

/** `details` of a nested error is never seen filled; nulls are left out of it as everywhere. */
export function errorReply(
  status: number,
  code: string,
  message: string,
  errors: readonly FieldError[] | null = null,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return crlfJson(status, { code, message, errors }, headers)
}

/** Any body as ConnectWise prints its errors. */
export function crlfJson(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body, null, 2).replaceAll('\n', '\r\n'),
  }
}

export function refuse(...args: Parameters<typeof errorReply>): ReplyError {
  return new ReplyError(errorReply(...args))
}

export function invalidObject(resource: string, errors: readonly FieldError[]): ReplyError {
  return refuse(400, 'InvalidObject', `${resource} object is invalid`, errors)
}

export function notFound(what: string): ReplyError {
  return refuse(404, 'NotFound', inferred.notFoundMessage(what))
}

/** 403 and 500 have `code` and `message` alone. */
const shortError = (status: number, code: string, message: string): Reply =>
  crlfJson(status, { code, message })

export const forbidden = (): Reply =>
  shortError(403, 'Security', 'You do not have security permission to perform this action.')

/** The odd 429: its key is `error`, not `code`. */
export function tooManyRequests(retryAfter: number): Reply {
  const message = `Too many requests. Please try again in ${retryAfter} seconds.`
  return crlfJson(429, { error: 'ConnectWiseAPI', message }, { 'retry-after': String(retryAfter) })
}

/** Spelled as ConnectWise spells it. */
export const serverError = (message = 'A timeout has occured. Please try again.'): Reply =>
  shortError(500, 'ConnectWiseApi', message)

/** What a value of the wrong JSON type in a body gets: a 500 (docs/facts/connectwise.md, "Errors"). */
export function unconvertible(value: unknown, type: string, path: string): ReplyError {
  const message = `Error converting value ${JSON.stringify(value)} to type '${type}'. Path '${path}', line 1, position 1.`
  return new ReplyError(serverError(message))
}

/** A body that cannot be read as `resource` at all. */
export function unreadableBody(resource: string): ReplyError {
  const { code, message } = inferred.unreadableBody
  return invalidObject(resource, [{ code, message, resource, field: '' }])
}
