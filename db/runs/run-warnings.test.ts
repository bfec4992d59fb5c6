/** What a sync only warned of, in a line for the table of customers (E1). */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createOrganisation } from '#db/directory/organisations.ts'
import { lastFinishedItem } from '#db/runs/runs.ts'
import { findingCodeSchema } from '#lib/billing/finding-types.ts'
import type { FindingCode } from '#lib/billing/types.ts'
import {
  agreementId,
  createMapped,
  detectAndSync,
  program,
  startWorld,
  tenantId,
  type World,
} from '#lib/sync/testing/world.ts'
import { firstWarnings } from './run-warnings.ts'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

it('is the first Warning of each customer in the newest month, of this organisation’s syncs alone', async () => {
  const { db } = world
  const organisationId = await createMapped(db)
  await detectAndSync(world, organisationId)
  const item = await lastFinishedItem(db, organisationId, program, agreementId)
  if (item === null) throw new Error('It was synced')
  expect(item.status).toBe('Warning')
  const found = await firstWarnings(db, organisationId, [item])
  expect(found).toEqual([
    {
      agreementId,
      tenantId,
      product: expect.any(String),
      message: expect.stringMatching(/\w+ \w+/),
      amount: '45.00',
      period: '2026-04',
    },
  ])
  const { id: other } = await createOrganisation(db, { name: 'Another' })
  expect(await firstWarnings(db, other, [item])).toEqual([])
  expect(await firstWarnings(db, organisationId, [{ ...item, agreementId: 99 }])).toEqual([])
  expect(await firstWarnings(db, organisationId, [])).toEqual([])
})

it('is none that is left out of the customer, and still any other one [J3]', async () => {
  const { db } = world
  const organisationId = await createMapped(db)
  await detectAndSync(world, organisationId)
  const item = await lastFinishedItem(db, organisationId, program, agreementId)
  if (item === null) throw new Error('It was synced')
  const without = (whose: string, codes: readonly FindingCode[]) =>
    firstWarnings(
      db,
      organisationId,
      [item],
      codes.map((code) => ({ tenantId: whose, code })),
    )
  const all = findingCodeSchema.options
  expect(await without(tenantId, all)).toEqual([])
  expect(await without('another', all)).toHaveLength(1)
  expect(await without(tenantId, ['price-below-cost'])).toHaveLength(1)
})
