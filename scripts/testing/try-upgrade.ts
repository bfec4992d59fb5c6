/**
 * `npm run try-upgrade -- <commit>`, or a folder with a checkout of it: that version of the product fills a database with the
 * demo's six months; this version's migrations come beneath it while it runs, both serve for a while, this one takes over, and
 * that one is taken back to. After each step what the pages read must be what it was, a sync of all must write nothing, and the
 * next month must sync. Needs git and the npm registry; takes some minutes. The exit code is 1 where a step failed.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { migrate } from '#db/migrate.ts'
import { startConnectWise } from '#standin/connectwise/server.ts'
import { connectWiseSeed, prismSeed } from '#standin/data/index.ts'
import { startPrism } from '#standin/prism/prism.ts'
import { root } from '../app-build.ts'
import { type App, call, runJobs, signedIn } from '../app-caller.ts'
import { startChild } from '../children.ts'
import { setUpDemo } from '../demo-setup.ts'
import { freePort } from '../ports.ts'
import { startPostgres } from '../postgres.ts'
import { lostBetween } from './lost-between.ts'
import { temporaryDataDir } from './temporary-data-dir.ts'

const OWNER = { email: 'owner@demo.example', password: 'demo-owner-password' }
const CRON_SECRET = 'secret-of-one-trial-of-an-upgrade'
const PROGRAM = '/api/programs/microsoft-csp'
const READ = [
  PROGRAM,
  `${PROGRAM}/customers`,
  `${PROGRAM}/products`,
  `${PROGRAM}/renewals`,
  `${PROGRAM}/months/2026-08`,
  `${PROGRAM}/months/2026-08/reconciliation`,
  '/api/invoices',
  '/api/inbox',
  '/api/runs',
  '/api/people',
]
/** Differs from call to call: how long something has been so, when it was asked, what the answer is called. */
const OF_THE_MOMENT = /(At|Age|Since|Seconds)$|^(asOf|now|age|version|preview)$/

await using held = new AsyncDisposableStack()
const ref = process.argv[2]
if (ref === undefined) {
  console.error('Which version comes before? npm run try-upgrade -- <commit>')
  process.exit(2)
}

const step = (text: string): void => console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`)
const run = promisify(execFile)

async function checkOut(commit: string): Promise<string> {
  if (existsSync(join(commit, 'package.json'))) return resolve(commit)
  const folder = join(await temporaryFolder(), 'before')
  await run('git', ['clone', '--quiet', '--shared', '--no-checkout', root, folder])
  await run('git', ['checkout', '--quiet', '--detach', commit], { cwd: folder })
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder })
  return folder
}

async function temporaryFolder(): Promise<string> {
  const folder = await temporaryDataDir()
  held.defer(() => rm(folder, { recursive: true, force: true }))
  return folder
}

interface Version {
  readonly name: string
  readonly url: string
  stop(): Promise<void>
}

async function start(
  name: string,
  checkout: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Version> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const app = startChild({
    name,
    script: join(checkout, 'scripts', 'start.ts'),
    environment: { ...process.env, ...shared, PORT: String(port), APP_URL: url, ...more },
    output: join(dataDir, `${name}.log`),
  })
  held.defer(() => app.stop())
  await app.saysLine((line) => line.includes('runs at'))
  return { name, url, stop: () => app.stop() }
}

const dataDir = await temporaryFolder()
const postgres = await startPostgres({ dataDir, temporary: true })
held.defer(() => postgres.stop())
const [prism, connectWise] = await Promise.all([
  startPrism({ seed: prismSeed() }),
  startConnectWise({ seed: connectWiseSeed() }),
])
held.defer(async () => void (await Promise.all([prism.close(), connectWise.close()])))
const shared = {
  DATA_DIR: dataDir,
  DATABASE_URL: postgres.appUrl,
  LISTEN: '127.0.0.1',
  TRUSTED_HOSTS: [prism.url, connectWise.url].map((url) => new URL(url).host).join(','),
  PRISM_API_URL: prism.url,
  PRISM_IDENTITY_URL: prism.url,
  CONNECTWISE_REQUESTS_PER_MINUTE: '100000',
  CONNECTWISE_CLIENT_ID: 'd3b07384-d113-4ec6-a7a5-2f0c2a1b9f10',
  OWNER_EMAIL: OWNER.email,
  OWNER_PASSWORD: OWNER.password,
  CRON_SECRET,
}

const ownerOf = ({ url }: Version): Promise<App> => signedIn(url, OWNER)
const work = ({ url }: Version): Promise<void> => runJobs(url, CRON_SECRET)

/** What the pages read, by address; one that the version before has not yet is left out. */
async function saidBy(version: Version): Promise<Record<string, unknown>> {
  const app = await ownerOf(version)
  const said: Record<string, unknown> = {}
  for (const path of READ) {
    const answer = await app('GET', path, undefined, [404])
    if (answer.status === 404) step(`${version.name} has no ${path}.`)
    else said[path] = await answer.json()
  }
  const { customers } = said[`${PROGRAM}/customers`] as { customers: { tenantId: string }[] }
  for (const { tenantId } of customers) {
    const path = `${PROGRAM}/customers/${tenantId}/months`
    said[path] = await (await app('GET', path)).json()
  }
  return said
}

function mustSayAs(before: Record<string, unknown>, version: Version, said: Record<string, unknown>): void {
  const lost = lostBetween(before, said, OF_THE_MOMENT)
  for (const each of lost.slice(0, 20)) console.error(`  ${version.name} says otherwise: ${each}`)
  if (lost.length > 0) throw new Error(`${version.name} says ${lost.length} things otherwise.`)
}

const writesSoFar = (): number => {
  const { total, byMethod } = connectWise.requests.report()
  return total - (byMethod['GET'] ?? 0)
}

async function writesOfSyncAll(version: Version): Promise<number> {
  const before = writesSoFar()
  await (await ownerOf(version))('POST', `${PROGRAM}/customers/sync`, {})
  await work(version)
  return writesSoFar() - before
}

async function nextMonth(version: Version): Promise<number> {
  const before = writesSoFar()
  await call('POST', `${prism.url}/control/invoices/next`, { body: {} })
  await work(version)
  return writesSoFar() - before
}

step(`Installing and building ${ref} ...`)
const checkout = await checkOut(ref)
const old = await start('version-before', checkout)
step('The version before runs; the demo fills it ...')
await setUpDemo({
  appUrl: old.url,
  cronSecret: CRON_SECRET,
  connectWiseUrl: connectWise.url,
  prismUrl: prism.url,
  ...OWNER,
  log: step,
})
const before = await saidBy(old)

await migrate(postgres.appUrl)
step('The database is at this version; the version before still runs.')
mustSayAs(before, old, await saidBy(old))
mustBeNone(await writesOfSyncAll(old), 'A sync of all by the version before')
step(`It says what it said, and syncs the next month with ${mustBeSome(await nextMonth(old))} writes.`)

const both = await saidBy(old)
const present = await start('this-version', root)
mustSayAs(both, present, await saidBy(present))
mustBeNone(await writesOfSyncAll(present), 'A sync of all by this version')
step('This version says the same beside it, and a sync of all writes nothing.')
await old.stop()
step(`It took over, and syncs the next month with ${mustBeSome(await nextMonth(present))} writes.`)

const atLast = await saidBy(present)
await present.stop()
const again = await start('version-before-again', checkout, { ALLOW_NEWER_DATABASE: 'on' })
mustSayAs(await saidBy(again), again, atLast)
mustBeNone(await writesOfSyncAll(again), 'A sync of all after the way back')
step('Taken back to, the version before says the same, and a sync of all writes nothing.')

function mustBeNone(writes: number, what: string): void {
  if (writes > 0) throw new Error(`${what} wrote ${writes} times.`)
}

function mustBeSome(writes: number): number {
  if (writes === 0) throw new Error('The next month wrote nothing.')
  return writes
}
