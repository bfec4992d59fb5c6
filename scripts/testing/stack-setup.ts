/** Playwright's global set-up: the whole demo on free ports, with files of its own. */
import { rm } from 'node:fs/promises'
import { freePort } from '../ports.ts'
import { startStack } from '../stack.ts'
import { sweepTemporaryDataDirs, temporaryDataDir } from './temporary-data-dir.ts'

/** Tests read the addresses from APP_URL, CONNECTWISE_URL and PRISM_URL, the rest from CRON_SECRET, OWNER_EMAIL and OWNER_PASSWORD. */
export default async function setUp(): Promise<() => Promise<void>> {
  const held = new AsyncDisposableStack()
  await sweepTemporaryDataDirs()
  const dataDir = await temporaryDataDir()
  held.defer(() => rm(dataDir, { recursive: true, force: true }))
  try {
    const ports = { app: await freePort(), connectWise: await freePort(), prism: await freePort() }
    const stack = await startStack(
      { dataDir, ports, temporary: true, output: 'file', log: console.log },
      held,
    )
    process.env.APP_URL = stack.appUrl
    process.env.CONNECTWISE_URL = stack.connectWiseUrl
    process.env.PRISM_URL = stack.prismUrl
    process.env.CRON_SECRET = stack.cronSecret
    process.env.OWNER_EMAIL = stack.owner.email
    process.env.OWNER_PASSWORD = stack.owner.password
  } catch (error) {
    await held.disposeAsync()
    throw error
  }
  return () => held.disposeAsync()
}
