/** What every route shares, whatever its contract: whose page may ask, what becomes of a failure, who asks. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { z } from 'zod'
import { unreachable } from '#app/process/database-health.ts'
import { server } from '#app/process/process.ts'
import type { Action, Principal } from '#lib/auth/actions.ts'
import { type AuthContext, authorise as authoriseRequest } from '#lib/auth/authorise.ts'
import { refuseForeignOrigin } from '#lib/auth/origin.ts'
import { isDatabaseLost } from '#lib/base/database-lost.ts'
import { type ErrorCode, ProductError, problemOf, TooManyRequests } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import { newRequestId, REQUEST_ID_HEADER, withRequestId } from '#lib/base/request-id.ts'
import type { Secret } from '#lib/base/secrets.ts'
import { type Program, programBySlug } from '#lib/programs/registry.ts'
import { detailOf } from './detail-of.ts'
import { LeavingAsked, parsed, problemReply, RequestRefused } from './problem.ts'
import { jsonOf } from './request-body.ts'

type Params = Readonly<Record<string, string>>
type Handler = (request: Request, params: Params) => Promise<Response>

/**
 * Wraps a route so that whatever it throws becomes problem details (RFC 9457) with a stable code. All of its work carries the
 * name that the middleware gave the request.
 */
export function route(handler: Handler) {
  return async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    return withRequestId(request.headers.get(REQUEST_ID_HEADER) ?? newRequestId(), async () => {
      try {
        refuseForeignOrigin(server().env, request)
        // Next gives an address without parameters none at all.
        return await handler(request, (await context.params) ?? {})
      } catch (error) {
        return problem(error, request)
      }
    })
  }
}

function problem(thrown: unknown, request: Request): Response {
  const error = isDatabaseLost(thrown) ? unreachable(thrown) : thrown
  if (!(error instanceof ProductError)) {
    const path = new URL(request.url).pathname
    const reference = log.unexpected(error, { method: request.method, path })
    return problemReply(problemOf('unexpected', 'An unexpected error occurred', reference))
  }
  noteRefusal(error, request)
  const body = { ...problemOf(error.code, detailOf(error)), ...moreOf(error) }
  return problemReply(body, waitOf(error, body.status))
}

/** What was refused to whom stands in the log, as what was done stands in the audit. */
function noteRefusal({ code, detail }: ProductError, request: Request): void {
  if (code !== 'not-allowed' && code !== 'too-many-requests') return
  log.info('refused', { code, detail, method: request.method, path: new URL(request.url).pathname })
}

/** What a problem says beside what every problem does. */
function moreOf(
  error: ProductError,
): Partial<Pick<RequestRefused, 'fields'> & Pick<LeavingAsked, 'leaving'>> {
  if (error instanceof RequestRefused) return { fields: error.fields }
  return error instanceof LeavingAsked ? { leaving: error.leaving } : {}
}

/** How long a refusal for now is one, for who asks again by itself. */
const waitOf = (error: ProductError, status: number): Record<string, string> => {
  if (error instanceof TooManyRequests) return { 'retry-after': String(error.retryAfterSeconds) }
  return status === 503 ? { 'retry-after': '5' } : {}
}

/** The request's JSON body. Throws `request-invalid`, naming each field that is wrong, and what `jsonOf` throws. */
export const bodyOf = async <S extends z.ZodType>(request: Request, schema: S): Promise<z.output<S>> =>
  parsed(schema, await jsonOf(request))

/** The query's parameters. Throws `request-invalid`, also where one is given twice: which is meant nobody knows. */
export function queryOf<S extends z.ZodObject>(request: Request, schema: S): z.output<S> {
  const given = new URL(request.url).searchParams
  const twice = Object.keys(schema.shape).filter((field) => given.getAll(field).length > 1)
  if (twice.length > 0)
    throw new RequestRefused(twice.map((field) => ({ field, message: `Give “${field}” once.` })))
  return parsed(schema, Object.fromEntries(given))
}

/** Throws `not-found`. */
export function programOf(slug: string): Program {
  const program = programBySlug(slug)
  if (program === undefined) throw refuse('not-found', `There is no program '${slug.slice(0, 40)}'.`)
  return program
}

export function authContext(): AuthContext {
  const { db, env } = server()
  return { db, sessionSecret: env.sessionSecret, appUrl: env.appUrl }
}

export const authorise = (request: Request, action: Action): Promise<Principal> =>
  authoriseRequest(authContext(), request, action)

/** For what no person does: the scheduled call, the operator. Throws `sign-in-needed`. */
export function requireBearer(request: Request, secret: Secret | null, detail: string): void {
  const given = digest(request.headers.get('authorization') ?? '')
  if (secret !== null && timingSafeEqual(given, digest(`Bearer ${secret.reveal()}`))) return
  throw refuse('sign-in-needed', detail)
}

/** Of one length whatever the text's, so that comparing takes as long for each. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

export const refuse = (code: ErrorCode, detail: string): ProductError => new ProductError(code, detail)
