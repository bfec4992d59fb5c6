/** One client a connection and process (docs/applying.md, "Jobs and time"). */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { connectionSchema } from './schemas/connections.ts'
import { type ApiWorld, type CallApi, settled } from './testing/api-world.ts'
import { scheduledCall, startOrganisation } from './testing/organisation.ts'
import { readAnswer } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

let world: ApiWorld
let api: CallApi
beforeAll(async () => {
  ;({ world, api } = await startOrganisation())
  await settled()
})
afterAll(() => world.stop())

const server = async () => (await import('#app/process/process.ts')).server()
const organisationId = async () => {
  const { rows } = await (await server()).db.execute<{ id: string }>(sql`SELECT id FROM organisations`)
  return rows[0]?.id ?? ''
}
const clients = async () => {
  const { connectWiseOf, prismOf } = await import('#app/process/clients.ts')
  const id = await organisationId()
  return { prism: await prismOf(id), connectWise: (await connectWiseOf(id)).client }
}
const tokens = () =>
  world.prism.requests.report().requests.filter(({ path }) => path.endsWith('/token')).length

it('is kept while the credentials stay, so that PRISM is asked for one token for all jobs', async () => {
  world.prism.requests.reset()
  await scheduledCall()
  await scheduledCall()
  expect(tokens()).toBe(1)
  const before = await clients()
  const after = await clients()
  expect(after.prism).toBe(before.prism)
  expect(after.connectWise).toBe(before.connectWise)
})

it('is another one as soon as credentials are entered, and only of that connection', async () => {
  const before = await clients()
  await readAnswer(api, connectionSchema, 'PUT', '/api/connections/prism', world.prismInput)
  const after = await clients()
  expect(after.prism).not.toBe(before.prism)
  expect(after.connectWise).toBe(before.connectWise)
})

it('has ConnectWise’s new codebase stored, so that the next client begins with it', async () => {
  const { db, clients: held } = await server()
  await db.execute(
    sql`UPDATE connections SET settings = settings || '{"codebase": "v2020_1"}' WHERE kind = 'connectwise'`,
  )
  // As a process that has begun since.
  held.connectWise.of(await organisationId(), 'none', () => ({}) as never)
  const { connectWise } = await clients()
  await connectWise.test()
  const codebase = async () => {
    const { rows } = await db.execute(
      sql`SELECT settings->>'codebase' AS codebase, settings->>'site' AS site FROM connections WHERE kind = 'connectwise'`,
    )
    return rows[0]
  }
  await expect.poll(codebase).toEqual({ codebase: 'v2025_1', site: world.connectWiseInput.site })
  expect((await clients()).connectWise).toBe(connectWise)
})
