/** A large organisation is exported in the memory of a small one, and whoever goes away leaves nothing behind (I2). */
import { createGunzip } from 'node:zlib'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { openExport } from '#db/keeping/exports.ts'
import { packed } from '#db/keeping/packed.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { exportOf } from './export.ts'

const ROWS = 100_000
const MARK = '"offer_name":'
const at = new Date('2026-11-27T00:00:00Z')
let database: TestDatabase
let opened: OpenDatabase
let organisationId: string
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase(database.url, { max: 2 })
  organisationId = (await createOrganisation(opened.db, { name: 'Contoso' })).id
  await opened.db.execute(sql`
    INSERT INTO invoices (organisation_id, program, id, prism_invoice_id, program_name, period, state, line_count)
    VALUES (${organisationId}, 'microsoft-csp', '1', '1', 'Microsoft CSP', '2026-04', 'ready', ${ROWS})`)
  await opened.db.execute(sql`
    INSERT INTO invoice_lines (organisation_id, program, invoice_id, row, period, subscription_id, customer_name, primary_domain_name,
      agreement_number, offer_name, first_day, last_day, description, quantity, unit_cost, unit_price, cost, price)
    SELECT ${organisationId}, 'microsoft-csp', '1', n, '2026-04', gen_random_uuid()::text, '=Customer "' || n || '"', 'c' || n || '.example',
      '', 'Microsoft 365 Business Premium', '2026-04-01', '2026-04-30', E'a\\\\b\\tc\\nd “é”', 3, 19.2, 24, 57.6, 72
    FROM generate_series(1, ${ROWS}) n`)
  await opened.db.execute(sql`
    INSERT INTO packed_plans (organisation_id, agreement_id, period, packed, plans, packed_at)
    VALUES (${organisationId}, 42, '2024-04', ${packed([{ runId: 'r', round: 1, plan: { period: '2024-04' } }])}, 1, now())`)
}, 120_000)
afterAll(async () => {
  await opened.close()
  await database.drop()
})

/** What is alive or not collected yet; what the process once had of the machine it mostly keeps. */
const heldNow = (): number => {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** PostgreSQL hears of a connection that was dropped a moment later. */
const open = () => vi.waitFor(() => openExport(opened.db, organisationId), 5_000)
const begin = async () => {
  const from = await open()
  const csvLine = (values: readonly string[]) => `${values.join(',')}\r\n`
  return exportOf({ from, input: { organisation: { name: 'Contoso', publicId: 'x' }, at, csvLine } })
}

describe('an export of 100,000 lines', () => {
  it('takes no more memory than its parts, and has every line as it was', async () => {
    globalThis.gc?.()
    const before = heldNow()
    let most = 0
    let lines = 0
    let last = ''
    let unpacked = ''
    const gunzip = createGunzip()
    const reading = (async () => {
      for await (const chunk of gunzip) {
        // A name may begin in one chunk and end in the next.
        const text = last.slice(-(MARK.length - 1)) + (chunk as Buffer).toString('latin1')
        lines += text.split(MARK).length - 1
        if (text.includes('"period":"2024-04"')) unpacked = text
        last = (last + text).slice(-64 * 1024)
        most = Math.max(most, heldNow() - before)
      }
    })()
    let bytes = 0
    for await (const chunk of await begin()) {
      bytes += chunk.length
      if (!gunzip.write(chunk)) await new Promise((resolve) => gunzip.once('drain', resolve))
    }
    gunzip.end()
    await reading
    console.log(`export of ${ROWS} lines: ${bytes} bytes, ${Math.round(most / 1024 / 1024)} MB above idle`)
    expect(lines).toBe(ROWS)
    expect(last).toContain('"format": "prism-pod-organisation"')
    expect(unpacked).toContain('"run_id":"r","agreement_id":42,"period":"2024-04","round":1')
    expect(most).toBeLessThan(200 * 1024 * 1024)
  }, 120_000)

  it('that is left in its middle gives its connection back, and lets another one begin', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const parts = await begin()
      await parts.next()
      await parts.return()
    }
    expect((await opened.db.execute(sql`SELECT 1`)).rows.length).toBe(1)
  })

  it('is one at a time', async () => {
    const from = await open()
    await expect(openExport(opened.db, organisationId)).rejects.toMatchObject({ code: 'conflict' })
    from.close()
    const next = await begin()
    await next.next()
    await next.return()
  })
})
