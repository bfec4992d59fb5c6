/** Reading all of an organisation as one moment has it, row by row, without holding any of it (I2). */
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import { to } from 'pg-copy-streams'
import { ProductError } from '#lib/base/errors.ts'
import { type Database, poolOf } from '../client.ts'
import { newestMigration } from '../health.ts'
import { leftOut } from './left-out.ts'
import { nameOf, organisationTables, tables } from './organisation-tables.ts'
import { unpacked } from './packed.ts'
import { packedPlans } from './tables.ts'

/** Any number that nothing else in this database locks on, with the organisation's. */
const lock = 7_246_004
/** A reader that holds its moment for longer than this is cut off. */
const LONGEST_MS = 30 * 60 * 1000
/** Of the parts that are handed on: whole lines. */
const PART_BYTES = 256 * 1024

/** What an export has of a table. */
export interface ExportedTable {
  readonly name: string
  readonly columns: readonly string[]
  /** Names of columns that are left out. */
  readonly without: readonly string[]
}

export interface OpenExport {
  /** The newest migration that this version knows: which columns there are. */
  readonly schema: string
  readonly tables: readonly ExportedTable[]
  /** Rows of a table as lines of JSON, whole lines in each part. */
  rowsOf(table: ExportedTable): AsyncGenerator<Buffer>
  /** Rows of the organisation that people read, an object each. @param query of `$organisation` */
  read(query: string): AsyncGenerator<Readonly<Record<string, unknown>>>
  close(): void
}

const isWhole = (key: string): boolean => leftOut[key as keyof typeof leftOut] === 'whole'
const keyOf = (table: PgTable): string => [...tables].find(([, each]) => each === table)?.[0] ?? ''

const exportedTables: readonly ExportedTable[] = organisationTables
  .filter((table) => !isWhole(keyOf(table)))
  .map((table) => {
    const out = leftOut[keyOf(table) as keyof typeof leftOut]
    const without: readonly string[] = out === 'nothing' || out === 'whole' ? [] : out
    const columns = getTableConfig(table).columns.map(({ name }) => name)
    return { name: nameOf(table), without, columns: columns.filter((name) => !without.includes(name)) }
  })
  .toSorted((a, b) => (a.name < b.name ? -1 : 1))

/**
 * Takes a connection of its own, to be given back by `close`, and one moment of the database. Throws `conflict` where an export of the
 * organisation is under way.
 */
export const openExport = async (db: Database, organisationId: string): Promise<OpenExport> => {
  if (!/^[0-9a-f-]{36}$/.test(organisationId)) throw new Error('An organisation has a UUID')
  const client = await poolOf(db).connect()
  let isOpen = true
  const close = (): void => {
    clearTimeout(longest)
    // Its transaction, and a copy that was broken off, end with the connection.
    if (isOpen) client.release(true)
    isOpen = false
  }
  const longest = setTimeout(close, LONGEST_MS)
  longest.unref()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows } = await client.query<{ mine: boolean }>(
      `SELECT pg_try_advisory_xact_lock(${lock}, hashtext($1)) AS mine`,
      [organisationId],
    )
    if (rows[0]?.mine !== true)
      throw new ProductError(
        'conflict',
        'An export of the organisation is under way. Wait until it has ended.',
      )
  } catch (error) {
    close()
    throw error
  }
  // JSON has none of these characters, so that nothing is quoted: each line is the very JSON.
  const copy = (query: string) => {
    const stream = client.query(
      to(`COPY (${query}) TO STDOUT (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')`),
    )
    // One that is broken off fails for nobody.
    stream.on('error', () => undefined)
    return stream
  }
  async function* lines(query: string): AsyncGenerator<Buffer> {
    let left: Buffer[] = []
    let bytes = 0
    for await (const chunk of copy(query)) {
      left.push(chunk as Buffer)
      bytes += (chunk as Buffer).length
      // A chunk is a row, and ends with its line's.
      if (bytes < PART_BYTES || (chunk as Buffer).at(-1) !== NEWLINE) continue
      yield Buffer.concat(left)
      left = []
      bytes = 0
    }
    if (bytes > 0) yield Buffer.concat(left)
  }
  const ofOrganisation = (query: string) => query.replaceAll('$organisation', `'${organisationId}'`)
  async function* read(query: string): AsyncGenerator<Readonly<Record<string, unknown>>> {
    for await (const part of lines(`SELECT row_to_json(r) FROM (${ofOrganisation(query)}) r`))
      for (const line of part.toString('utf8').split('\n'))
        if (line !== '') yield JSON.parse(line) as Record<string, unknown>
  }
  /** Packed plans as they were, a line each: whoever takes them out can read them. */
  async function* plans(): AsyncGenerator<Buffer> {
    for await (const row of read(
      "SELECT agreement_id, period, encode(packed, 'base64') AS packed FROM packed_plans WHERE organisation_id = $organisation",
    )) {
      const { agreement_id, period, packed } = row as { agreement_id: number; period: string; packed: string }
      const all = unpacked(Buffer.from(packed, 'base64')).map(({ runId, round, plan }) =>
        JSON.stringify({ organisation_id: organisationId, run_id: runId, agreement_id, period, round, plan }),
      )
      yield Buffer.from(`${all.join('\n')}\n`)
    }
  }
  return {
    schema: newestMigration.tag,
    tables: exportedTables,
    rowsOf: ({ name, columns }) =>
      name === nameOf(packedPlans)
        ? plans()
        : lines(
            `SELECT row_to_json(r) FROM (SELECT ${columns.map((each) => `"${each}"`).join(', ')} FROM "${name}"
             WHERE organisation_id = '${organisationId}') r`,
          ),
    read,
    close,
  }
}
const NEWLINE = 10
