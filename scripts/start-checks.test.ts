/** What `npm start` refuses before anything runs, each by its sentence, and what it merely says. */
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { putConnection } from '#db/connections/connections.ts'
import { createOrganisation, organisationIds } from '#db/directory/organisations.ts'
import { newestMigration } from '#db/health.ts'
import { migrate } from '#db/migrate.ts'
import { roleOfUs } from '#db/role.ts'
import { ensureFirstOwner } from '#lib/auth/first-owner.ts'
import { readEnv } from '#lib/base/env.ts'
import { Secret, sealerOf } from '#lib/base/secrets.ts'
import { forgetUnreadable, sealedWithOtherKeys } from '#lib/setup/reseal.ts'
import { freePort } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { oddities, prepareDatabase, whereItListens } from './start-checks.ts'
import { databaseUrl } from './testing/database-setup.ts'
import { temporaryDataDir } from './testing/temporary-data-dir.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'

const aKey = (): string => randomBytes(32).toString('base64')
const key = aKey()
let database: TestDatabase
const environment = (more: Record<string, string> = {}) =>
  readEnv({
    DATABASE_URL: database.url,
    SESSION_SECRET: 's'.repeat(32),
    ENCRYPTION_KEY: key,
    CRON_SECRET: 'c'.repeat(16),
    ...more,
  })

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

describe('a start [I3]', () => {
  it('goes on where everything fits', async () => {
    await expect(prepareDatabase(database.url, environment())).resolves.toBeUndefined()
  })

  it('is refused where the keys of the environment do not open what the database holds, until they do', async () => {
    const { db, close } = openDatabase(database.url, { max: 1 })
    try {
      const { id } = await createOrganisation(db, { name: 'Sealed' })
      const sealer = sealerOf(environment().encryptionKeys)
      const owner = { organisationId: id, kind: 'prism' }
      await putConnection(db, id, {
        kind: 'prism',
        settings: { clientId: 'x', currency: 'AUD', accountName: null },
        sealed: sealer.seal(new Secret('top'), owner),
        sealKeyId: sealer.keyId,
      })
      const other = aKey()
      const refusal = prepareDatabase(database.url, environment({ ENCRYPTION_KEY: other }))
      await expect(refusal).rejects.toThrow(`1 by the key ${sealer.keyId}`)
      await expect(refusal).rejects.toThrow('npm run reseal -- --forget')
      // With the key of then behind the new one it goes on, and nothing is forgotten.
      const both = environment({ ENCRYPTION_KEY: `${other},${key}` })
      await prepareDatabase(database.url, both)
      expect(await forgetUnreadable(db, sealerOf(both.encryptionKeys))).toEqual([])
      // With the key lost, what it sealed is given up, and that is audited.
      const without = environment({ ENCRYPTION_KEY: other })
      expect(await forgetUnreadable(db, sealerOf(without.encryptionKeys))).toEqual([`${id} prism`])
      expect(await sealedWithOtherKeys(db, sealerOf(without.encryptionKeys))).toEqual([])
      await prepareDatabase(database.url, without)
      const { rows } = await db.execute(
        sql`SELECT actor, action FROM audit_events WHERE organisation_id = ${id}`,
      )
      expect(rows).toEqual([{ actor: 'the operator, by npm run reseal', action: 'disconnect-prism' }])
    } finally {
      await close()
    }
  })

  it('is refused where OWNER_PASSWORD is tried first and would be the first owner’s, and nobody is made of it', async () => {
    const empty = await createTestDatabase()
    const { db, close } = openDatabase(empty.url, { max: 1 })
    const weak = environment({ OWNER_EMAIL: 'ann@northwind.example', OWNER_PASSWORD: 'Password123!' })
    const good = environment({ OWNER_EMAIL: 'ann@northwind.example', OWNER_PASSWORD: 'a quiet river' })
    try {
      const refused = prepareDatabase(empty.url, weak)
      await expect(refused).rejects.toThrow(/^OWNER_PASSWORD .* tried first\. Choose another/)
      await expect(refused).rejects.not.toThrow('Password123')
      // What starts otherwise makes nobody of it either.
      await ensureFirstOwner(db, weak.owner)
      expect(await organisationIds(db)).toEqual([])
      await prepareDatabase(empty.url, good)
      await ensureFirstOwner(db, good.owner)
      expect(await organisationIds(db)).toHaveLength(1)
      // From then on nothing reads it.
      await prepareDatabase(empty.url, weak)
    } finally {
      await close()
      await empty.drop()
    }
  })

  it('is refused on a database of a later version, unless that is meant', async () => {
    const { db, close } = openDatabase(database.url, { max: 1 })
    const later = sql`created_at = ${newestMigration.when + 1}`
    try {
      await db.execute(
        sql`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('later', ${newestMigration.when + 1})`,
      )
      await expect(prepareDatabase(database.url, environment())).rejects.toThrow(
        `beyond ${newestMigration.tag}`,
      )
      await prepareDatabase(database.url, environment({ ALLOW_NEWER_DATABASE: 'on' }))
    } finally {
      await db.execute(sql`DELETE FROM drizzle.__drizzle_migrations WHERE ${later}`)
      await close()
    }
  })

  it('says which database it cannot reach, and why', async () => {
    const address = new URL(database.url)
    const at = (change: (url: URL) => void): string => {
      const url = new URL(database.url)
      change(url)
      return url.href
    }
    const free = await freePort()
    const cases: [string, RegExp][] = [
      [
        at((url) => (url.port = String(free))),
        new RegExp(`nothing listens at its address\\. .*127\\.0\\.0\\.1:${free}`),
      ],
      [
        at((url) => (url.hostname = 'no-such-host.invalid')),
        /name of its server is not found.*no-such-host\.invalid/,
      ],
      [at((url) => (url.password = 'wrong')), /refuses the user or the password/],
      [databaseUrl(database.url, 'no_such'), /no database of this name.*“no_such”/],
      [`${database.url}?sslmode=verify-full`, /offers no encryption/],
    ]
    for (const [url, words] of cases) {
      const refusal = migrate(url)
      await expect(refusal, url.replace(address.password, '…')).rejects.toThrow(words)
      await expect(refusal).rejects.not.toThrow(address.password)
    }
  })

  it('waits for a server that takes connections and says nothing no longer than some seconds', async () => {
    const server = createServer(() => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const bound = server.address()
    const port = typeof bound === 'object' ? bound?.port : 0
    await expect(migrate(`postgres://a:b@127.0.0.1:${port}/c`)).rejects.toThrow('does not answer in time')
    server.close()
  })

  it('names what works and is seldom meant', async () => {
    const odd = (more: Record<string, string>) =>
      oddities(database.url, { ...environment(more), embeddedDatabase: true })
    expect(await odd({})).toEqual([])
    expect(await odd({ APP_URL: 'https://pod.example' })).toEqual([
      expect.stringMatching(/^TRUSTED_PROXY is not set/),
    ])
    expect(await odd({ APP_URL: 'https://pod.example', TRUSTED_PROXY: '1', LISTEN: '0.0.0.0' })).toEqual([])
    expect(await odd({ LISTEN: '0.0.0.0' })).toEqual([
      expect.stringMatching(/beyond this machine.*without https/),
    ])
    // The tests' own user is one.
    expect(await oddities(database.url, environment())).toEqual([expect.stringContaining('is a superuser')])
  })

  it('says where it listens', () => {
    expect(whereItListens(environment())).toMatch(/127\.0\.0\.1, port 3000, which only this machine/)
    expect(whereItListens(environment({ LISTEN: '10.1.2.3' }))).toBe('It listens on 10.1.2.3, port 3000.')
    expect(whereItListens(environment({ LISTEN: '::', PORT: '80' }))).toMatch(
      /port 80 of every network address/,
    )
  })
})

describe('the app on the embedded database', () => {
  it('owns its database and is no superuser, also where it was one before, and does all it does as that', async () => {
    const dataDir = await temporaryDataDir()
    const first = await startPostgres({ dataDir, temporary: true })
    try {
      // As versions before did: everything is the superuser's.
      await migrate(first.url)
      const again = await startPostgres({ dataDir, temporary: true })
      expect(again.appUrl).toBe(first.appUrl)
      await prepareDatabase(again.appUrl, environment({ DATABASE_URL: again.appUrl }))
      const { db, close } = openDatabase(again.appUrl, { max: 1 })
      try {
        expect(await roleOfUs(db)).toEqual({ name: 'prism_pod_app', isSuperuser: false })
        const foreign = await db.execute(sql`
          SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE nspname IN ('public', 'drizzle', 'pgboss') AND pg_get_userbyid(relowner) <> current_user`)
        expect(foreign.rows).toEqual([])
        // What a later migration may do.
        await db.execute(sql`ALTER TABLE pgboss.job ADD COLUMN later text`)
        await db.execute(sql`ALTER TABLE runs ADD COLUMN later text`)
        await expect(db.execute(sql`CREATE ROLE another SUPERUSER`)).rejects.toThrow()
        await expect(db.execute(sql`SELECT pg_read_file('/etc/passwd')`)).rejects.toThrow()
        await expect(db.execute(sql`COPY runs TO PROGRAM 'cat'`)).rejects.toThrow()
      } finally {
        await close()
      }
      // Without the role's password nobody gets in as it.
      const url = new URL(first.appUrl)
      url.password = 'prism_pod_app'
      await expect(new pg.Client({ connectionString: url.href }).connect()).rejects.toThrow('password')
    } finally {
      await first.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
  })
})
