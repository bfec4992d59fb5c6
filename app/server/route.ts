/** What every route shares: parse -> authorise -> one verb -> reply. */
import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Action, Principal } from '#lib/auth/actions.ts'
import { type AuthContext, authorise as authoriseRequest } from '#lib/auth/authorise.ts'
import { refuseForeignOrigin } from '#lib/auth/origin.ts'
import { type ErrorCode, type Problem, ProductError, problemOf, TooManyRequests } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import type { Secret } from '#lib/base/secrets.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'
import { type Program, programBySlug } from '#lib/programs/registry.ts'
import { server } from './process.ts'

interface FieldProblem {
  readonly field: string
  readonly message: string
}

/** The request's own fault, field by field. */
class RequestRefused extends ProductError {
  override readonly name = 'RequestRefused'
  readonly fields: readonly FieldProblem[]
  constructor(fields: readonly FieldProblem[]) {
    super('request-invalid', fields.map(({ field, message }) => `${field}: ${message}`).join('; '))
    this.fields = fields
  }
}

type Handler<P> = (request: Request, params: P) => Promise<Response>

/** Wraps a route so that whatever it throws becomes problem details (RFC 9457) with a stable code. */
export function route<P = Record<string, never>>(handler: Handler<P>) {
  return async (request: Request, context: { params: Promise<P> }): Promise<Response> => {
    try {
      refuseForeignOrigin(server().env, request)
      return await handler(request, await context.params)
    } catch (error) {
      return problem(error, request)
    }
  }
}

function problem(error: unknown, request: Request): Response {
  if (!(error instanceof ProductError)) {
    const path = new URL(request.url).pathname
    const reference = log.unexpected(error, { method: request.method, path })
    return problemReply(problemOf('unexpected', 'An unexpected error occurred', reference))
  }
  const fields = error instanceof RequestRefused ? { fields: error.fields } : {}
  const wait = error instanceof TooManyRequests ? { 'retry-after': String(error.retryAfterSeconds) } : {}
  return problemReply({ ...problemOf(error.code, detailOf(error)), ...fields }, wait)
}

/** ConnectWise's own words are passed on with their exact heading (F8). */
const detailOf = (error: ProductError): string =>
  error instanceof ConnectWiseError && error.outcome === 'refused'
    ? `ConnectWise returned an error response: ${error.detail}`
    : error.detail

const problemReply = (
  body: Problem & { fields?: readonly FieldProblem[] },
  headers: Readonly<Record<string, string>> = {},
): Response =>
  Response.json(body, {
    status: body.status,
    headers: { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  })

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

const fieldsOf = (error: z.ZodError): FieldProblem[] =>
  error.issues.map(({ path, message }) => ({ field: path.join('.') || 'body', message }))

function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  throw new RequestRefused(fieldsOf(read.error))
}

const LONGEST_BODY = 256 * 1024

/** The request's JSON body. Throws `request-invalid`, naming each field that is wrong. */
export async function bodyOf<S extends z.ZodType>(request: Request, schema: S): Promise<z.output<S>> {
  const text = await request.text()
  if (text.length > LONGEST_BODY) throw new RequestRefused([{ field: 'body', message: 'is too long' }])
  let value: unknown
  try {
    value = text === '' ? {} : JSON.parse(text)
  } catch {
    throw new RequestRefused([{ field: 'body', message: 'is not JSON' }])
  }
  return parsed(schema, value)
}

/** The query's parameters. Throws `request-invalid`. */
export const queryOf = <S extends z.ZodType>(request: Request, schema: S): z.output<S> =>
  parsed(schema, Object.fromEntries(new URL(request.url).searchParams))

/** A number in the path. Throws `not-found`: no record has such an id. */
export function idOf(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw new ProductError('not-found', `There is no record with the id '${text.slice(0, 40)}'.`)
}

/** A UUID in the path. Throws `not-found`. */
export function uuidOf(text: string): string {
  if (z.uuid().safeParse(text).success) return text
  throw new ProductError('not-found', `There is no record with the id '${text.slice(0, 40)}'.`)
}

/** Throws `not-found`. */
export function programOf(slug: string): Program {
  const program = programBySlug(slug)
  if (program === undefined)
    throw new ProductError('not-found', `There is no program '${slug.slice(0, 40)}'.`)
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
