import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A DATA_DIR for one run of tests, which other users can enter: PostgreSQL does not run as root. */
export async function temporaryDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'prism-pod-'))
  await chmod(folder, 0o755)
  return folder
}
