/** Our API as the browser calls it: by the contracts' names, of which nothing but the types is here. */
import type { Sent } from '#app/contracts/contract.ts'
import type { Reply, Table } from '#app/contracts/table.ts'

/** What goes with a request of the endpoint. */
export type SentTo<E extends keyof Table> = Sent<Table[E]>

/** An endpoint that needs nothing can be called with its name alone. */
export type Sending<E extends keyof Table> = object extends SentTo<E> ? [sent?: SentTo<E>] : [sent: SentTo<E>]

/** Calls an endpoint. Throws `Refused`. */
export type CallApi = <E extends keyof Table>(endpoint: E, ...sending: Sending<E>) => Promise<Reply<E>>

/** Where a customer of a program is in the API. */
export type CustomerPath = SentTo<'GET /api/programs/{program}/customers/{tenantId}/plan'>['path']

type Values = Readonly<Record<string, unknown>>

export interface Asked {
  readonly method: string
  /** With its query. */
  readonly address: string
  readonly body: unknown
}

/** The request that an endpoint's name and what is sent to it stand for. */
export function askedOf<E extends keyof Table>(endpoint: E, ...[sent]: Sending<E>): Asked {
  const { path = {}, query = {}, body } = (sent ?? {}) as { path?: Values; query?: Values; body?: unknown }
  const [method = '', pattern = ''] = endpoint.split(' ')
  const filled = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name])))
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return { method, address: search === '' ? filled : `${filled}?${search}`, body }
}
