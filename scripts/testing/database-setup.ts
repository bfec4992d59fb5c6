/** Vitest's global set-up: one PostgreSQL for the run, and in it one migrated database that the test files clone. */
import { rm } from 'node:fs/promises'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '#db/migrate.ts'
import { startPostgres } from '../postgres.ts'
import { sweepTemporaryDataDirs, temporaryDataDir } from './temporary-data-dir.ts'

/** The database that test files clone; nobody may be connected to it while they do. */
const TEMPLATE = 'template_prism_pod'

declare module 'vitest' {
  interface ProvidedContext {
    testServer: { url: string; template: string }
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await sweepTemporaryDataDirs()
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
