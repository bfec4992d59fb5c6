/** Problem details (RFC 9457) as answers, and what is wrong with a request, field by field. */
import type { z } from 'zod'
import type { ShownLeaving } from '#app/api/schemas/leaving.ts'
import { type Problem, ProductError } from '#lib/base/errors.ts'
import { requestId } from '#lib/base/request-id.ts'
import { cutText } from '#lib/billing/text.ts'

export interface FieldProblem {
  readonly field: string
  readonly message: string
}

/** The request's own fault; the detail is the sentences of its fields. */
export class RequestRefused extends ProductError {
  override readonly name = 'RequestRefused'
  readonly fields: readonly FieldProblem[]
  constructor(fields: readonly FieldProblem[]) {
    super('request-invalid', [...new Set(fields.map(({ message }) => message))].join(' '))
    this.fields = fields
  }
}

/** A customer would leave an agreement where something stays open, and nobody has decided about it yet (E5). */
export class LeavingAsked extends ProductError {
  override readonly name = 'LeavingAsked'
  readonly leaving: ShownLeaving
  constructor({ code, detail }: ProductError, leaving: ShownLeaving) {
    super(code, detail)
    this.leaving = leaving
  }
}

export const problemReply = (
  body: Problem & { readonly fields?: readonly FieldProblem[]; readonly leaving?: ShownLeaving },
  headers: Readonly<Record<string, string>> = {},
): Response =>
  Response.json(named(body), {
    status: body.status,
    headers: { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  })

/** With the request's name, by which the log, the audit trail and the ledger are searched. */
function named<B extends object>(body: B): B & { readonly requestId?: string } {
  const id = requestId()
  return id === null ? body : { ...body, requestId: id }
}

/** Reads a request's value. Throws `RequestRefused` with one sentence for each field that is wrong. */
export function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const read = schema.safeParse(value, { error: plainWords })
  if (read.success) return read.data
  throw new RequestRefused(read.error.issues.map(fieldProblem))
}

/** The longest name of an unknown field that is repeated, and how many. */
const SHOWN = { characters: 40, fields: 5 }

/** What no schema says itself: it is about the value as a whole. */
function plainWords(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.slice(0, SHOWN.fields).map((key) => `“${cut(key)}”`)
    return `Leave out what is not asked for: ${keys.join(', ')}${issue.keys.length > keys.length ? ', …' : ''}.`
  }
  const at = issue.path?.join('.') ?? ''
  if (issue.code === 'invalid_type' && issue.expected === 'object')
    return at === '' ? 'Send a JSON object.' : `Send a JSON object as “${cut(at)}”.`
  return at === '' ? 'This is not what is asked for.' : `What was sent as “${cut(at)}” is not understood.`
}

const cut = (text: string): string => cutText(text.toWellFormed(), SHOWN.characters)

const fieldProblem = ({ path, message }: z.core.$ZodIssue): FieldProblem => ({
  field: path.join('.') || 'body',
  message,
})
