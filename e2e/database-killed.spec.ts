/** `npm start` with its embedded PostgreSQL, which is killed in the middle of a month's syncs. */
import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from '@playwright/test'
import { type Child, startChild } from '#scripts/children.ts'
import { freePort } from '#scripts/ports.ts'
import { temporaryDataDir } from '#scripts/testing/temporary-data-dir.ts'
import { type ConnectWise, createConnectWise } from '#standin/connectwise/server.ts'
import { connectWiseSeed, demoMappings, prismClient, prismSeed } from '#standin/data/index.ts'
import { createPrism } from '#standin/prism/prism.ts'
import { killAtOnce } from '../scripts/testing/kill-at-once.ts'
import { expectNoFinding } from './accessible.ts'
import { test } from './test.ts'

const PROGRAM = '/api/programs/microsoft-csp'
const operatorSecret = 'operator-secret-of-the-test'
const cronSecret = 'cron-secret-of-the-test'
const owner = { email: 'owner@clean.example', password: 'a-long-owner-password' }

const held = new AsyncDisposableStack()
test.afterAll(() => held.disposeAsync())

interface Started {
  readonly appUrl: string
  readonly dataDir: string
  readonly launcher: Child
  /** The main process of its PostgreSQL. */
  mainProcess(): Promise<number>
}

async function startPrismPod(prismUrl: string, trusted: readonly string[]): Promise<Started> {
  const dataDir = await temporaryDataDir()
  held.defer(() => rm(dataDir, { recursive: true, force: true }))
  const port = await freePort()
  const launcher = startChild({
    name: 'launcher',
    script: join(import.meta.dirname, '..', 'scripts', 'start.ts'),
    environment: {
      ...process.env,
      DATABASE_URL: '',
      APP_URL: '',
      DATA_DIR: dataDir,
      PORT: String(port),
      TRUSTED_HOSTS: trusted.map((address) => new URL(address).host).join(','),
      PRISM_API_URL: prismUrl,
      PRISM_IDENTITY_URL: prismUrl,
      CONNECTWISE_REQUESTS_PER_MINUTE: '100000',
      CONNECTWISE_TIMEOUT_MS: '1000',
      CONNECTWISE_CLIENT_ID: 'd3b07384-d113-4ec6-a7a5-2f0c2a1b9f10',
      OWNER_EMAIL: owner.email,
      OWNER_PASSWORD: owner.password,
      OPERATOR_SECRET: operatorSecret,
      CRON_SECRET: `${cronSecret}\n`,
    },
    output: join(dataDir, 'launcher.log'),
  })
  held.defer(() => launcher.stop())
  await launcher.saysLine((line) => line.startsWith('Prism Pod runs at'))
  const lock = join(dataDir, 'postgres', 'data', 'postmaster.pid')
  const mainProcess = async () => Number((await readFile(lock, 'utf8')).split('\n')[0])
  return { appUrl: `http://127.0.0.1:${port}`, dataDir, launcher, mainProcess }
}

interface Call {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

async function call(method: string, url: string, { headers, body }: Call = {}): Promise<Response> {
  const request: RequestInit = { method, headers: { 'content-type': 'application/json', ...headers } }
  if (body !== undefined) request.body = JSON.stringify(body)
  const answer = await fetch(url, request)
  expect(answer.ok, `${method} ${url}: ${answer.status}`).toBe(true)
  return answer
}

const runJobs = async (appUrl: string): Promise<void> => {
  const headers = { authorization: `Bearer ${cronSecret}` }
  for (;;) {
    const answer = await call('GET', `${appUrl}/api/cron/sync`, { headers })
    if (((await answer.json()) as { jobsLeft: number }).jobsLeft === 0) return
  }
}

type Api = (method: string, path: string, body?: unknown) => Promise<Response>

const cookieOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ')

const signedIn = (appUrl: string, answer: Response): Api => {
  const headers = { cookie: cookieOf(answer), origin: `http://localhost:${new URL(appUrl).port}` }
  return (method, path, body) => call(method, `${appUrl}${path}`, { headers, body })
}

/** A second organisation, whose owner the operator invites. */
async function secondOwner(appUrl: string): Promise<Api> {
  const created = await call('POST', `${appUrl}/api/organisations`, {
    headers: { authorization: `Bearer ${operatorSecret}` },
    body: { name: 'Disturbed', ownerEmail: 'owner@disturbed.example' },
  })
  const { invitation } = (await created.json()) as { invitation: { link: string } }
  const accept = { token: invitation.link.split('#')[1], name: 'Owner', password: owner.password }
  return signedIn(appUrl, await call('POST', `${appUrl}/api/session/invitation`, { body: accept }))
}

const connect = async (api: Api, connectWiseUrl: string): Promise<void> => {
  await api('PUT', '/api/connections/prism', { ...prismClient, currency: 'AUD' })
  const { companyId, publicKey, privateKey } = connectWiseSeed().site
  await api('PUT', '/api/connections/connectwise', { site: connectWiseUrl, companyId, publicKey, privateKey })
  await api('PUT', PROGRAM, { enabled: true, syncAzure: true })
}

const mapCustomers = async (api: Api): Promise<void> => {
  for (const { tenantId, companyId, agreementId } of demoMappings())
    await api('PUT', `${PROGRAM}/customers/${tenantId}/mapping`, {
      companyId,
      agreementId,
      syncEnabled: true,
    })
}

/** What ConnectWise bills from. */
const additionsOf = ({ store }: ConnectWise): string[] =>
  store
    .all('additions')
    .map(
      ({
        agreementId,
        product,
        serialNumber,
        effectiveDate,
        cancelledDate,
        quantity,
        unitCost,
        unitPrice,
      }) => {
        const { identifier } = product as { identifier?: string }
        const row = [
          agreementId,
          identifier,
          serialNumber,
          effectiveDate,
          cancelledDate,
          quantity,
          unitCost,
          unitPrice,
        ]
        return JSON.stringify(row)
      },
    )
    .sort()

const runOf = async (api: Api) => {
  const answer = await api('GET', `/api/runs?kind=customers`)
  const { runs } = (await answer.json()) as { runs: { state: string; status: string; trigger: string }[] }
  return runs.map(({ state, status }) => ({ state, status }))
}

const writes = ({ requests }: ConnectWise): number =>
  requests.report().requests.filter(({ method }) => method !== 'GET').length

test.describe.configure({ mode: 'serial', timeout: 180_000 })

let started: Started
let clean: ConnectWise
let disturbed: ConnectWise
let first: Api
let second: Api

test.beforeAll(async () => {
  test.setTimeout(180_000)
  const prism = createPrism({ seed: prismSeed(), issuedAtStart: 1 })
  clean = createConnectWise({ seed: connectWiseSeed() })
  disturbed = createConnectWise({ seed: connectWiseSeed() })
  const servers = [prism, clean, disturbed]
  const [prismUrl = '', cleanUrl = '', disturbedUrl = ''] = await Promise.all(
    servers.map((each) => each.listen(0)),
  )
  held.defer(async () => {
    await Promise.all(servers.map((each) => each.close()))
  })
  started = await startPrismPod(prismUrl, [prismUrl, cleanUrl, disturbedUrl])
  const { appUrl } = started
  first = signedIn(appUrl, await call('POST', `${appUrl}/api/session`, { body: owner }))
  second = await secondOwner(appUrl)
  await connect(first, cleanUrl)
  await connect(second, disturbedUrl)
  await runJobs(appUrl)
  await mapCustomers(first)
  await runJobs(appUrl)
  await mapCustomers(second)
})

/** Nothing of the app has ended: the launcher would have ended with it. */
const unchanged = 'the same launcher and app'
const isTheSame = (): Promise<string> => Promise.race([started.launcher.ended, sleep(10, unchanged)])

test('a month whose database is killed ends as an undisturbed one, in the same process and without a hand [H7]', async () => {
  const { appUrl, mainProcess } = started
  disturbed.faults.add([{ kind: 'latency', method: 'POST', path: '*/additions', ms: 100 }])
  const scheduled = fetch(`${appUrl}/api/cron/sync`, { headers: { authorization: `Bearer ${cronSecret}` } })
  const before = writes(disturbed)
  await expect.poll(() => writes(disturbed) - before, { intervals: [20] }).toBeGreaterThan(8)
  const killed = await mainProcess()
  killAtOnce(killed)

  const health = await fetch(`${appUrl}/api/health`)
  expect(health.status).toBe(503)
  expect(health.headers.get('retry-after')).toBe('5')
  const problem = (await health.json()) as { code: string; detail: string }
  expect(problem.code).toBe('database-unreachable')
  expect(problem.detail).toMatch(
    /^The database cannot be reached: .+ It is away since .+ UTC\. It is being started again\.$/,
  )
  await expect.poll(async () => (await fetch(`${appUrl}/api/health`)).status, { timeout: 20_000 }).toBe(200)
  expect(await mainProcess()).not.toBe(killed)

  expect((await scheduled).status).toBe(200)
  await expect.poll(() => runOf(second), { timeout: 90_000 }).toEqual(await runOf(first))
  expect(additionsOf(disturbed)).toEqual(additionsOf(clean))
  expect(await isTheSame()).toBe(unchanged)
})

test('while the database is away every answer says so, and a page comes back by itself [H7]', async ({
  page,
}) => {
  const { appUrl, dataDir, mainProcess } = started
  const data = join(dataDir, 'postgres', 'data')
  const cookie = cookieOf(await call('POST', `${appUrl}/api/session`, { body: owner }))
  const killed = await mainProcess()
  // Nothing starts from a folder that is not there.
  await rename(data, `${data}.away`)
  killAtOnce(killed)

  const asked = performance.now()
  await expect.poll(async () => (await fetch(`${appUrl}/api/health`)).status, { intervals: [50] }).toBe(503)
  expect(performance.now() - asked).toBeLessThan(6_000)
  for (const path of ['/api/session', `${PROGRAM}/customers`, '/api/cron/sync']) {
    const headers = path.includes('cron') ? { authorization: `Bearer ${cronSecret}` } : { cookie }
    const answer = await fetch(`${appUrl}${path}`, { headers })
    expect([path, answer.status, answer.headers.get('retry-after')]).toEqual([path, 503, '5'])
    expect(((await answer.json()) as { code: string }).code).toBe('database-unreachable')
  }
  const pod = await fetch(`${appUrl}/pods/agreement?org=any&id=1`)
  expect(pod.status).toBe(503)
  expect(pod.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src .*; frame-ancestors \*$/,
  )
  const shown = await page.goto(`http://localhost:${new URL(appUrl).port}/sign-in`)
  expect(shown?.status()).toBe(503)
  await expect(page.getByRole('heading', { name: 'The database cannot be reached.' })).toBeVisible()
  await expectNoFinding(page)

  await rename(`${data}.away`, data)
  await expect(page.getByLabel('E-mail')).toBeVisible({ timeout: 40_000 })
  expect(await isTheSame()).toBe(unchanged)
})
