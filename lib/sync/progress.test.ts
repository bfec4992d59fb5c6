import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import type { Mapping } from '#db/mappings/mappings.ts'
import { putPeriodStates } from '#db/mappings/period-states.ts'
import { startInvoice, updateInvoice } from '#db/prism/invoices.ts'
import { storeLines } from '#db/prism/loaded-lines.ts'
import { firstDay, lastDay } from '#lib/billing/days.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { Day, Money, Period, Quantity } from '#lib/billing/types.ts'
import { programs } from '#lib/programs/registry.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import type { SyncContext } from './context.ts'
import { progressOf } from './progress.ts'

const [program] = programs
const months = ['2026-07', '2026-08', '2026-09'] as Period[]
const mapping = {
  tenantId: 't',
  agreementId: 30,
  firstPeriod: months[0],
  attemptedInvoiceId: null,
} as Mapping
let database: TestDatabase
let open: OpenDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url)
})
afterAll(async () => {
  await open.close()
  await database.drop()
})

/** An organisation with a ready invoice each month. @param lines by subscription, the months it has a line in. */
const withLines = async (lines: Readonly<Record<string, readonly Period[]>>) => {
  const { db, pool } = open
  const { id: organisationId } = await createOrganisation(db, { name: 'Northwind' })
  for (const period of months) {
    const listed = {
      id: period,
      prismInvoiceId: period,
      programName: program.prismName,
      period,
      invoicedOn: '2026-10-01' as Day,
    }
    await startInvoice(db, organisationId, program.slug, listed)
    const ids = Object.entries(lines).flatMap(([id, of]) => (of.includes(period) ? [id] : []))
    const rows = ids.map((subscriptionId, at) => ({
      row: at + 2,
      subscriptionId,
      customerName: 'Coho',
      primaryDomainName: 'coho.example',
      agreementNumber: '',
      offerName: 'Visio',
      first: firstDay(period),
      last: lastDay(period),
      description: '',
      quantity: '5' as Quantity,
      unitCost: '8' as Money,
      unitPrice: '10' as Money,
      cost: '40' as Money,
      price: '50' as Money,
      billingCycle: 'Monthly',
      termDuration: '1',
      termUnit: 'MONTHS',
    }))
    await storeLines(db, organisationId, program.slug, { id: period, period }, rows)
    await updateInvoice(db, organisationId, program.slug, period, { state: 'ready' })
  }
  await pool.query("UPDATE invoice_lines SET tenant_id = 't' WHERE organisation_id = $1", [organisationId])
  const ctx = { db, organisationId, program } as SyncContext
  return {
    due: async () => (await progressOf(ctx, [mapping])).due.map(({ period }) => period),
    good: async (id: string, ...periods: readonly Period[]) => {
      const subscriptionId = subscriptionKey(id)
      const { linesHashOf } = await progressOf(ctx, [mapping])
      for (const period of periods)
        await putPeriodStates(
          db,
          organisationId,
          program.slug,
          { agreementId: 30, period, invoiceId: period, state: 'good' },
          [{ subscriptionId, tenantId: 't', linesHash: linesHashOf(subscriptionId, period) }],
        )
    },
  }
}

describe('the months that are due', () => {
  it('are those in which a subscription is not good; where there is none, the last good one again [F12]', async () => {
    const { due, good } = await withLines({ a: months })
    expect(await due()).toEqual(months)
    await good('a', months[0] as Period, months[2] as Period)
    expect(await due()).toEqual(['2026-08'])
    await good('a', months[1] as Period)
    expect(await due()).toEqual(['2026-09'])
  })

  it('are no old ones because a subscription is new [F12]', async () => {
    const { due, good } = await withLines({ a: months, b: ['2026-09' as Period] })
    await good('a', ...months.slice(0, 2))
    expect(await due()).toEqual(['2026-09'])
  })

  it('are those after one that a subscription was on and never good in, also where it is on none of them [F12]', async () => {
    const { due, good } = await withLines({ a: months, b: ['2026-07' as Period] })
    await good('a', ...months)
    expect(await due()).toEqual(months)
  })
})
