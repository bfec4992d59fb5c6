/** A database of its own for a benchmark, on a server that is not flushed to disk. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { startPostgres } from '#scripts/postgres.ts'

export interface BenchDatabase extends Pick<OpenDatabase, 'db' | 'pool'>, AsyncDisposable {
  readonly url: string
}

export async function startDatabase(): Promise<BenchDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'prism-pod-bench-'))
  // PostgreSQL does not run as root, and must get in.
  await chmod(dataDir, 0o755)
  const postgres = await startPostgres({ dataDir, temporary: true })
  await migrate(postgres.url)
  const { db, pool, close } = openDatabase(postgres.url, { max: 20 })
  return {
    url: postgres.url,
    db,
    pool,
    async [Symbol.asyncDispose]() {
      await close()
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
