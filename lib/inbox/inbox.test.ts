/** A page and the menu beside it share what they look for. */
import { drizzle } from 'drizzle-orm/node-postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, type OpenDatabase, openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { programs } from '#lib/programs/registry.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { inboxPage, waitingGroups, waitingIn } from './inbox.ts'
import type { InboxContext } from './source.ts'

let database: TestDatabase
let open: OpenDatabase
let asked: string[] = []
let ctx: InboxContext
beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url)
  const { id: organisationId } = await createOrganisation(open.db, { name: 'Northwind' })
  const db = drizzle({
    client: open.pool,
    logger: { logQuery: (query) => asked.push(query) },
  }) as unknown as Database
  await open.pool.query(
    "INSERT INTO users (organisation_id, email, role, waiting_since) VALUES ($1, 'new@northwind.example', 'viewer', now())",
    [organisationId],
  )
  ctx = { db, organisationId, program: programs[0].slug }
})
afterAll(async () => {
  await open.close()
  await database.drop()
})

it('a page that is given what waits looks only for what was decided, and shows the same [J1]', async () => {
  const query = { agreementIds: null, kind: null }
  const whole = await inboxPage(ctx, query, 1)
  const points = () => asked.filter((each) => each.includes('waiting_subscriptions')).length
  asked = []
  const waiting = waitingGroups(ctx, query)
  expect(waitingIn(await waiting)).toBe(1)
  expect(points()).toBe(1)
  expect(await inboxPage(ctx, query, 1, waiting)).toEqual(whole)
  expect(points()).toBe(1)
  expect(whole.groups.map(({ kind }) => kind)).toEqual(['wants-in'])
})
