/** Sending through the adapter: at most N at once, every answer parsed, lists read to their end and record by record. */
import type { ManageAPI } from 'connectwise-rest'
import PQueue from 'p-queue'
import { z } from 'zod'
import { ConnectWiseError } from './errors.ts'
import { unreadable } from './failures.ts'
import { type ReadList, readList } from './lists.ts'
import type { PageSizes } from './page-size.ts'
import { EndlessList, type Page, type PageRequest, readAll } from './paging.ts'
import type { RecordKind } from './record-kinds.ts'
import type { Transport } from './transport.ts'

/** A request in words, for errors: `GET /finance/agreements`. */
export interface Called {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
}

export interface ListParameters {
  readonly conditions?: string
  readonly orderBy?: string
  readonly fields?: string
}

type Send = (api: ManageAPI) => Promise<unknown>

export interface Requests {
  /** One request whose answer is a record; one that cannot be read is an unreadable answer. */
  one<T extends { readonly id: number }>(called: Called, kind: RecordKind<T>, send: Send): Promise<T>
  /** As `one`, and `null` where ConnectWise answers 404. */
  maybe<T extends { readonly id: number }>(called: Called, kind: RecordKind<T>, send: Send): Promise<T | null>
  /** One request whose answer is the rows of a list, as they are. */
  rows(called: Called, send: Send): Promise<readonly unknown[]>
  /** All records of a list. */
  all<T extends { readonly id: number }>(
    path: string,
    kind: RecordKind<T>,
    send: (api: ManageAPI, page: PageRequest & ListParameters) => Promise<unknown>,
    parameters?: ListParameters,
  ): Promise<ReadList<T>>
  /** One request whose answer is none of these. */
  other<S extends z.ZodType>(called: Called, schema: S, send: Send): Promise<z.output<S>>
  /** One request whose answer says nothing beyond that it was done. */
  done(called: Called, send: Send): Promise<void>
}

export function createRequests(
  transport: Transport,
  { parallel, pageSizes }: { readonly parallel: number; readonly pageSizes: PageSizes },
): Requests {
  const queue = new PQueue({ concurrency: parallel })
  const send = (run: Send) => queue.add(() => run(transport.api))
  const requests: Requests = {
    async one(called, kind, run) {
      return recordIn(called, kind, await send(run))
    },
    async maybe(called, kind, run) {
      try {
        return await requests.one(called, kind, run)
      } catch (error) {
        if (error instanceof ConnectWiseError && error.status === 404) return null
        throw error
      }
    },
    rows: (called, run) => requests.other(called, rowsSchema, run),
    async all(path, kind, run, parameters = {}) {
      const called: Called = { method: 'GET', path }
      const fetchPage = async (page: PageRequest): Promise<Page<unknown>> => {
        const body = await send((api) => run(api, { ...parameters, ...page }))
        const { link, pageSize = page.pageSize } = transport.pageOf(body)
        if (pageSize < page.pageSize) pageSizes.gave(pageSize)
        return { rows: understood(called, rowsSchema, body), link, pageSize }
      }
      const rows = await readAll(fetchPage, pageSizes.largest).catch((error: unknown) => {
        throw error instanceof EndlessList ? notUnderstood(called, error.message) : error
      })
      return readList(kind, rows)
    },
    async other(called, schema, run) {
      return understood(called, schema, await send(run))
    },
    async done(_called, run) {
      await send(run)
    },
  }
  return requests
}

const rowsSchema = z.array(z.unknown())

function recordIn<T extends { readonly id: number }>(
  { method, path }: Called,
  kind: RecordKind<T>,
  body: unknown,
): T {
  const { records, odd } = readList(kind, [body])
  const [record] = records
  if (record !== undefined) return record
  const [{ id, reason } = { id: null, reason: 'there is none' }] = odd
  const which = id === null ? `an ${kind.what}`.replace(/^an (?![aeiou])/, 'a ') : `${kind.what} ${id}`
  throw unreadable(method, path, `ConnectWise's answer for ${which} cannot be read: ${reason}.`)
}

function understood<S extends z.ZodType>(called: Called, schema: S, body: unknown): z.output<S> {
  const answer = schema.safeParse(body)
  if (answer.success) return answer.data
  const [issue] = answer.error.issues
  throw notUnderstood(called, `${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'unexpected'}`)
}

const notUnderstood = ({ method, path }: Called, why: string): ConnectWiseError =>
  unreadable(method, path, `ConnectWise's answer is not understood: ${why}.`)
