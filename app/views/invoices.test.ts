/** The invoices of a program as a whole: what of each is not synced by the month (F1, F4). */
import { parse } from 'csv-parse/sync'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { programBySlug } from '#lib/programs/registry.ts'
import { type ApiWorld, asOwner, startApiWorld } from '../api/testing/api-world.ts'
import { connect, scheduledCall, switchSyncOn } from '../api/testing/organisation.ts'

vi.mock('next/server', async () => ({ after: (await import('../api/testing/api-world.ts')).after }))

let world: ApiWorld
beforeAll(async () => {
  world = await startApiWorld()
  const api = await asOwner()
  await connect(world, api)
  await switchSyncOn(api)
  for (let month = 0; month < 3; month += 1) await world.issueNextInvoice()
  await scheduledCall()
})
afterAll(() => world.stop())

/** What the file itself says: its lines with a term of a year, or a cycle that is not monthly. */
const annualIn = async (id: string) => {
  const file = await (await fetch(`${world.prism.url}/control/invoices/${id}/csv`)).text()
  const rows: Record<string, string>[] = parse(file, { columns: true, bom: true })
  const annual = rows.filter(
    (row) =>
      !row['OfferName']?.startsWith('Azure') &&
      (row['BillingCycle'] !== 'Monthly' ||
        /^(1 Years?|12 Months?)$/i.test(`${row['TermDurationNumber']} ${row['TermDurationUnit']}`)) &&
      row['BillingCycle'] !== '',
  )
  const total = (column: string): number =>
    Math.round(annual.reduce((sum, row) => sum + Number(row[column]), 0) * 100)
  return { lines: annual.length, price: total('SubTotalRrp'), cost: total('SubTotal') }
}

it('names the annual terms of each invoice, with lines, cost and retail price [F4]', async () => {
  const { wholeInvoices } = await import('./invoices.ts')
  const { server } = await import('#app/process/process.ts')
  const program = programBySlug('microsoft-csp')
  if (program === undefined) throw new Error('There is the program')
  const { rows } = await server().db.execute<{ id: string }>(sql`SELECT id FROM organisations`)
  const invoices = await wholeInvoices(rows[0]?.id ?? '', program)
  const ready = invoices.filter(({ state }) => state === 'ready')
  expect(ready).toHaveLength(3)
  for (const { id, annual } of ready) {
    const cents = (text: string | undefined): number => Math.round(Number(text ?? 0) * 100)
    const shown = { lines: annual?.lines ?? 0, price: cents(annual?.price), cost: cents(annual?.cost) }
    expect(shown, id).toEqual(await annualIn(id))
  }
  expect(ready.some(({ annual }) => annual !== null)).toBe(true)
  expect(ready.every(({ credits }) => credits === null)).toBe(true)
})

it('names the credits of an invoice that is held for them [F1]', async () => {
  const { wholeInvoices } = await import('./invoices.ts')
  const { server } = await import('#app/process/process.ts')
  const program = programBySlug('microsoft-csp')
  if (program === undefined) throw new Error('There is the program')
  await world.issueNextInvoice()
  const address = `${world.prism.url}/control/invoices/90004/csv`
  const lines = (await (await fetch(address)).text()).trimEnd().split('\n')
  const names = (lines[0] ?? '').split(',')
  const credit = (lines[1] ?? '')
    .split(',')
    .map((value, at) => (names[at]?.startsWith('SubTotal') ? `-${value}` : value))
    .join(',')
  await fetch(address, { method: 'PUT', body: [...lines.map((line) => line.trimEnd()), credit].join('\n') })
  await scheduledCall()
  const { rows } = await server().db.execute<{ id: string }>(sql`SELECT id FROM organisations`)
  const [newest] = await wholeInvoices(rows[0]?.id ?? '', program)
  expect(newest).toMatchObject({ state: 'held', credits: { lines: 1, price: expect.stringMatching(/^-/) } })
})
