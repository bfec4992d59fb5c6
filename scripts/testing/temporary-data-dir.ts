import { existsSync, readFileSync, statfsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeAbandoned } from '../postgres.ts'

const PREFIX = 'prism-pod-test-'
const MEMORY = '/dev/shm'
const ENOUGH_BYTES = 6 * 1024 ** 3

/** What is free of a file system in memory and of the memory itself; 0 where there is none, as on other systems than Linux. */
function freeMemoryBytes(): number {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    const [, kilobytes] = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? []
    return Math.min(bavail * bsize, Number(kilobytes ?? 0) * 1024)
  } catch {
    return 0
  }
}

/** In memory where there is plenty, as a copy of the migrated database takes a tenth of the time there. */
const home = (): string => (freeMemoryBytes() < ENOUGH_BYTES ? tmpdir() : MEMORY)

/** A DATA_DIR for one run of tests, which other users can enter: PostgreSQL does not run as root. */
export async function temporaryDataDir(): Promise<string> {
  const folder = await mkdtemp(join(home(), PREFIX))
  await chmod(folder, 0o755)
  return folder
}

/** Stops and deletes what test runs left behind that were killed. */
export async function sweepTemporaryDataDirs(): Promise<void> {
  for (const home of [tmpdir(), MEMORY].filter(existsSync))
    for (const name of await readdir(home)) {
      const folder = join(home, name)
      if (!name.startsWith(PREFIX) || !existsSync(join(folder, 'postgres'))) continue
      await removeAbandoned(folder)
      if (!existsSync(join(folder, 'postgres'))) await rm(folder, { recursive: true, force: true })
    }
}
