import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { NoConnection } from '#lib/base/database-lost.ts'
import { createPreparingClient } from './prepared.ts'
import * as schema from './schema.ts'

/** What every query function takes first: the database, or a transaction of it. */
export type Database = Pick<
  NodePgDatabase<typeof schema>,
  | 'select'
  | 'selectDistinct'
  | 'selectDistinctOn'
  | 'insert'
  | 'update'
  | 'delete'
  | 'execute'
  | 'transaction'
  | 'query'
  | '$count'
  | 'with'
  | '$with'
>

export interface OpenDatabase {
  readonly db: Database
  readonly pool: pg.Pool
  /** When the database was found away; `null` where the last connection to it was made well. */
  lostSince(): Date | null
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** Connections at most; 10 where left out. */
  readonly max?: number
  /** How long a query waits for a connection, a new one or one that comes free; 10,000 where left out. */
  readonly connectMs?: number
  /** How long the answer to one statement may take; unlimited where left out. */
  readonly answerMs?: number
  /** Behind a pooler that shares connections by the transaction; false where left out. */
  readonly isPooled?: boolean
}

/** A transaction that its process forgot holds its locks no longer than this. */
const idleTransaction = "SET idle_in_transaction_session_timeout = '5min'"

/** Opens a pool; nothing connects before the first query. Where no connection can be had, queries throw `NoConnection`. */
export const openDatabase = (url: string, options: DatabaseOptions = {}): OpenDatabase => {
  const { max = 10, connectMs = 10_000, answerMs, isPooled = false } = options
  const pool = new Pool({
    connectionString: url,
    Client: createPreparingClient(isPooled),
    max,
    connectionTimeoutMillis: connectMs,
    // A server that vanished without a word is noticed, and a firewall forgets no idle connection.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(answerMs === undefined ? {} : { query_timeout: answerMs }),
    // Said by a statement, because poolers in front of PostgreSQL refuse it among the connection's parameters.
    verify: (client, done) => {
      client.query(idleTransaction).then(
        () => done(),
        (error: Error) => done(error),
      )
    },
  })
  // An idle connection that the server ends is no error of a query; the pool opens another.
  pool.on('error', () => pool.noteLoss())
  pool.on('connect', (client) => {
    pool.lostSince = null
    // One that it ends between two statements of a transaction fails the next of them; unheard, it would end the process.
    client.on('error', () => pool.noteLoss())
  })
  return {
    db: drizzle({ client: pool, schema }),
    pool,
    lostSince: () => pool.lostSince,
    close: () => pool.end(),
  }
}

/** The pool of an opened database, for what needs a connection of its own; a transaction has none. */
export const poolOf = (opened: Database): pg.Pool => {
  const { $client } = opened as Database & { readonly $client?: pg.Pool }
  if ($client === undefined) throw new Error('This is no opened database, but a transaction of one')
  return $client
}

type Connected = (error: Error | undefined, client: pg.PoolClient | undefined, done: () => void) => void

/** The driver's pool, whose failures to connect can be told from those of a statement. */
class Pool extends pg.Pool {
  lostSince: Date | null = null

  noteLoss(): void {
    this.lostSince ??= new Date()
  }

  override connect(): Promise<pg.PoolClient>
  override connect(callback: Connected): void
  override connect(callback?: Connected): Promise<pg.PoolClient> | void {
    if (callback === undefined)
      return super.connect().catch((error: unknown) => {
        throw this.#noConnection(error)
      })
    super.connect((error, client, done) => callback(error && this.#noConnection(error), client, done))
  }

  #noConnection(cause: unknown): NoConnection {
    this.noteLoss()
    return new NoConnection('There is no connection to the database', { cause })
  }
}
