/** A database of its own for a benchmark, on a server that is not flushed to disk. */
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { removeAbandoned, startPostgres } from '#scripts/postgres.ts'

const PREFIX = 'prism-pod-bench-'

export interface BenchDatabase extends Pick<OpenDatabase, 'db' | 'pool'>, AsyncDisposable {
  readonly url: string
}

/** A folder for a database's files; what benchmarks left behind that were killed is deleted before. */
export async function dataDirOfBenchmark(): Promise<string> {
  await sweep()
  const dataDir = await mkdtemp(join(tmpdir(), PREFIX))
  // PostgreSQL does not run as root, and must get in.
  await chmod(dataDir, 0o755)
  return dataDir
}

export async function startDatabase(): Promise<BenchDatabase> {
  const dataDir = await dataDirOfBenchmark()
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

/** Stops and deletes what benchmarks left behind that were killed. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const folder = join(tmpdir(), name)
    if (!name.startsWith(PREFIX) || !existsSync(join(folder, 'postgres'))) continue
    await removeAbandoned(folder)
    if (!existsSync(join(folder, 'postgres'))) await rm(folder, { recursive: true, force: true })
  }
}
