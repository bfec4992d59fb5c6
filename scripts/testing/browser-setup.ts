/** Playwright's global set-up: what the stacks of all its workers share. */
import { buildApp } from '../app-build.ts'
import { sweepTemporaryDataDirs } from './temporary-data-dir.ts'

export default async function setUp(): Promise<void> {
  await sweepTemporaryDataDirs()
  await buildApp(console.log)
}
