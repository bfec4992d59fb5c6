/** What another version of the product stored as JSON is never taken for what this one means by it (decision 091). */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createOrganisation } from '#db/directory/organisations.ts'
import { planProducts } from '#lib/catalog/plan-products.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { type OpenDatabase, openDatabase } from '../client.ts'
import { productPreview, putProductPreview } from './product-previews.ts'
import { roundsOf } from './run-periods.ts'
import { createRun } from './runs.ts'
import { sharedValues, storeShared } from './shared-reads.ts'

const program = 'microsoft-csp'
let database: TestDatabase
let open: OpenDatabase
let organisationId: string
let runId: string

beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url)
  organisationId = (await createOrganisation(open.db, { name: 'Northwind' })).id
  const item = { agreementId: 1, agreementName: '', companyId: 1, companyName: '', tenantIds: ['t'] }
  const of = { program, kind: 'customers', trigger: 'hand', actor: 'Ann' } as const
  runId = (await createRun(open.db, organisationId, of, [item])).id
})
afterAll(async () => {
  await open.close()
  await database.drop()
})

describe('what another version stored', () => {
  it('of what the agreements of a run share is not there, so that it is read anew', async () => {
    const rows = [
      { kind: 'agreement', key: '1', value: { name: 'Microsoft CSP' } },
      { kind: 'agreement', key: '2', value: { title: 'Microsoft CSP' } },
    ] as const
    await storeShared(open.db, organisationId, runId, rows, new Date())
    const found = await sharedValues(open.db, organisationId, runId, {
      kind: 'agreement',
      keys: ['1', '2'],
      schema: z.object({ name: z.string() }),
      maxAgeMs: 60_000,
    })
    expect([...found]).toEqual([['1', { name: 'Microsoft CSP' }]])
  })

  it('as a preview of products is none, so that ConnectWise is read again', async () => {
    const defaults = { category: '', subcategory: '', productType: '', unitOfMeasure: '', taxable: true }
    const plan = planProducts({ products: [], catalog: [], mode: 'all', inUse: new Set(), defaults })
    const { id } = await putProductPreview(open.db, organisationId, program, plan)
    expect(await productPreview(open.db, organisationId, program, id)).toMatchObject({ plan })
    await open.db.execute(sql`UPDATE product_previews SET plan = plan #- '{counts,unreadable}'`)
    expect(await productPreview(open.db, organisationId, program, id)).toBeNull()
  })

  it('as a plan is no plan, and is not passed on as one', async () => {
    await open.db.execute(sql`
      INSERT INTO run_periods (organisation_id, run_id, agreement_id, period, round, invoice_id, format, plan, known_addition_ids)
      VALUES (${organisationId}, ${runId}, 1, '2026-09', 1, '1', 'plan', '{"period": "2026-09"}', '[]')`)
    await expect(roundsOf(open.db, organisationId, { runId, agreementId: 1 })).rejects.toThrow('invoiceId')
  })
})
