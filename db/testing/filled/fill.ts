/**
 * Makes `database.sql.gz` and `shown.json.gz` anew: `node db/testing/filled/fill.ts`. They stand for the databases of those
 * who have used the product, so they stay as an earlier version wrote them; new ones are a file of their own.
 */
import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { migrate } from '#db/migrate.ts'
import { startPostgres } from '../../../scripts/postgres.ts'
import { temporaryDataDir } from '../../../scripts/testing/temporary-data-dir.ts'
import { dumpOf, organisationsIn } from './dump.ts'
import { closeShown, shownOf } from './shown.ts'
import { tellAll } from './stories.ts'

const write = (name: string, text: string): Promise<void> =>
  writeFile(fileURLToPath(new URL(name, import.meta.url)), gzipSync(text, { level: 9 }))

const dataDir = await temporaryDataDir()
const server = await startPostgres({ dataDir, temporary: true })
try {
  await migrate(server.url)
  await tellAll(server.url)
  process.env.DATABASE_URL = server.url
  for (const name of ['SESSION_SECRET', 'ENCRYPTION_KEY', 'CRON_SECRET'])
    process.env[name] = randomBytes(32).toString('base64')
  const shown: Record<string, unknown> = {}
  for (const { id, name } of await organisationsIn(server.url)) shown[name] = await shownOf(id)
  await closeShown()
  await write('database.sql.gz', await dumpOf(server.url))
  await write('shown.json.gz', JSON.stringify(shown))
} finally {
  await server.stop()
  await rm(dataDir, { recursive: true, force: true })
}
