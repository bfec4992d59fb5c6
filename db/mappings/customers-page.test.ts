/** A page of the customers and its counts (E1). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOrganisation } from '#db/directory/organisations.ts'
import { storeTenants } from '#db/prism/tenants.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { type OpenDatabase, openDatabase } from '../client.ts'
import { type CustomerState, customerCounts, tenantsFitting } from './customers.ts'
import { type CustomerPage, customersPage } from './customers-page.ts'
import { putMapping } from './mappings.ts'

const program = 'microsoft-csp'
const CUSTOMERS = 12
let database: TestDatabase
let open: OpenDatabase
let ours = ''
let theirs = ''
beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url)
  ours = (await createOrganisation(open.db, { name: 'Northwind' })).id
  theirs = (await createOrganisation(open.db, { name: 'Adventure' })).id
  const tenants = Array.from({ length: CUSTOMERS }, (_, at) => ({
    id: `t-${String(at).padStart(2, '0')}`,
    customerId: '',
    customerName: `${at % 2 === 0 ? 'Coho' : 'Fabrikam'} 100%_${at}`,
    domain: `d${at}.example`,
    status: 'Active',
    subscriptions: [],
    keptSubscriptions: [],
  }))
  await storeTenants(open.db, ours, program, tenants)
  await storeTenants(open.db, theirs, program, tenants)
  for (const [at, { id }] of tenants.entries())
    if (at < 4)
      await putMapping(open.db, ours, program, id, {
        companyId: 9 - at,
        agreementId: at,
        syncEnabled: at < 1,
      })
})
afterAll(async () => {
  await open.close()
  await database.drop()
})

const page = (over: Partial<CustomerPage> = {}) =>
  customersPage(open.db, ours, program, {
    search: '',
    state: null,
    sort: 'name',
    descending: false,
    limit: 5,
    offset: 0,
    ...over,
  })
const idsOf = async (over: Partial<CustomerPage>) => (await page(over)).rows.map(({ tenant }) => tenant.id)

describe('a page of the customers [E1]', () => {
  it('says how many fit, and how many there are in each state whatever is searched for', async () => {
    const { rows, total, counts } = await page({ search: 'coho' })
    expect(rows.length).toBe(5)
    expect(total).toBe(CUSTOMERS / 2)
    expect(counts).toEqual({ unmapped: 8, mapped: 3, syncing: 1, attention: 0 })
    expect(counts).toEqual(await customerCounts(open.db, ours, program))
    expect(await page({ search: 'nobody' })).toMatchObject({ rows: [], total: 0, counts })
    expect(await page({ offset: 500 })).toMatchObject({ rows: [], total: CUSTOMERS, counts })
  })

  it('has each customer on one page, in its order, whichever way it is sorted', async () => {
    for (const sort of ['name', 'domain', 'company', 'state', 'result'] as const)
      for (const descending of [true, false]) {
        const parts = await Promise.all([0, 5, 10].map((offset) => idsOf({ sort, descending, offset })))
        expect(new Set(parts.flat()).size, sort).toBe(CUSTOMERS)
        expect(parts.flat()).toEqual(await idsOf({ sort, descending, limit: 100 }))
      }
    expect((await idsOf({ sort: 'state', descending: true })).slice(0, 4)).toEqual([
      't-00',
      't-02',
      't-01',
      't-03',
    ])
  })

  it('has those of a state, and a search is no pattern', async () => {
    const state: CustomerState = 'mapped'
    expect((await idsOf({ state })).toSorted()).toEqual(['t-01', 't-02', 't-03'])
    expect(await idsOf({ search: '0%_11' })).toEqual(['t-11'])
    expect(await idsOf({ search: '%x' })).toEqual([])
    expect(await tenantsFitting(open.db, ours, program, { search: 'coho', state })).toEqual(['t-02'])
    expect((await tenantsFitting(open.db, theirs, program, { search: '', state: null })).length).toBe(
      CUSTOMERS,
    )
    expect(await tenantsFitting(open.db, theirs, program, { search: '', state })).toEqual([])
  })
})
