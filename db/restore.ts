/** A database out of the file of a backup: whole, or not at all. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { type CopyStreamQuery, from } from 'pg-copy-streams'
import journal from '#drizzle/meta/_journal.json' with { type: 'json' }
import { ProductError } from '#lib/base/errors.ts'
import { queueVersionOf } from './backup.ts'
import { type BackupEnd, type BackupHeader, type BackupTable, readBackup } from './backup-file.ts'
import { connected, migrate, migrateTo, migrationsFolder, newestApplied } from './migrate.ts'

export interface Restored {
  /** ISO, UTC. */
  readonly madeAt: string
  /** The newest migration that the backup had; the database is at this version's now. */
  readonly tag: string
  readonly rows: Readonly<Record<string, number>>
}

export interface RestoreOptions {
  /** Switches Sync off for every program, for a copy beside a deployment that goes on. */
  readonly isSyncOff?: boolean
}

/**
 * Fills a database in which there is no organisation yet, and brings it to this version. The file is looked at as a whole before
 * anything is written, and its rows come in one transaction. Throws `request-invalid` where the file is no whole backup, is of
 * another version that cannot be read here, or the database holds something; `database-unreachable`.
 */
export const restore = async (
  databaseUrl: string,
  path: string,
  options: RestoreOptions = {},
): Promise<Restored> => {
  const { header, end } = await lookedAt(path)
  if (
    !journal.entries.some(({ when, tag }) => when === header.migration.when && tag === header.migration.tag)
  )
    throw refused(
      `The backup was made by a version of the product that has the migration ${header.migration.tag}, which this one does not know. Restore it with that version or a later one.`,
    )
  const client = await connected(databaseUrl)
  try {
    await requireEmpty(client, header)
    await makeTables(databaseUrl, header)
    await requireSameQueue(client, header)
    await inTransaction(client, () => load(client, path, options))
  } finally {
    await client.end().catch(() => undefined)
  }
  await migrate(databaseUrl)
  return { madeAt: header.madeAt, tag: header.migration.tag, rows: end.rows }
}

const refused = (detail: string): ProductError => new ProductError('request-invalid', detail)

/** Reads the file once from its beginning to its end. */
const lookedAt = async (path: string): Promise<{ header: BackupHeader; end: BackupEnd }> => {
  let header: BackupHeader | undefined
  let end: BackupEnd | undefined
  for await (const part of readBackup(path)) {
    if (part.kind === 'header') header = part.header
    if (part.kind === 'end') end = part.end
  }
  if (header === undefined || end === undefined) throw new Error('A backup was read without its ends')
  return { header, end }
}

async function requireEmpty(client: pg.Client, { migration }: BackupHeader): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')",
  )
  if (rows.length === 0) return
  const applied = await newestApplied(client)
  if (applied === 0 || !rows.some(({ name }) => name === 'organisations'))
    throw refused('The database holds tables that are not Prism Pod’s. Restore into one that is empty.')
  const { rows: counted } = await client.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM organisations',
  )
  if (counted[0]?.count !== 0)
    throw refused(
      `The database holds ${counted[0]?.count} organisations already, and nothing is ever written over. Restore into one that is empty (another DATABASE_URL, or another DATA_DIR).`,
    )
  if (applied !== migration.when)
    throw refused(
      `The backup is at ${migration.tag}, and the database was brought to another version before. Restore into one that is empty (another DATABASE_URL, or another DATA_DIR).`,
    )
}

/** The tables as they were when the backup was made; `migrate` does the rest once the rows are in, as it would have done there. */
async function makeTables(databaseUrl: string, { migration }: BackupHeader): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'prism-pod-migrations-'))
  try {
    await cp(migrationsFolder, folder, { recursive: true })
    const entries = journal.entries.filter(({ when }) => when <= migration.when)
    await writeFile(join(folder, 'meta', '_journal.json'), JSON.stringify({ ...journal, entries }))
    await migrateTo(databaseUrl, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function requireSameQueue(client: pg.Client, { queueVersion }: BackupHeader): Promise<void> {
  const here = await queueVersionOf(client)
  if (here !== queueVersion)
    throw refused(
      `The backup’s queue has version ${queueVersion}, and this version of the product keeps jobs as version ${here}. Restore it with the version that made it, then start this one.`,
    )
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN')
  try {
    await work()
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    if (error instanceof ProductError) throw error
    throw refused(
      `The database does not take the backup: ${error instanceof Error ? error.message : String(error)}. Nothing was restored.`,
    )
  }
}

async function load(client: pg.Client, path: string, { isSyncOff = false }: RestoreOptions): Promise<void> {
  let copy: CopyStreamQuery | undefined
  const finish = async (): Promise<void> => {
    if (copy === undefined) return
    copy.end()
    await finished(copy)
    copy = undefined
  }
  const emptied = await truncateAll(client)
  for await (const part of readBackup(path)) {
    if (part.kind === 'rows') {
      if (copy !== undefined && !copy.write(part.rows)) await drained(copy)
      continue
    }
    await finish()
    if (part.kind === 'table') copy = copyInto(client, part.table, emptied)
    if (part.kind === 'end') await setSequences(client, part.end)
  }
  if (isSyncOff) await client.query('UPDATE programs SET enabled = false')
  await client.query('ANALYZE')
}

/** What migrations themselves put in, and what an app that ran without an organisation left; the names of the tables. */
async function truncateAll(client: pg.Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition OR n.nspname = 'pgboss' AND c.relname = 'job'`)
  const names = rows.map(({ name }) => name)
  await client.query(`TRUNCATE ${names.join(', ')}`)
  return new Set(names)
}

function copyInto(
  client: pg.Client,
  { table, columns }: BackupTable,
  known: ReadonlySet<string>,
): CopyStreamQuery {
  if (!known.has(table)) throw refused(`The backup has a table ${table} that this version does not know.`)
  const names = columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ')
  const copy = client.query(from(`COPY ${table} (${names}) FROM STDIN`))
  // Told by `finished`, or by the next write.
  copy.on('error', () => undefined)
  return copy
}

const drained = (copy: CopyStreamQuery): Promise<void> =>
  new Promise((resolve, reject) => {
    if (copy.errored) return reject(copy.errored)
    const done = (error?: Error | null): void => {
      copy.off('drain', done)
      copy.off('error', done)
      if (error instanceof Error) reject(error)
      else resolve()
    }
    copy.on('drain', done)
    copy.on('error', done)
  })

async function setSequences(client: pg.Client, { sequences }: BackupEnd): Promise<void> {
  for (const [name, last] of Object.entries(sequences))
    await client.query('SELECT setval($1::regclass, $2::bigint)', [name, last])
}
