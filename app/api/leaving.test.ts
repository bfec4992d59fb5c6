/** An organisation that leaves: it takes all of its data with it, is deleted, and nothing of it remains (I2). */
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readTar } from '../../scripts/testing/read-tar.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { auditSchema } from './schemas/audit.ts'
import { customersSchema } from './schemas/customers.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  operatorSecret,
  owner,
  settled,
  startApiWorld,
} from './testing/api-world.ts'
import { publicIdOf } from './testing/members.ts'
import { anotherOrganisation, connect, mapCustomer, switchSyncOn, work } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps at least one customer')

let world: ApiWorld
let boss: CallApi
let other: { readonly id: string; readonly api: CallApi }
let own: string
beforeAll(async () => {
  world = await startApiWorld({ OPERATOR_SECRET: operatorSecret })
  boss = await asOwner()
  await connect(world, boss)
  await switchSyncOn(boss)
  await mapCustomer(boss, coho)
  await world.issueNextInvoice()
  await work()
  other = await anotherOrganisation()
  const { rows } = await execute<{ id: string }>(sql`SELECT id FROM organisations WHERE id <> ${other.id}`)
  own = rows[0]?.id ?? ''
})
afterAll(() => world.stop())

async function execute<R extends Record<string, unknown>>(query: ReturnType<typeof sql>) {
  const { server } = await import('#app/process/process.ts')
  return server().db.execute<R>(query)
}

/** Nobody else reads the table meanwhile: an export of little does not end before it is looked at. */
async function whileLocked<T>(table: string, work: () => Promise<T>): Promise<T> {
  const { server } = await import('#app/process/process.ts')
  return server().db.transaction(async (tx) => {
    await tx.execute(sql`LOCK TABLE ${sql.identifier(table)} IN ACCESS EXCLUSIVE MODE`)
    return work()
  })
}

const exported = async () => {
  const answer = await boss('GET', '/api/organisation/export')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-disposition')).toMatch(
    /^attachment; filename="prism-pod-organisation-\d{4}-\d\d-\d\d\.tar\.gz"$/,
  )
  return readTar(gunzipSync(Buffer.from(await answer.arrayBuffer())))
}
const textOf = (files: ReadonlyMap<string, Buffer>, path: string): string =>
  files.get(`prism-pod/${path}`)?.toString('utf8') ?? ''

describe('the export of an organisation', () => {
  it('has every row of every table, as the manifest counts them, and none of another organisation [I2]', async () => {
    const files = await exported()
    const manifest = JSON.parse(textOf(files, 'manifest.json'))
    expect([...files.keys()].at(-1)).toBe('prism-pod/manifest.json')
    expect(manifest).toMatchObject({ format: 'prism-pod-organisation', version: 1 })
    for (const { path, rows, sha256 } of manifest.files) {
      const content = files.get(`prism-pod/${path}`) ?? Buffer.alloc(0)
      expect(createHash('sha256').update(content).digest('hex'), path).toBe(sha256)
      if (!path.endsWith('.jsonl')) continue
      const lines = content.toString('utf8').split('\n').slice(0, -1)
      expect(lines.length, path).toBe(rows)
      const table = path.slice('data/'.length).split('.')[0]
      const id = table === 'organisations' ? 'id' : 'organisation_id'
      const stored = await execute<{ count: number }>(
        sql`SELECT count(*)::int AS count FROM ${sql.identifier(table)} WHERE ${sql.identifier(id)} = ${own}`,
      )
      // The audit has the export itself by now.
      if (table !== 'audit_events') expect(rows, path).toBe(stored.rows[0]?.count)
      for (const line of lines) expect(JSON.parse(line)[id]).toBe(own)
    }
    for (const table of ['invoice_lines', 'changes', 'run_periods', 'month_bills', 'users', 'readings'])
      expect(textOf(files, `data/${table}.jsonl`), table).not.toBe('')
    expect([...files.values()].some((content) => content.includes(other.id))).toBe(false)
  })

  it('has what was written and billed as tables that people read, to the cent [J5]', async () => {
    const files = await exported()
    const [head = '', ...rows] = textOf(files, 'additions.csv').trimEnd().split('\r\n')
    expect(head).toMatch(/^\u{feff}Written at,Usage month,Company,/u)
    const writes = await execute<{ count: number }>(
      sql`SELECT count(*)::int AS count FROM changes WHERE organisation_id = ${own}`,
    )
    expect(rows.length).toBe(writes.rows[0]?.count)
    expect(rows.some((row) => row.includes('Coho Winery Pty Ltd') && row.includes(',create,done,'))).toBe(
      true,
    )
    const billed = textOf(files, 'billed.csv')
    const bills = await execute<{ invoiced: string; billed: string }>(
      sql`SELECT invoiced_price::text AS invoiced, billed_price::text AS billed FROM month_bills WHERE organisation_id = ${own}`,
    )
    expect(bills.rows.length).toBeGreaterThan(0)
    for (const bill of bills.rows) expect(billed).toContain(`,${bill.invoiced},${bill.billed},`)
    expect(textOf(files, 'README.txt')).toContain('additions.csv')
  })

  it('holds no secret: no key, no hash of a password, no token [B5]', async () => {
    const files = await exported()
    const all = Buffer.concat([...files.values()]).toString('utf8')
    const secrets = await execute<{ secret: string }>(sql`
      SELECT sealed AS secret FROM connections WHERE organisation_id = ${own}
      UNION ALL SELECT password_hash FROM users WHERE organisation_id = ${own}
      UNION ALL SELECT lease_token::text FROM changes WHERE organisation_id = ${own}`)
    expect(secrets.rows.length).toBeGreaterThan(2)
    for (const { secret } of secrets.rows) expect(all).not.toContain(secret)
    for (const secret of [world.prismInput.clientSecret, world.connectWiseInput.privateKey])
      expect(all).not.toContain(secret)
  })

  it('is noted in the audit, and one at a time is made [B5]', async () => {
    const first = await whileLocked('readings', async () => {
      const answer = await boss('GET', '/api/organisation/export')
      const second = await refusal(boss('GET', '/api/organisation/export'))
      expect(second).toMatchObject({ code: 'conflict', status: 409 })
      return answer
    })
    await first.body?.cancel()
    await vi.waitFor(async () => expect((await exported()).size).toBeGreaterThan(50), 5_000)
    const { events } = await readAnswer(boss, auditSchema, 'GET', '/api/audit?action=export-organisation')
    expect(events.length).toBeGreaterThan(2)
    expect(events[0]).toMatchObject({ actor: owner.email })
  })
})

/** Every table of the database, the queue's too, whose rows name one of these. */
const tablesNaming = async (texts: readonly string[]): Promise<string[]> => {
  const { rows } = await execute<{ name: string }>(sql`
    SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'pgboss') ORDER BY 1`)
  const naming: string[] = []
  for (const { name } of rows) {
    const found = await execute(sql`SELECT 1 FROM ${sql.raw(name)} AS r
      WHERE ${sql.join(
        texts.map((text) => sql`strpos(lower(r::text), lower(${text})) > 0`),
        sql` OR `,
      )} LIMIT 1`)
    if (found.rows.length > 0) naming.push(name)
  }
  return naming
}
const countsOfOther = async (): Promise<Record<string, number>> => {
  const { rows } = await execute<{ name: string }>(sql`
    SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'organisation_id' ORDER BY 1`)
  const counts: Record<string, number> = {}
  for (const { name } of rows) {
    const found = await execute<{ count: number }>(
      sql`SELECT count(*)::int AS count FROM ${sql.identifier(name)} WHERE organisation_id = ${other.id}`,
    )
    counts[name] = found.rows[0]?.count ?? 0
  }
  return counts
}

const ask = (body: object) => boss('POST', '/api/organisation/deletion', { body })

describe('the deletion of an organisation', () => {
  it('asks for its name and the password again, and counts wrong ones as failed sign-ins', async () => {
    const { organisation } = (await (await boss('GET', '/api/session')).json()) as {
      organisation: { name: string }
    }
    const { password } = owner
    expect(await refusal(ask({ name: 'Northwind', password }))).toMatchObject({
      code: 'request-invalid',
      fields: [{ field: 'name' }],
    })
    expect(await refusal(ask({ name: organisation.name, password: 'wrong' }))).toMatchObject({
      code: 'sign-in-refused',
    })
    expect((await boss('GET', '/api/session')).status).toBe(200)
    const tries = await execute(sql`SELECT 1 FROM sign_in_tries`)
    expect(tries.rows.length).toBe(1)
  })

  it('shuts it at once, and leaves ConnectWise as it is [F8]', async () => {
    const org = await publicIdOf(boss)
    const additions = () => world.connectWise.store.all('additions')
    const before = structuredClone(additions())
    const asked = world.connectWise.requests.report().total
    const { customers } = await readAnswer(boss, customersSchema, 'GET', `${P}/customers`)
    expect(customers.length).toBeGreaterThan(0)
    const answer = await ask({ name: await nameOf(), password: owner.password })
    expect(answer.status).toBe(204)
    expect(answer.headers.getSetCookie()[0]).toContain('Max-Age=0')
    expect((await boss('GET', '/api/session')).status).toBe(401)
    expect((await boss('GET', `${P}/customers`)).status).toBe(401)
    const { organisationByPublicId } = await import('#db/directory/organisations.ts')
    const { server } = await import('#app/process/process.ts')
    expect(await organisationByPublicId(server().db, org)).toBeNull()
    expect(additions()).toEqual(before)
    expect(world.connectWise.requests.report().total).toBe(asked)
  })

  it('leaves nothing in any table, and another organisation as it was', async () => {
    const before = await countsOfOther()
    await settled()
    // Requests that were under way have ended by then.
    await execute(
      sql`UPDATE organisations SET deleting_since = now() - interval '5 minutes' WHERE id = ${own}`,
    )
    await work()
    expect(await tablesNaming([own, owner.email, 'Coho Winery'])).toEqual([])
    expect(await countsOfOther()).toEqual(before)
    expect((await other.api('GET', '/api/session')).status).toBe(200)
  })

  it('lets nobody in any more by what they had, and the last one of a server leaves it as a new one [B6]', async () => {
    expect((await call('POST', '/api/session', { body: owner })).status).toBe(401)
    const body = { name: 'Adventure Works', password: 'a-long-password' }
    expect((await other.api('POST', '/api/organisation/deletion', { body })).status).toBe(204)
    await settled()
    // Before the last row of it is gone, too.
    const { makeFirstOwnerLink } = await import('#lib/auth/first-owner.ts')
    const { server } = await import('#app/process/process.ts')
    expect(await makeFirstOwnerLink(server().db, 'http://localhost:3000')).toContain('/welcome#')
    const again = await asOwner()
    const { customers } = await readAnswer(again, customersSchema, 'GET', `${P}/customers`)
    expect(customers).toEqual([])
  })
})

async function nameOf(): Promise<string> {
  const { rows } = await execute<{ name: string }>(sql`SELECT name FROM organisations WHERE id = ${own}`)
  return rows[0]?.name ?? ''
}
