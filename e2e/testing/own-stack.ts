/** The built app with a database and stand-ins of a test's own, where other tests' months and faults do not reach. */
import { rm } from 'node:fs/promises'
import { type RunningApp, startApp } from '../../scripts/app-server.ts'
import { freePort } from '../../scripts/ports.ts'
import { temporaryDataDir } from '../../scripts/testing/temporary-data-dir.ts'
import { prismPod } from '../../standin/data/index.ts'

export const owner = { email: 'owner@clean.example', password: 'a-long-owner-password' }
const operatorSecret = 'operator-secret-of-the-test'

export type Api = (method: string, path: string, request?: { readonly body?: unknown }) => Promise<Response>

/** Somebody at our API. */
export interface Caller {
  readonly api: Api
  /** Of a session, as a browser keeps it. */
  readonly cookie: { readonly name: string; readonly value: string }
}

export interface OwnStack extends RunningApp {
  readonly first: Caller
  /** Another organisation's owner, whom the operator invites. */
  readonly second: Caller
  /** The scheduled call, until nothing is left to do. */
  readonly work: () => Promise<void>
}

/** What must be stopped goes into `held`. @param standIns addresses of the stand-ins that it may reach */
export async function startOwnStack(
  prismUrl: string,
  standIns: readonly string[],
  held: AsyncDisposableStack,
): Promise<OwnStack> {
  const dataDir = await temporaryDataDir()
  held.defer(() => rm(dataDir, { recursive: true, force: true }))
  const port = await freePort()
  const app = await startApp(
    {
      dataDir,
      port,
      temporary: true,
      emptyDatabase: true,
      output: 'file',
      log: () => undefined,
      environment: {
        ...process.env,
        LISTEN: '127.0.0.1',
        // The stack that all other tests share has its own.
        DATABASE_URL: '',
        APP_URL: `http://localhost:${port}`,
        CRON_SECRET: '',
        TRUSTED_HOSTS: standIns.map((address) => new URL(address).host).join(),
        PRISM_API_URL: prismUrl,
        PRISM_IDENTITY_URL: prismUrl,
        PRISM_SIGN_IN_CLIENT_ID: prismPod.clientId,
        PRISM_SIGN_IN_CLIENT_SECRET: prismPod.clientSecret,
        CONNECTWISE_REQUESTS_PER_MINUTE: '100000',
        CONNECTWISE_CLIENT_ID: 'd3b07384-d113-4ec6-a7a5-2f0c2a1b9f10',
        OWNER_EMAIL: owner.email,
        OWNER_PASSWORD: owner.password,
        OPERATOR_SECRET: operatorSecret,
      },
    },
    held,
  )
  const { appUrl, cronSecret } = app
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })
  // The first organisation is made by the first request, as long as there is none.
  const first = callerOf(appUrl, await call('POST', `${appUrl}/api/session`, { body: owner }))
  const created = await call('POST', `${appUrl}/api/organisations`, {
    headers: bearer(operatorSecret),
    body: { name: 'Adventure Works', ownerEmail: 'owner@adventure.example' },
  })
  const { invitation } = (await created.json()) as { invitation: { link: string } }
  const accept = { token: invitation.link.split('#')[1], name: 'Owner', password: owner.password }
  return {
    ...app,
    first,
    second: callerOf(appUrl, await call('POST', `${appUrl}/api/session/invitation`, { body: accept })),
    async work() {
      for (let calls = 0; calls < 20; calls += 1) {
        const answer = await call('GET', `${appUrl}/api/cron/sync`, { headers: bearer(cronSecret) })
        if (((await answer.json()) as { jobsLeft: number }).jobsLeft === 0) return
      }
      throw new Error('Jobs are left')
    },
  }
}

interface Request {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

async function ask(method: string, url: string, { headers, body }: Request): Promise<Response> {
  const request: RequestInit = { method, headers: { 'content-type': 'application/json', ...headers } }
  if (body !== undefined) request.body = JSON.stringify(body)
  return fetch(url, request)
}

async function call(method: string, url: string, request: Request): Promise<Response> {
  const answer = await ask(method, url, request)
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${await answer.text()}`)
  return answer
}

function callerOf(appUrl: string, answer: Response): Caller {
  const [name = '', value = ''] = answer.headers.getSetCookie()[0]?.split(';')[0]?.split(/=(.*)/s) ?? []
  const headers = { cookie: `${name}=${value}`, origin: appUrl }
  return {
    cookie: { name, value },
    api: (method, path, request = {}) => ask(method, `${appUrl}${path}`, { headers, ...request }),
  }
}
