/** A backup holds what the database held, and a restore makes it again whole or not at all. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import journal from '#drizzle/meta/_journal.json' with { type: 'json' }
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../scripts/testing/test-database.ts'
import { backUp } from './backup.ts'
import { migrate, migrateTo, migrationsFolder } from './migrate.ts'
import { restore } from './restore.ts'
import { restore as fill } from './testing/filled/dump.ts'

const held = new AsyncDisposableStack()
let folder = ''
const dump = gunzipSync(readFileSync(new URL('testing/filled/database.sql.gz', import.meta.url))).toString()
/** Filled by an earlier version's syncs, and at this version. */
let filled: TestDatabase
let backup = ''

const empty = async (): Promise<TestDatabase> => {
  const database = await createEmptyDatabase()
  held.defer(() => database.drop())
  return database
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prism-pod-backup-'))
  held.defer(() => rm(folder, { recursive: true, force: true }))
  filled = await empty()
  await fill(filled.url, dump)
  await migrate(filled.url)
  await query(
    filled.url,
    String.raw`
    UPDATE organisations SET name = E'tab\t back\\slash \\. \\N ünïcode 😀' WHERE id = (SELECT id FROM organisations LIMIT 1);
    INSERT INTO pgboss.job (name, data, state) VALUES ('detect', '{"organisationId":"x\ny"}', 'active'), ('notify', '{}', 'created');`,
  )
  backup = join(folder, 'whole.backup')
  await backUp(filled.url, backup)
})
afterAll(() => held.disposeAsync())

const query = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Each table's rows as one hash, whatever order they lie in, and the next values of sequences. */
const contentOf = async (url: string): Promise<Record<string, unknown>> => {
  const tables = await query(
    url,
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'drizzle')`,
  )
  const content: Record<string, unknown> = {}
  for (const name of [...tables.map((row) => String(row['name'])), 'pgboss.job']) {
    const rows = await query(url, `SELECT t::text AS text FROM ${name} AS t`)
    const texts = rows.map((row) => String(row['text'])).sort()
    content[name] = `${texts.length} ${createHash('sha256').update(texts.join('\n')).digest('hex')}`
  }
  const sequences = await query(
    url,
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'",
  )
  return { ...content, sequences: sequences.map((row) => JSON.stringify(row)).sort() }
}

const without = (key: string, { [key]: _, ...content }: Record<string, unknown>): Record<string, unknown> =>
  content

/** The file with other text in it, its hash as it was. */
const changed = async (name: string, change: (text: Buffer) => Buffer): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, gzipSync(change(gunzipSync(await readFile(backup)))))
  return path
}
const header =
  (change: (header: Record<string, unknown>) => unknown) =>
  (text: Buffer): Buffer => {
    const end = text.indexOf(10)
    const read = JSON.parse(text.subarray(0, end).toString()) as Record<string, unknown>
    const body = Buffer.concat([Buffer.from(`${JSON.stringify(change(read))}\n`), text.subarray(end + 1)])
    const lastLine = body.lastIndexOf(10, body.length - 2) + 1
    const last = JSON.parse(body.subarray(lastLine).toString()) as Record<string, unknown>
    const sha256 = createHash('sha256').update(body.subarray(0, lastLine)).digest('hex')
    return Buffer.concat([
      body.subarray(0, lastLine),
      Buffer.from(`${JSON.stringify({ ...last, sha256 })}\n`),
    ])
  }

describe('a backup [I3]', () => {
  it('restored elsewhere is the same database: every row, the jobs, the migrations, what comes next', async () => {
    const target = await empty()
    const restored = await restore(target.url, backup)
    const before = await contentOf(filled.url)
    expect(Object.keys(before).length).toBeGreaterThan(50)
    expect(String(before['public.changes'])).not.toMatch(/^0 /)
    expect(String(before['pgboss.job'])).toMatch(/^2 /)
    expect(await contentOf(target.url)).toEqual(before)
    expect(restored.rows['public.organisations']).toBe(3)
    // Backed up again it is the same file, but for when it was made.
    await backUp(target.url, join(folder, 'again.backup'))
    const bodies = await Promise.all(
      [backup, join(folder, 'again.backup')].map(async (path) => {
        const lines = gunzipSync(await readFile(path))
          .toString()
          .split('\n')
        return lines.slice(1, -2).toSorted().join('\n')
      }),
    )
    expect(bodies[0] === bodies[1]).toBe(true)
  })

  it('is readable by its owner alone, and nothing half is left beside it', async () => {
    expect((await stat(backup)).mode & 0o777).toBe(0o600)
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('overwrites no file, and is none of a database without Prism Pod', async () => {
    const size = (await stat(backup)).size
    await expect(backUp(filled.url, backup)).rejects.toThrow('is there already')
    expect((await stat(backup)).size).toBe(size)
    await expect(backUp((await empty()).url, join(folder, 'nothing'))).rejects.toThrow('nothing to back up')
    expect(await readdir(folder)).not.toContain('nothing')
  })

  it('of an earlier version is brought to this one, as the database itself would have been', async () => {
    const earlier = await empty()
    await fill(earlier.url, dump)
    await migrateTo(earlier.url, await withoutNewest())
    const path = join(folder, 'earlier.backup')
    await backUp(earlier.url, path)
    const target = await empty()
    const { tag } = await restore(target.url, path)
    expect(tag).not.toBe(journal.entries.at(-1)?.tag)
    await migrate(earlier.url)
    // A week from when each was migrated.
    for (const { url } of [target, earlier]) await query(url, "UPDATE organisations SET packs_from = 'epoch'")
    expect(await contentOf(target.url)).toEqual(await contentOf(earlier.url))
  })
})

/** The migrations of the version before this one. */
const withoutNewest = async (): Promise<string> => {
  const older = join(folder, 'drizzle')
  await cp(migrationsFolder, older, { recursive: true })
  const entries = journal.entries.slice(0, -1)
  await writeFile(join(older, 'meta', '_journal.json'), JSON.stringify({ ...journal, entries }))
  return older
}

describe('a restore [I3]', () => {
  it('can switch Sync off for every program, for a copy beside a deployment that goes on', async () => {
    const target = await empty()
    await restore(target.url, backup, { isSyncOff: true })
    expect(await query(filled.url, 'SELECT 1 FROM programs WHERE enabled')).not.toEqual([])
    expect(await query(target.url, 'SELECT 1 FROM programs WHERE enabled')).toEqual([])
    const [before, after] = [await contentOf(filled.url), await contentOf(target.url)]
    expect(without('public.programs', after)).toEqual(without('public.programs', before))
  })

  it.each([
    ['is not there', () => Promise.resolve(join(folder, 'no.backup')), 'there is no such file'],
    ['is something else', () => changed('other', () => Buffer.from('SELECT 1;\n')), 'it is something else'],
    [
      'is no gzip',
      async () => {
        await writeFile(join(folder, 'plain'), 'PGDMP')
        return join(folder, 'plain')
      },
      'it is not, or not any more, what was written',
    ],
    [
      'was cut off on its way',
      async () => {
        await writeFile(join(folder, 'cut'), (await readFile(backup)).subarray(0, 5_000))
        return join(folder, 'cut')
      },
      'it ends too early',
    ],
    [
      'lacks its last line',
      () => changed('endless', (text) => text.subarray(0, text.lastIndexOf(10, -2) + 1)),
      'ends too early',
    ],
    [
      'was edited',
      () => changed('edited', (text) => Buffer.from(text.toString().replace('Northwind', 'Southwind'))),
      'changed after it was written',
    ],
    [
      'comes from a later version',
      () =>
        changed(
          'later',
          header((read) => ({ ...read, migration: { tag: '9999_later', when: 9e12 } })),
        ),
      'has the migration 9999_later, which this one does not know',
    ],
    [
      'has jobs of another version of the queue',
      () =>
        changed(
          'queue',
          header((read) => ({ ...read, queueVersion: 1 })),
        ),
      'queue has version 1',
    ],
  ])('leaves an empty database without a row where the file %s', async (_, file, words) => {
    const target = await empty()
    await expect(restore(target.url, await file())).rejects.toThrow(words)
    const tables = await query(target.url, "SELECT 1 FROM pg_tables WHERE tablename = 'organisations'")
    if (tables.length > 0) expect(await query(target.url, 'SELECT 1 FROM organisations')).toEqual([])
    // And the next one finds it empty.
    await restore(target.url, backup)
    expect(await query(target.url, 'SELECT count(*)::int AS n FROM organisations')).toEqual([{ n: 3 }])
  })

  it('takes no row where one of them is refused by the database', async () => {
    const target = await empty()
    const aMonth = /(\{"table":"public\.invoices".*\n(?:.*\n)*?.*?\t)20\d\d(-\d\d\t)/
    const path = await changed('wrong', (text) =>
      header((read) => read)(Buffer.from(text.toString().replace(aMonth, '$1once$2'))),
    )
    await expect(restore(target.url, path)).rejects.toThrow(
      /does not take the backup: .* Nothing was restored/,
    )
    expect(await query(target.url, 'SELECT 1 FROM organisations')).toEqual([])
    expect(await query(target.url, 'SELECT 1 FROM users')).toEqual([])
  })

  it('writes over nothing: neither an organisation nor tables of somebody else', async () => {
    const before = await contentOf(filled.url)
    await expect(restore(filled.url, backup)).rejects.toThrow('holds 3 organisations already')
    expect(await contentOf(filled.url)).toEqual(before)
    const foreign = await empty()
    await query(foreign.url, 'CREATE TABLE invoices_of_mine (id int)')
    await expect(restore(foreign.url, backup)).rejects.toThrow('tables that are not Prism Pod’s')
    expect(await query(foreign.url, "SELECT 1 FROM pg_tables WHERE tablename = 'organisations'")).toEqual([])
  })

  it('fills the database of an app that was started and not used yet', async () => {
    const started = await createTestDatabase()
    held.defer(() => started.drop())
    await query(started.url, "INSERT INTO first_owner_links (token_hash) VALUES ('x')")
    await restore(started.url, backup)
    expect(await query(started.url, 'SELECT 1 FROM first_owner_links')).toEqual([])
    expect(await contentOf(started.url)).toEqual(await contentOf(filled.url))
  })
})
