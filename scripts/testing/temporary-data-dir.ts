import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeAbandoned } from '../postgres.ts'

const PREFIX = 'prism-pod-test-'

/** A DATA_DIR for one run of tests, which other users can enter: PostgreSQL does not run as root. */
export async function temporaryDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), PREFIX))
  await chmod(folder, 0o755)
  return folder
}

/** Stops and deletes what test runs left behind that were killed. */
export async function sweepTemporaryDataDirs(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const folder = join(tmpdir(), name)
    if (!name.startsWith(PREFIX) || !existsSync(join(folder, 'postgres'))) continue
    await removeAbandoned(folder)
    if (!existsSync(join(folder, 'postgres'))) await rm(folder, { recursive: true, force: true })
  }
}
