import { afterAll, beforeAll, expect, it } from 'vitest'
import { createOrganisation } from '#db/directory/organisations.ts'
import type { Day } from '#lib/billing/types.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { type OpenDatabase, openDatabase } from '../client.ts'
import { noteFitness, unfitSpans } from './unfit-spans.ts'

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

it('a span begins with the first unfit reading and ends with the next fit one, of each organisation by itself [F13]', async () => {
  const ids = await Promise.all(
    ['One', 'Two'].map(async (name) => (await createOrganisation(open.db, { name })).id),
  )
  const [one = '', two = ''] = ids
  const read = (isUnfit: boolean, next: string | null, id = one) =>
    noteFitness(open.db, id, 7, { isUnfit, nextInvoiceDate: next as Day | null })
  await read(false, '2026-08-01')
  expect(await unfitSpans(open.db, one, 7)).toEqual([])
  await read(true, '2026-09-01')
  await read(true, '2026-12-01')
  expect(await unfitSpans(open.db, one, 7)).toEqual([{ from: '2026-09-01', until: null }])
  await read(false, '2026-12-01')
  await read(false, '2027-01-01')
  expect(await unfitSpans(open.db, one, 7)).toEqual([{ from: '2026-09-01', until: '2026-12-01' }])
  await read(true, null)
  expect(await unfitSpans(open.db, one, 7)).toEqual([
    { from: '2026-09-01', until: '2026-12-01' },
    { from: null, until: null },
  ])
  expect(await unfitSpans(open.db, two, 7)).toEqual([])
  await read(false, '2026-12-01', two)
  expect(await unfitSpans(open.db, one, 8)).toEqual([])
})
