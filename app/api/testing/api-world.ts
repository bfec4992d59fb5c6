/** The whole API on a database of its own, against both stand-ins: requests go to the route files as Next would send them. */
import { randomBytes } from 'node:crypto'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { routeOf } from '#app/http/api-methods.ts'
import { createTestDatabase } from '../../../scripts/testing/test-database.ts'
import type { ConnectWiseSeed } from '../../../standin/connectwise/seed.ts'
import { startConnectWise } from '../../../standin/connectwise/server.ts'
import { connectWiseSeed, prismSeed } from '../../../standin/data/index.ts'
import { startPrism } from '../../../standin/prism/prism.ts'
import type { PrismSeed } from '../../../standin/prism/seed.ts'
import { expectFits } from './contract-of.ts'

const ROOT = join(import.meta.dirname, '..')
export const APP_URL = 'http://localhost:3000'
export const owner = { email: 'owner@northwind.example', password: 'a-long-owner-password' }
export const cronSecret = 'cron-secret-of-the-test'
/** Where the world is started with it as `OPERATOR_SECRET`. */
export const operatorSecret = 'operator-secret-of-the-test'

/** Every route file, as `connections/[kind]/test`, but for the one that answers what no other does. */
export const routeFiles: readonly string[] = globSync('**/route.ts', { cwd: ROOT })
  .map((path) => path.replaceAll('\\', '/').replace(/\/route\.ts$/, ''))
  .filter((file) => !file.includes('[['))

export interface ApiRequest {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}
export type CallApi = (method: string, path: string, request?: ApiRequest) => Promise<Response>

/** Set by `mockAfter`: what routes do once their answer has gone out. */
const afterwards: Promise<unknown>[] = []
export const after = (work: () => Promise<unknown> | undefined): void => {
  afterwards.push(Promise.resolve().then(work))
}

/** Waits for all that routes went on with after answering. */
export async function settled(): Promise<void> {
  for (let rounds = 0; afterwards.length > 0 && rounds < 100; rounds += 1)
    await Promise.all(afterwards.splice(0))
}

/** Every answer must be what the route's contract says. */
export const call: CallApi = async (method, path, { headers = {}, body } = {}) => {
  const url = new URL(path, APP_URL)
  const found = routeOf(routeFiles, url.pathname.replace(/^\/api\//, ''))
  if (found === null) throw new Error(`No route file answers ${path}`)
  const { file, params } = found
  const handlers = (await import(join(ROOT, file, 'route.ts'))) as Record<
    string,
    (request: Request, context: { params: Promise<unknown> }) => Promise<Response>
  >
  const handler = handlers[method]
  if (handler === undefined) throw new Error(`${file} has no ${method}`)
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const request: RequestInit = { method, headers: { host: url.host, ...type, ...headers } }
  if (body !== undefined) request.body = JSON.stringify(body)
  const answer = await handler(new Request(url, request), { params: Promise.resolve(params) })
  await expectFits(method, file, answer)
  return answer
}

export type ApiWorld = Awaited<ReturnType<typeof startApiWorld>>

/** Starts database and stand-ins and sets the environment, before any route is loaded. */
export async function startApiWorld(
  changes: Readonly<Record<string, string>> = {},
  seed = connectWiseSeed(),
  ofPrism = prismSeed(),
) {
  const [database, prism, connectWise] = await Promise.all([
    createTestDatabase(),
    startPrism({ seed: ofPrism }),
    startConnectWise({ seed }),
  ])
  const environment = {
    DATABASE_URL: database.url,
    APP_URL,
    SESSION_SECRET: randomBytes(32).toString('base64'),
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    CRON_SECRET: cronSecret,
    PRISM_API_URL: prism.url,
    PRISM_IDENTITY_URL: prism.url,
    CONNECTWISE_CLIENT_ID: 'd3b07384-d113-4ec6-a7a5-2f0c2a1b9f10',
    CONNECTWISE_REQUESTS_PER_MINUTE: '100000',
    TRUSTED_HOSTS: [prism.url, connectWise.url].map((url) => new URL(url).host).join(','),
    OWNER_EMAIL: owner.email,
    OWNER_PASSWORD: owner.password,
    ...changes,
  }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  return {
    prism,
    connectWise,
    prismInput: { ...clientOf(ofPrism), currency: 'AUD' },
    connectWiseInput: connectWiseInputOf(connectWise.url, seed),
    async issueNextInvoice() {
      await fetch(`${prism.url}/control/invoices/next`, { method: 'POST', body: '{}' })
    },
    /** The same invoice with one line less. */
    async reissueInvoice(id: string) {
      const address = `${prism.url}/control/invoices/${id}/csv`
      const lines = (await (await fetch(address)).text()).trimEnd().split('\n')
      await fetch(address, { method: 'PUT', body: lines.slice(0, -1).join('\n') })
    },
    async stop() {
      await settled()
      const { server } = await import('#app/process/process.ts')
      const { closeQueue } = await import('../../../lib/jobs/queue.ts')
      await closeQueue(server().db)
      await server().close()
      await Promise.all([prism.close(), connectWise.close()])
      await database.drop()
      vi.unstubAllEnvs()
      // The next world of the same file has another environment, which the process reads once.
      vi.resetModules()
      Reflect.deleteProperty(globalThis, 'prismPodServer')
    },
  }
}

function clientOf({ partners }: PrismSeed) {
  const client = partners[0]?.clients[0]
  if (client === undefined) throw new Error('The seed has a partner with a client')
  return client
}

/** What a person enters for a ConnectWise of that seed at an address. */
export function connectWiseInputOf(site: string, seed: ConnectWiseSeed) {
  const { companyId, publicKey, privateKey } = seed.site
  return { site, companyId, publicKey, privateKey }
}

/** Signs in as the owner. */
export const asOwner = async (): Promise<CallApi> =>
  withSessionOf(await call('POST', '/api/session', { body: owner }))

/** Calls as whoever the answer signed in: they carry its cookie and our own origin. */
export function withSessionOf(answer: Response): CallApi {
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return (method, path, { headers = {}, body } = {}) =>
    call(method, path, { headers: { cookie, origin: APP_URL, ...headers }, body })
}
