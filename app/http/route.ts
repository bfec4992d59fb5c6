/** What every route shares: parse -> authorise -> one verb -> reply. */
import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { LARGEST_ID, line } from '#app/api/schemas/fields.ts'
import { unreachable } from '#app/process/database-health.ts'
import { server } from '#app/process/process.ts'
import type { Action, Principal } from '#lib/auth/actions.ts'
import { type AuthContext, authorise as authoriseRequest } from '#lib/auth/authorise.ts'
import { refuseForeignOrigin } from '#lib/auth/origin.ts'
import { isDatabaseLost } from '#lib/base/database-lost.ts'
import { type ErrorCode, ProductError, problemOf, TooManyRequests } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import type { Secret } from '#lib/base/secrets.ts'
import { type Program, programBySlug } from '#lib/programs/registry.ts'
import { detailOf } from './detail-of.ts'
import { parsed, problemReply, RequestRefused } from './problem.ts'
import { jsonOf } from './request-body.ts'

type Handler<P> = (request: Request, params: P) => Promise<Response>

/**
 * Wraps a route so that whatever it throws becomes problem details (RFC 9457) with a stable code. A parameter of the path that
 * no database could hold is the id of no record.
 */
export function route<P = Record<string, never>>(handler: Handler<P>) {
  // Next gives an address without parameters none at all.
  return async (request: Request, context: { params: Promise<P> }): Promise<Response> => {
    try {
      refuseForeignOrigin(server().env, request)
      const params = await context.params
      if (!pathSchema.safeParse(params ?? {}).success) throw refuse('not-found', 'There is no such record.')
      return await handler(request, params)
    } catch (error) {
      return problem(error, request)
    }
  }
}

/** PRISM's ids have up to 100 characters. */
const pathSchema = z.record(z.string(), line('', { most: 100 }))

function problem(thrown: unknown, request: Request): Response {
  const error = isDatabaseLost(thrown) ? unreachable(thrown) : thrown
  if (!(error instanceof ProductError)) {
    const path = new URL(request.url).pathname
    const reference = log.unexpected(error, { method: request.method, path })
    return problemReply(problemOf('unexpected', 'An unexpected error occurred', reference))
  }
  const fields = error instanceof RequestRefused ? { fields: error.fields } : {}
  const body = { ...problemOf(error.code, detailOf(error)), ...fields }
  return problemReply(body, waitOf(error, body.status))
}

/** How long a refusal for now is one, for who asks again by itself. */
const waitOf = (error: ProductError, status: number): Record<string, string> => {
  if (error instanceof TooManyRequests) return { 'retry-after': String(error.retryAfterSeconds) }
  return status === 503 ? { 'retry-after': '5' } : {}
}

interface ReplyOptions {
  readonly status?: number
  readonly setCookie?: string
}

/** Answers with a value of the route's schema, which the compiler checks here and a test at run time. */
export function reply<S extends z.ZodType>(
  _schema: S,
  value: z.input<S>,
  options: ReplyOptions = {},
): Response {
  const headers: Record<string, string> = { 'cache-control': 'no-store' }
  if (options.setCookie !== undefined) headers['set-cookie'] = options.setCookie
  return Response.json(value, { status: options.status ?? 200, headers })
}

export const nothing = (options: Pick<ReplyOptions, 'setCookie'> = {}): Response =>
  new Response(null, {
    status: 204,
    headers: {
      'cache-control': 'no-store',
      ...(options.setCookie === undefined ? {} : { 'set-cookie': options.setCookie }),
    },
  })

/** A file to download; `name` as in `prism-pod-products.csv`. */
export const csvReply = (name: string, body: BodyInit): Response =>
  new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="prism-pod-${name}.csv"`,
      'cache-control': 'no-store',
    },
  })

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

/** A number in the path. Throws `not-found`: no record has such an id. */
export function idOf(text: string): number {
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0
  if (id >= 1 && id <= LARGEST_ID) return id
  throw refuse('not-found', `There is no record with the id '${text.slice(0, 40)}'.`)
}

/** A UUID in the path. Throws `not-found`. */
export function uuidOf(text: string): string {
  if (z.uuid().safeParse(text).success) return text
  throw refuse('not-found', `There is no record with the id '${text.slice(0, 40)}'.`)
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
  const given = Buffer.from(request.headers.get('authorization') ?? '')
  const expected = Buffer.from(`Bearer ${secret?.reveal() ?? ''}`)
  if (secret !== null && given.length === expected.length && timingSafeEqual(given, expected)) return
  throw refuse('sign-in-needed', detail)
}

export const refuse = (code: ErrorCode, detail: string): ProductError => new ProductError(code, detail)
