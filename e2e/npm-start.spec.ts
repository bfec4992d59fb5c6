/** What `npm start` does on a machine: from nothing, with settings, again, and after a restore. Needs no browser. */
import { execFile } from 'node:child_process'
import { cp, mkdir, rm, stat } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@playwright/test'
import { root } from '../scripts/app-build.ts'
import { freePort } from '../scripts/ports.ts'
import { temporaryDataDir } from '../scripts/testing/temporary-data-dir.ts'
import { environment, launchScript, type Started } from './testing/launched.ts'

test.describe.configure({ mode: 'serial', timeout: 180_000 })

const email = 'owner@start.example'
const password = 'a long and quiet river'

const running = new Set<Started>()
let first = ''
let second = ''
test.beforeAll(async () => {
  first = await temporaryDataDir()
  second = await temporaryDataDir()
})
test.afterAll(async () => {
  await Promise.all([...running].map((each) => each.stop()))
  for (const folder of [first, second]) await rm(folder, { recursive: true, force: true })
})

function launch(more: Record<string, string>): Started {
  const started = launchScript('scripts/start.ts', more)
  running.add(started)
  return started
}

async function start(more: Record<string, string>): Promise<Started> {
  const started = launch(more)
  await started.says('Prism Pod runs at')
  return started
}

const command = async (
  script: string,
  words: readonly string[],
  more: Record<string, string>,
): Promise<string> => {
  const done = await promisify(execFile)(process.execPath, [script, ...words], {
    cwd: root,
    env: environment(more),
  })
  return `${done.stdout}${done.stderr}`
}

const send = (
  url: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: url.replace('127.0.0.1', 'localhost'),
      ...headers,
    },
    body: JSON.stringify(body),
  })
const signIn = (url: string): Promise<Response> => send(url, '/api/session', { email, password })
const cookieOf = (answer: Response): string => answer.headers.get('set-cookie')?.split(';')[0] ?? ''
const people = (url: string, cookie: string): Promise<Response> =>
  fetch(`${url}/api/people`, { headers: { cookie } })

let cookie = ''

test('from nothing it makes its database and secrets, listens on this machine alone, and leads to the first owner [I3]', async () => {
  const app = await start({ DATA_DIR: first, PORT: String(await freePort()) })
  expect(app.said()).toContain('which only this machine reaches')
  expect((await stat(join(first, 'secrets.json'))).mode & 0o777).toBe(0o600)
  const others = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  for (const { address } of others.filter(({ family, internal }) => family === 'IPv4' && !internal))
    await expect(fetch(`${app.url.replace('127.0.0.1', address)}/api/health`)).rejects.toThrow()
  const token = /\/welcome#([\w-]+)/.exec(app.said())?.[1]
  const made = await send(app.url, '/api/session/first-owner', {
    token,
    organisation: 'Start',
    email,
    name: 'Ann',
    password,
  })
  expect(made.status, await made.clone().text()).toBeLessThan(300)
  expect((await fetch(`${app.url}/api/health`)).status).toBe(200)
  expect(await app.stop()).toBe(0)
})

test('again it is the same: no link any more, the same owner; and a backup is made while it runs [I3]', async () => {
  const app = await start({ DATA_DIR: first, PORT: String(await freePort()) })
  expect(app.said()).not.toContain('/welcome#')
  const answer = await signIn(app.url)
  expect(answer.status).toBe(200)
  cookie = cookieOf(answer)
  expect(await command('scripts/backup.ts', [join(first, 'made.backup')], { DATA_DIR: first })).toMatch(
    /made\.backup holds .* rows of 1 organisation/,
  )
  expect((await people(app.url, cookie)).status).toBe(200)
  await app.stop()
})

test('after a restore elsewhere it goes on, with who is signed in [I3]', async () => {
  await mkdir(second, { recursive: true })
  await cp(join(first, 'secrets.json'), join(second, 'secrets.json'))
  const restored = await command('scripts/restore.ts', [join(first, 'made.backup')], { DATA_DIR: second })
  expect(restored).toMatch(/Restored .* rows of 1 organisation/)
  const app = await start({ DATA_DIR: second, PORT: String(await freePort()) })
  expect(app.said()).not.toContain('/welcome#')
  expect((await people(app.url, cookie)).status).toBe(200)
  expect((await signIn(app.url)).status).toBe(200)
  await app.stop()
})

test('with the least that a deployment gives it makes the owner of the environment and asks for nothing [I3]', async () => {
  const folder = await temporaryDataDir()
  try {
    const port = String(await freePort())
    const app = await start({
      DATA_DIR: folder,
      PORT: port,
      APP_URL: 'https://pod.example',
      SESSION_SECRET: 's'.repeat(40),
      ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      CRON_SECRET: 'c'.repeat(20),
      OWNER_EMAIL: email,
      OWNER_PASSWORD: password,
    })
    expect(app.said()).toContain('Prism Pod runs at https://pod.example')
    expect(app.said()).toContain('TRUSTED_PROXY is not set')
    const answer = await send(app.url, '/api/session', { email, password }, { origin: 'https://pod.example' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-prism-pod=.*; Secure/)
    await expect(stat(join(folder, 'secrets.json'))).rejects.toThrow()
    await app.stop()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

for (const [what, more, words] of [
  ['plain http beyond this machine', { APP_URL: 'http://pod.example' }, 'APP_URL must start with https://'],
  ['half of a pair', { SMTP_URL: 'smtp://mail.example' }, 'SMTP_URL and MAIL_FROM must be set together'],
  [
    'a database that is not there',
    { DATABASE_URL: 'postgres://a:b@127.0.0.1:9/c' },
    'nothing listens at its address',
  ],
  ['a short secret', { SESSION_SECRET: 'short' }, 'SESSION_SECRET must have at least 32 characters'],
] as const)
  test(`it ends with a sentence, and without a secret in it, because of ${what} [I3]`, async () => {
    const app = launch({ DATA_DIR: second, PORT: String(await freePort()), ...more })
    await expect.poll(() => app.child.exitCode, { timeout: 30_000 }).toBe(1)
    expect(app.said()).toContain(words)
    expect(app.said()).not.toMatch(/\n\s+at |a:b@/)
  })
