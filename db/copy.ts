/** Many rows at once, by PostgreSQL's COPY: several times faster than inserting them, and with less memory. */
import { finished } from 'node:stream/promises'
import { getTableColumns, getTableName } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import type { PgTable } from 'drizzle-orm/pg-core'
import type pg from 'pg'
import { from } from 'pg-copy-streams'
import { type Database, poolOf } from './client.ts'
import * as schema from './schema.ts'

/** Rows of a table as COPY takes them; they are kept as bytes, outside of what the collector of memory walks through. */
export interface CopyRows<Row> {
  /** A column that the row lacks is null. */
  add(row: Row): void
  readonly rows: () => number
  readonly bytes: () => number
  /** What COPY is given, and the statement that it is given to. */
  readonly statement: string
  readonly parts: () => readonly Buffer[]
}

const PART_CHARACTERS = 64 * 1024

/** For columns that hold texts, numbers, and decimals and days as texts; the texts are `storable`. */
export const copyRows = <Table extends PgTable>(table: Table): CopyRows<Table['$inferInsert']> => {
  const columns = Object.entries(getTableColumns(table))
  const parts: Buffer[] = []
  let text = ''
  let rows = 0
  let bytes = 0
  const closePart = (): void => {
    if (text === '') return
    const part = Buffer.from(text)
    parts.push(part)
    bytes += part.length
    text = ''
  }
  const names = columns.map(([, { name }]) => `"${name}"`).join(', ')
  return {
    statement: `COPY "${getTableName(table)}" (${names}) FROM STDIN`,
    add(row) {
      const values: Readonly<Record<string, unknown>> = row
      text += `${columns.map(([key]) => fieldOf(values[key])).join('\t')}\n`
      rows += 1
      if (text.length >= PART_CHARACTERS) closePart()
    },
    rows: () => rows,
    bytes: () => bytes + text.length,
    parts: () => {
      closePart()
      return parts
    },
  }
}

/** In COPY's text format: backslash, tab and the ends of lines are escaped, and `\\N` is null. */
const fieldOf = (value: unknown): string => {
  if (value === null || value === undefined) return '\\N'
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') throw new TypeError('Rows are copied of texts, numbers and nulls')
  return value.replaceAll(special, (each) => escapes[each] ?? each)
}
const special = /[\\\t\n\r]/g
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

export type Copy = <Row>(rows: CopyRows<Row>) => Promise<void>

/** A transaction in which rows can be copied into tables. `db` is an opened database, and no transaction of one. */
export const withCopy = async <T>(
  db: Database,
  work: (tx: Database, copy: Copy) => Promise<T>,
): Promise<T> => {
  const client = await poolOf(db).connect()
  let isSound = false
  try {
    const result = await drizzle({ client, schema }).transaction((tx) => work(tx, copyOn(client)))
    isSound = true
    return result
  } finally {
    // One on which a copy broke off may not be done with it.
    client.release(!isSound)
  }
}

const copyOn =
  (client: pg.PoolClient): Copy =>
  async (rows) => {
    if (rows.rows() === 0) return
    const stream = client.query(from(rows.statement))
    stream.on('error', () => undefined)
    try {
      for (const part of rows.parts()) stream.write(part)
      stream.end()
      await finished(stream)
    } catch (error) {
      throw new CopyFailed(rows.statement, error)
    }
  }

/** As Drizzle's own error names the statement that failed, so that a lost database is recognised by it. */
class CopyFailed extends Error {
  override readonly name = 'CopyFailed'
  readonly query: string
  readonly params: readonly unknown[] = []

  constructor(query: string, cause: unknown) {
    super(`Failed query: ${query}`, { cause })
    this.query = query
  }
}
