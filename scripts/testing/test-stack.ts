/** The whole demo on free ports, with files of its own, for one worker of the browser tests. */
import { rm } from 'node:fs/promises'
import { freePort } from '../ports.ts'
import { type Stack, startStack } from '../stack.ts'
import { temporaryDataDir } from './temporary-data-dir.ts'

/** What must be stopped goes into `held`. */
export async function startTestStack(held: AsyncDisposableStack): Promise<Stack> {
  const dataDir = await temporaryDataDir()
  held.defer(() => rm(dataDir, { recursive: true, force: true }))
  const ports = { app: await freePort(), connectWise: await freePort(), prism: await freePort() }
  return startStack({ dataDir, ports, temporary: true, output: 'file', log: () => {} }, held)
}
