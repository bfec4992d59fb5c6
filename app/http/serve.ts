/** A route by its contract: parse -> authorise -> one verb -> reply. */

import type { z } from 'zod'
import type { BodyOf, Contract, PathOf, QueryOf } from '#app/contracts/contract.ts'
import { contracts, type Table } from '#app/contracts/table.ts'
import { server } from '#app/process/process.ts'
import type { Action, Principal } from '#lib/auth/actions.ts'
import { authorise, bodyOf, queryOf, refuse, requireBearer, route } from './api-route.ts'
import { jsonOfCsv } from './file.ts'
import { requireOnScreen } from './on-screen.ts'
import { shownTo } from './shown-to.ts'

/** What a verb is given of a request that its contract lets through. */
export interface Given<C> {
  readonly request: Request
  /** Who asks; nobody where no role decides. */
  readonly principal: C extends { readonly access: Action } ? Principal : undefined
  readonly path: PathOf<C>
  readonly query: QueryOf<C>
  readonly body: BodyOf<C>
}

/** A file to download; `name` as in `prism-pod-products.csv`. */
export interface CsvFile {
  readonly name: string
  readonly lines: BodyInit
}

type Value<C> = C extends { readonly reply: infer R }
  ? R extends z.ZodType
    ? z.input<R>
    : R extends 'csv'
      ? CsvFile
      : R extends 'redirect' | 'text' | 'archive'
        ? Response
        : void
  : never

/** An answer that sets a cookie. */
class WithCookie<T> {
  readonly value: T
  readonly cookie: string
  constructor(value: T, cookie: string) {
    this.value = value
    this.cookie = cookie
  }
}

export const withCookie = <T>(value: T, cookie: string): WithCookie<T> => new WithCookie(value, cookie)

export type Verb<C> = (given: Given<C>) => Promise<Value<C> | WithCookie<Value<C>>>

/**
 * The handler of a route file. A stranger hears 404 for a path of no record and else 401, whatever else they sent; then the
 * query and the body are read. What the verb throws becomes problem details.
 */
export function serve<E extends keyof Table>(endpoint: E, verb: Verb<Table[E]>) {
  const contract: Contract = contracts[endpoint]
  const handler = route(async (request, params) => {
    const path = pathOf(contract, params)
    const principal = await admitted(request, contract.access)
    const query = contract.query === undefined ? undefined : queryOf(request, contract.query)
    const body = contract.body === undefined ? undefined : await bodyOf(request, contract.body)
    if (principal !== undefined) await requireOnScreen(principal, contract.onScreen, { path, query, body })
    const given = { request, principal, path, query, body } as Given<Table[E]>
    return replied(contract, await verb(given), principal, isJsonFile(query))
  })
  return Object.assign(handler, { endpoint })
}

function pathOf({ path = {} }: Contract, params: Readonly<Record<string, string>>): object {
  return Object.fromEntries(
    Object.entries(path).map(([name, schema]) => {
      const read = schema.safeParse(params[name])
      if (read.success) return [name, read.data]
      throw refuse('not-found', read.error.issues[0]?.message ?? 'There is no such record.')
    }),
  )
}

async function admitted(request: Request, access: Contract['access']): Promise<Principal | undefined> {
  if (access === 'open') return undefined
  const { env } = server()
  if (access === 'cron-secret')
    requireBearer(request, env.cronSecret, 'The scheduled call needs the bearer secret CRON_SECRET.')
  else if (access === 'operator-secret')
    requireBearer(
      request,
      env.operatorSecret,
      "This is the operator's: it needs the bearer secret OPERATOR_SECRET.",
    )
  else if (access === 'metrics-token') {
    if (env.metricsToken === null) throw refuse('not-found', 'This deployment gives nobody its figures.')
    requireBearer(request, env.metricsToken, 'The figures need the bearer secret METRICS_TOKEN.')
  } else return authorise(request, access)
  return undefined
}

/** That the value fits the contract the compiler has seen to, and the tests look at every answer. */
function replied(
  { reply, status }: Contract,
  answer: unknown,
  principal: Principal | undefined,
  isJson: boolean,
): Response {
  const { value, cookie } = answer instanceof WithCookie ? answer : { value: answer, cookie: null }
  if (reply === 'redirect' || reply === 'text' || reply === 'archive') return value as Response
  const headers = new Headers({ 'cache-control': 'no-store' })
  if (cookie !== null) headers.set('set-cookie', cookie)
  if (reply === 'nothing') return new Response(null, { status: 204, headers })
  if (reply !== 'csv')
    return Response.json(principal === undefined ? value : shownTo(principal, value), {
      status: status ?? 200,
      headers,
    })
  const { name, lines } = value as CsvFile
  headers.set('content-type', isJson ? 'application/json' : 'text/csv; charset=utf-8')
  headers.set('content-disposition', `attachment; filename="prism-pod-${name}.${isJson ? 'json' : 'csv'}"`)
  return new Response(isJson ? jsonOfCsv(lines) : lines, { headers })
}

/** `fileQuery`: a table is wanted as JSON. */
const isJsonFile = (query: unknown): boolean =>
  typeof query === 'object' && query !== null && 'as' in query && query.as === 'json'
