/** What `npm run demo` does on a machine that has nothing. Needs no browser. */
import { rm } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import { invoicesSchema } from '#app/api/schemas/invoices.ts'
import { monthSchema } from '#app/api/schemas/months.ts'
import { freePort } from '../scripts/ports.ts'
import { temporaryDataDir } from '../scripts/testing/temporary-data-dir.ts'
import { launchScript, type Started } from './testing/launched.ts'

let dataDir = ''
let demo: Started | undefined
test.beforeAll(async () => {
  dataDir = await temporaryDataDir()
})
test.afterAll(async () => {
  await demo?.stop()
  await rm(dataDir, { recursive: true, force: true })
})

test('one command starts it all with invented data: no account, key or database server; customers agree with PRISM to the cent [I1]', async () => {
  test.setTimeout(240_000)
  const ports = { app: await freePort(), connectWise: await freePort(), prism: await freePort() }
  demo = launchScript('scripts/demo.ts', {
    DATA_DIR: dataDir,
    PORT: String(ports.app),
    CONNECTWISE_STANDIN_PORT: String(ports.connectWise),
    PRISM_STANDIN_PORT: String(ports.prism),
  })
  await demo.says('Ctrl-C stops everything.')
  const [, app, email, password] = /Prism Pod +(\S+)\/ +\((\S+), (\S+)\)/.exec(demo.said()) ?? []
  const [, host] = /ConnectWise host screen +(\S+)/.exec(demo.said()) ?? []
  expect((await fetch(host ?? '')).status).toBe(200)

  const signedIn = await fetch(`${app}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: app ?? '' },
    body: JSON.stringify({ email, password }),
  })
  expect(signedIn.status).toBe(200)
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  const read = async (path: string): Promise<unknown> =>
    (await fetch(`${app}/api${path}`, { headers: { cookie } })).json()
  const rightOf = async (): Promise<number> => {
    const { invoices } = invoicesSchema.parse(await read('/invoices?program=microsoft-csp'))
    const newest = invoices.find(({ state }) => state === 'ready')
    if (newest === undefined) return 0
    const { rows } = monthSchema.parse(await read(`/programs/microsoft-csp/months/${newest.period}`))
    return rows.filter(
      ({ invoiced, billed }) => Number(invoiced.price) > 0 && invoiced.price === billed.price,
    ).length
  }
  await expect.poll(rightOf, { timeout: 60_000 }).toBeGreaterThan(3)
  expect(await demo.stop()).toBe(0)
})
