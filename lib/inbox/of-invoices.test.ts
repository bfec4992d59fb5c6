/** What becomes of the credits of invoices that wait for a pick (F1), however many wait. */
import { drizzle } from 'drizzle-orm/node-postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, type OpenDatabase, openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { invoicesOf } from '#db/prism/invoices.ts'
import { programs } from '#lib/programs/registry.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { creditsOf, invoices } from './of-invoices.ts'
import type { InboxContext } from './source.ts'

const [{ slug: program }] = programs
const months = ['2026-07', '2026-08', '2026-09']
let database: TestDatabase
let open: OpenDatabase
let asked: string[] = []
let ctx: InboxContext
beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url)
  const { id: organisationId } = await createOrganisation(open.db, { name: 'Northwind' })
  const logger = { logQuery: (query: string) => asked.push(query) }
  const db = drizzle({ client: open.pool, logger }) as unknown as Database
  // Of each month an invoice that is held, with a credit of its own and a line of the next month's first day.
  await open.pool.query(
    `INSERT INTO invoices (organisation_id, program, id, prism_invoice_id, program_name, period, state, line_count, total_cost, total_price)
     SELECT $1, $2, 'invoice-' || p, 'invoice-' || p, '', p, 'held', 3, 0, 0 FROM unnest($3::text[]) p`,
    [organisationId, program, months],
  )
  await open.pool.query(
    `INSERT INTO invoice_lines (organisation_id, program, invoice_id, period, row, subscription_id, customer_name, primary_domain_name,
       agreement_number, offer_name, first_day, last_day, description, quantity, unit_cost, unit_price, cost, price)
     SELECT $1, $2, 'invoice-' || p, p, n, 'sub-' || n, '', '', '', 'Visio', (p || '-01')::date,
       CASE n WHEN 3 THEN (p || '-01')::date + interval '1 month' ELSE (p || '-28')::date END, '', 1, 8, 10, 8,
       CASE n WHEN 2 THEN -substr(p, 6)::numeric ELSE 10 END
     FROM unnest($3::text[]) p, generate_series(1, 3) n`,
    [organisationId, program, months],
  )
  ctx = { db, organisationId, program }
})
afterAll(async () => {
  await open.close()
  await database.drop()
})

it('is each invoice’s own, by its own month, and two statements tell it of all [F1]', async () => {
  const held = await invoicesOf(open.db, ctx.organisationId, program)
  asked = []
  const credits = await creditsOf(ctx, held)
  expect(asked).toHaveLength(2)
  const wanted = [
    ['07', '3'],
    ['08', '2'],
    ['09', '1'],
  ].map(([month, price]) => [`invoice-2026-${month}`, [{ why: 'nobodys', count: 2, price }]] as const)
  expect(new Map([...credits].map(([id, of]) => [id, of.notCarried]))).toEqual(new Map(wanted))
})

it('is asked for nothing where none waits', async () => {
  asked = []
  expect(await creditsOf(ctx, [])).toEqual(new Map())
  const ready = (await invoicesOf(open.db, ctx.organisationId, program)).map((each) => ({
    ...each,
    state: 'ready' as const,
  }))
  expect(await creditsOf(ctx, ready)).toEqual(new Map())
  expect(asked).toEqual([])
})

it('is read once for a page of the inbox with several of their groups [J1]', async () => {
  const filter = { agreementIds: null }
  const causes = (await invoices.groups(ctx, filter)).map(({ cause }) => cause)
  expect(causes).toHaveLength(3)
  asked = []
  const items = await invoices.items(ctx, filter, causes, { limit: 10, offset: 0 })
  expect(items.map(({ credits }) => credits?.notCarried[0]?.count)).toEqual([2, 2, 2])
  expect(asked.filter((each) => each.includes('invoice_lines'))).toHaveLength(1)
  expect(asked.filter((each) => each.includes('from "programs"'))).toHaveLength(1)
})
