/** A backup of the whole database as one file: what it held at one moment, while the app goes on. */
import { createHash } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type pg from 'pg'
import { to } from 'pg-copy-streams'
import journal from '#drizzle/meta/_journal.json' with { type: 'json' }
import { ProductError } from '#lib/base/errors.ts'
import { type BackupHeader, type BackupTable, countLines } from './backup-file.ts'
import { connected, newestApplied } from './migrate.ts'

export interface Backup {
  /** Of each table, by its name. */
  readonly rows: Readonly<Record<string, number>>
  readonly bytes: number
}

/**
 * Writes the database to a file that is not there yet, which only its owner can read: all tables and the queue's jobs, as one
 * moment saw them. Throws `request-invalid` where the file is there or the database is none of ours, `database-unreachable`.
 */
export const backUp = async (databaseUrl: string, path: string): Promise<Backup> => {
  if (existsSync(path))
    throw new ProductError('request-invalid', `${path} is there already. Name a file that is not.`)
  const client = await connected(databaseUrl)
  // Nobody takes a file that is only half there for a backup.
  const part = `${path}.part`
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const header = await headerOf(client)
    const written = new Written()
    await pipeline(
      Readable.from(partsOf(client, header, written)),
      createGzip({ level: 6 }),
      createWriteStream(part, { mode: 0o600, flags: 'wx' }),
    )
    await client.query('COMMIT')
    const bytes = await flushed(part)
    await rename(part, path)
    return { rows: Object.fromEntries(written.rows), bytes }
  } catch (error) {
    await rm(part, { force: true })
    throw error
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** What went into the file so far. */
class Written {
  readonly hash = createHash('sha256')
  readonly rows = new Map<string, number>()

  add(bytes: Buffer): Buffer {
    this.hash.update(bytes)
    return bytes
  }
}

async function* partsOf(client: pg.Client, header: BackupHeader, written: Written): AsyncGenerator<Buffer> {
  yield written.add(lineOf(header))
  for (const table of await tablesOf(client)) {
    yield written.add(lineOf(table))
    let rows = 0
    const names = table.columns.map((name) => `"${name}"`).join(', ')
    // Of a partitioned table COPY takes a query alone.
    const copy = client.query(to(`COPY (SELECT ${names} FROM ${table.table}) TO STDOUT`))
    for await (const chunk of copy) {
      rows += countLines(chunk as Buffer)
      yield written.add(chunk as Buffer)
    }
    yield written.add(Buffer.from('\\.\n'))
    written.rows.set(table.table, rows)
  }
  const sequences = await sequencesOf(client)
  yield lineOf({ rows: Object.fromEntries(written.rows), sequences, sha256: written.hash.digest('hex') })
}

const lineOf = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`)

async function headerOf(client: pg.Client): Promise<BackupHeader> {
  const when = await newestApplied(client)
  const migration = journal.entries.find((each) => each.when === when)
  if (migration === undefined)
    throw new ProductError(
      'request-invalid',
      when === 0
        ? 'The database holds nothing of Prism Pod: there is nothing to back up.'
        : 'A later version has migrated this database. Back it up with that version.',
    )
  return {
    format: 'prism-pod-backup',
    version: 1,
    madeAt: new Date().toISOString(),
    migration: { tag: migration.tag, when },
    queueVersion: await queueVersionOf(client),
  }
}

/** pg-boss's version of its tables. */
export const queueVersionOf = async (client: pg.Client): Promise<number> => {
  const { rows } = await client.query<{ version: number }>('SELECT version FROM pgboss.version')
  return rows[0]?.version ?? 0
}

/** Our tables, each after those that it refers to, and the queue's jobs; without columns that PostgreSQL works out. */
async function tablesOf(client: pg.Client): Promise<BackupTable[]> {
  const { rows } = await client.query<{ table: string; columns: string[]; needs: string[] }>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS table,
      (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
      (SELECT coalesce(array_agg(DISTINCT format('%I.%I', fn.nspname, fc.relname)), '{}')
       FROM pg_constraint k JOIN pg_class fc ON fc.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = fc.relnamespace
       WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid AND fn.nspname = 'public') AS needs
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       OR n.nspname = 'pgboss' AND c.relname = 'job'
    ORDER BY 1`)
  const ordered: BackupTable[] = []
  const isDone = (name: string): boolean => ordered.some(({ table }) => table === name)
  while (ordered.length < rows.length) {
    const next = rows.find(({ table, needs }) => !isDone(table) && needs.every(isDone))
    if (next === undefined) throw new Error('Tables refer to each other in a circle')
    ordered.push({ table: next.table, columns: next.columns })
  }
  return ordered
}

/** They belong to no moment, and only ever grow: asked last, they are at or beyond every row. */
async function sequencesOf(client: pg.Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; last: string }>(`
    SELECT format('%I.%I', schemaname, sequencename) AS name, last_value::text AS last
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL`)
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]))
}

/** Its size, once it is on the disk. */
async function flushed(path: string): Promise<number> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
    return (await file.stat()).size
  } finally {
    await file.close()
  }
}
