/** Vitest's global set-up: one PostgreSQL for the run, and in it one migrated database that the test files clone. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../db/migrate.ts'
import { startPostgres } from '../postgres.ts'

/** The database that test files clone; nobody may be connected to it while they do. */
const TEMPLATE = 'template_prism_pod'

declare module 'vitest' {
  interface ProvidedContext {
    testServer: { url: string; template: string }
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await temporaryDataDir()
  const server = await startPostgres({ dataDir, temporary: true })
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(`create database ${TEMPLATE}`)
  await client.end()
  await migrate(databaseUrl(server.url, TEMPLATE))
  project.provide('testServer', { url: server.url, template: TEMPLATE })
  return async () => {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** The address of another database on the server of `url`. */
export function databaseUrl(url: string, database: string): string {
  const address = new URL(url)
  address.pathname = `/${database}`
  return address.href
}

/** A DATA_DIR for one run of tests, which other users can enter: PostgreSQL does not run as root. */
export async function temporaryDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'prism-pod-'))
  await chmod(folder, 0o755)
  return folder
}
