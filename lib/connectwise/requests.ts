/** Sending through the adapter: at most N at once, every answer parsed, lists read to their end. */
import type { ManageAPI } from 'connectwise-rest'
import PQueue from 'p-queue'
import { z } from 'zod'
import { ConnectWiseError } from './errors.ts'
import { unreadable } from './failures.ts'
import { Unmapped } from './mapper.ts'
import { EndlessList, type PageRequest, readAll } from './paging.ts'
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

export interface Requests {
  /** One request whose answer is `schema`'s; a record that cannot be mapped is an unreadable answer. */
  one<S extends z.ZodType, T>(
    called: Called,
    schema: S,
    map: (answer: z.output<S>) => T,
    send: (api: ManageAPI) => Promise<unknown>,
  ): Promise<T>
  /** As `one`, and `null` where ConnectWise answers 404. */
  maybe<S extends z.ZodType, T>(
    called: Called,
    schema: S,
    map: (answer: z.output<S>) => T,
    send: (api: ManageAPI) => Promise<unknown>,
  ): Promise<T | null>
  /** All rows of a list. */
  all<S extends z.ZodType, T>(
    path: string,
    schema: S,
    map: (answer: z.output<S>) => T,
    send: (api: ManageAPI, page: PageRequest & ListParameters) => Promise<unknown>,
    parameters?: ListParameters,
  ): Promise<T[]>
  /** One request whose answer says nothing beyond that it was done. */
  done(called: Called, send: (api: ManageAPI) => Promise<unknown>): Promise<void>
}

export function createRequests(transport: Transport, parallel: number): Requests {
  const queue = new PQueue({ concurrency: parallel })
  const send = (run: (api: ManageAPI) => Promise<unknown>) => queue.add(() => run(transport.api))
  const requests: Requests = {
    async one(called, schema, map, run) {
      return read(called, schema, map, await send(run))
    },
    async maybe(called, schema, map, run) {
      try {
        return await requests.one(called, schema, map, run)
      } catch (error) {
        if (error instanceof ConnectWiseError && error.status === 404) return null
        throw error
      }
    },
    async all(path, schema, map, run, parameters = {}) {
      const called: Called = { method: 'GET', path }
      const rows = await readAll(async (page) => {
        const body = await send((api) => run(api, { ...parameters, ...page }))
        return {
          rows: read(called, z.array(z.unknown()), (found) => found, body),
          link: transport.linkOf(body),
        }
      }).catch((error: unknown) => {
        throw error instanceof EndlessList ? unreadable('GET', path, error.message) : error
      })
      return read(called, z.array(schema), (found) => found.map(map), rows)
    },
    async done(_called, run) {
      await send(run)
    },
  }
  return requests
}

function read<S extends z.ZodType, T>(
  { method, path }: Called,
  schema: S,
  map: (answer: z.output<S>) => T,
  body: unknown,
): T {
  const answer = schema.safeParse(body)
  if (!answer.success) {
    const [issue] = answer.error.issues
    throw unreadable(
      method,
      path,
      `${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'unexpected'}.`,
    )
  }
  try {
    return map(answer.data)
  } catch (error) {
    throw error instanceof Unmapped ? unreadable(method, path, `${error.message}.`) : error
  }
}
