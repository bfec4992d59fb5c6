/** Whose a line is (docs/billing-rules.md, "Whose line"), on a real database: one rule, in sets. */
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOrganisation } from '#db/directory/organisations.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { Day, Money, Period, Quantity } from '#lib/billing/types.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { type OpenDatabase, openDatabase } from '../client.ts'
import { invoiceBadLines, invoiceLines, lineClaims } from './invoice-tables.ts'
import { startInvoice } from './invoices.ts'
import { type StoredLine, storeLines } from './loaded-lines.ts'
import { lineOwners, tenantAliases } from './tables.ts'
import { storeTenants } from './tenants.ts'
import { assignTenants } from './whose-lines.ts'

const program = 'microsoft-csp'
let database: TestDatabase
let open: OpenDatabase
let organisationId: string
beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url)
})
afterAll(async () => {
  await open.close()
  await database.drop()
})
beforeEach(async () => {
  organisationId = (await createOrganisation(open.db, { name: 'Northwind' })).id
})

/** What PRISM lists in one look: tenant, domain, name and subscriptions. */
type Listed = readonly [id: string, domain: string, name: string, ...subscriptionIds: string[]]
const look = (...tenants: Listed[]) =>
  storeTenants(
    open.db,
    organisationId,
    program,
    tenants.map(([id, domain, customerName, ...subscriptionIds]) => ({
      id,
      domain,
      customerName,
      customerId: '',
      status: 'Active',
      subscriptions: subscriptionIds.map((each) => ({
        id: each,
        tenantId: id,
        productId: 'visio',
        productName: 'Visio',
        displayTemplate: '',
        status: 'Active',
      })),
      keptSubscriptions: [],
    })),
  )

const charge: Omit<StoredLine, 'row' | 'subscriptionId' | 'primaryDomainName' | 'customerName'> = {
  agreementNumber: '',
  offerName: 'Visio',
  first: '2026-09-01' as Day,
  last: '2026-09-30' as Day,
  description: '',
  quantity: '5' as Quantity,
  unitCost: '8' as Money,
  unitPrice: '10' as Money,
  cost: '40' as Money,
  price: '50' as Money,
  billingCycle: 'Monthly',
  termDuration: '1',
  termUnit: 'MONTHS',
}
type Line = readonly [subscriptionId: string, domain: string, name?: string]
const invoiceId = '1'
const period = '2026-09' as Period

/** The tenant of each line, `''` for none, and what is said of the subscriptions. */
const whose = async (...lines: Line[]) => {
  const listed = { id: invoiceId, prismInvoiceId: invoiceId, programName: '', invoicedOn: null }
  await startInvoice(open.db, organisationId, program, { ...listed, period })
  const rows = lines.map(([subscriptionId, primaryDomainName, customerName = ''], at) => ({
    ...charge,
    row: at + 2,
    subscriptionId,
    primaryDomainName,
    customerName,
  }))
  await storeLines(open.db, organisationId, program, { id: invoiceId, period }, rows)
  const bad = rows.map((row) => ({ ...row, column: 'Quantity', reason: 'it is empty' }))
  await storeLines(open.db, organisationId, program, { id: invoiceId, period }, bad)
  await assignTenants(open.db, organisationId, program, invoiceId)
  return told()
}
const told = async () => {
  const { db } = open
  const of = await db
    .select()
    .from(invoiceLines)
    .where(eq(invoiceLines.organisationId, organisationId))
    .orderBy(invoiceLines.row)
  const bad = await db
    .select()
    .from(invoiceBadLines)
    .where(eq(invoiceBadLines.organisationId, organisationId))
    .orderBy(invoiceBadLines.row)
  expect(bad.map((line) => line.tenantId)).toEqual(of.map((line) => line.tenantId))
  const claims = await db.select().from(lineClaims).where(eq(lineClaims.organisationId, organisationId))
  return {
    tenants: of.map((line) => line.tenantId ?? ''),
    claims: claims.map(
      ({ kind, subscriptionId, tenantIds }) => `${kind} ${subscriptionId}: ${tenantIds.join()}`,
    ),
  }
}

describe('a line is its', () => {
  it('tenant where domain and subscription say the same, whatever letters they are in', async () => {
    await look(['t0', 'Zero.example', 'Zero', 'SUB-A'], ['t1', 'one.example', 'One', 'sub-b'])
    expect(await whose(['Sub-A', ' zero.EXAMPLE '], ['sub-b', 'one.example'])).toEqual({
      tenants: ['t0', 't1'],
      claims: [],
    })
  })

  it('domain’s customer where PRISM lists its subscription under another one now, and once under that one', async () => {
    await look(['t0', 'zero.example', 'Zero', 'sub'], ['t1', 'one.example', 'One'])
    await look(['t0', 'zero.example', 'Zero'], ['t1', 'one.example', 'One', 'sub'])
    expect(await whose(['sub', 'zero.example'])).toEqual({ tenants: ['t0'], claims: [] })
  })

  it('new customer where its domain is the new one’s, too', async () => {
    await look(['t0', 'zero.example', 'Zero', 'sub'], ['t1', 'one.example', 'One'])
    await look(['t0', 'zero.example', 'Zero'], ['t1', 'one.example', 'One', 'sub'])
    expect(await whose(['sub', 'one.example'])).toEqual({ tenants: ['t1'], claims: [] })
  })

  it('and both customers’ each where a subscription moved within the month', async () => {
    await look(['t0', 'zero.example', 'Zero', 'sub'], ['t1', 'one.example', 'One'])
    await look(['t0', 'zero.example', 'Zero'], ['t1', 'one.example', 'One', 'sub'])
    expect((await whose(['sub', 'zero.example'], ['sub', 'one.example'])).tenants).toEqual(['t0', 't1'])
  })

  it('customer’s who had the domain before it was renamed, and who has the subscription', async () => {
    await look(['t0', 'old.example', 'Old', 'sub'])
    await look(['t0', 'new.example', 'New', 'sub'])
    expect(await whose(['sub', 'old.example'])).toEqual({ tenants: ['t0'], claims: [] })
  })

  it('of several that both have: who lists the subscription now', async () => {
    await look(['t0', 'same.example', 'Old id', 'sub'])
    await look(['t1', 'same.example', 'New id', 'sub'])
    expect((await whose(['sub', 'same.example'])).tenants).toEqual(['t1'])
  })

  it('subscription’s where nobody ever had its domain, which is learned and told', async () => {
    await look(['t0', 'zero.example', 'Zero', 'sub'])
    expect(await whose(['sub', 'renamed.example'], ['new', 'renamed.example'])).toEqual({
      tenants: ['t0', ''],
      claims: ['learned sub: t0'],
    })
    await assignTenants(open.db, organisationId, program, invoiceId)
    expect((await told()).tenants).toEqual(['t0', 't0'])
    expect(await open.db.select().from(tenantAliases)).toContainEqual(
      expect.objectContaining({ organisationId, kind: 'domain', value: 'renamed.example', tenantId: 't0' }),
    )
  })

  it('domain’s where PRISM never listed its subscription', async () => {
    await look(['t0', 'zero.example', 'Zero'])
    expect(await whose(['gone', 'zero.example'])).toEqual({ tenants: ['t0'], claims: [] })
  })

  it('name’s where neither says anything, a domain in its place, and of one customer alone', async () => {
    await look(['t0', 'zero.example', 'Zero'], ['t1', 'one.example', 'Twin'], ['t2', 'two.example', 'Twin'])
    expect(
      await whose(['a', '', 'ZERO'], ['b', '', 'one.example'], ['c', '', 'Twin'], ['d', 'x.y', 'X']),
    ).toEqual({
      tenants: ['t0', 't1', '', ''],
      claims: [],
    })
  })

  it('nobody of another organisation’s', async () => {
    await look(['t0', 'zero.example', 'Zero', 'sub'])
    organisationId = (await createOrganisation(open.db, { name: 'Other' })).id
    expect(await whose(['sub', 'zero.example', 'Zero'])).toEqual({ tenants: [''], claims: [] })
  })
})

describe('a line is contested', () => {
  it('where its domain is one customer’s and its subscription another’s, until PRISM or a person says more', async () => {
    await look(['t0', 'zero.example', 'Zero'], ['t1', 'one.example', 'One', 'sub'])
    const contested = { tenants: [''], claims: ['contested sub: t0,t1'] }
    expect(await whose(['sub', 'zero.example'])).toEqual(contested)
    await assignTenants(open.db, organisationId, program, invoiceId)
    expect(await told()).toEqual(contested)
    await look(['t0', 'zero.example', 'Zero', 'sub'], ['t1', 'one.example', 'One'])
    await assignTenants(open.db, organisationId, program, invoiceId)
    expect(await told()).toEqual({ tenants: ['t0'], claims: [] })
  })

  it('where PRISM lists its subscription under two at once', async () => {
    await look(['t0', 'zero.example', 'Zero', 'sub'], ['t1', 'one.example', 'One', 'sub'])
    expect(await whose(['sub', 'unknown.example'])).toEqual({
      tenants: [''],
      claims: ['contested sub: t0,t1'],
    })
  })

  it('where two have had its domain, and none of them its subscription', async () => {
    await look(['t0', 'same.example', 'Zero'], ['t1', 'same.example', 'One'])
    expect((await whose(['sub', 'same.example'])).claims).toEqual(['contested sub: t0,t1'])
  })

  it('with all lines of its subscription, so that half of it is nobody’s bill', async () => {
    await look(['t0', 'zero.example', 'Zero'])
    expect(
      await whose(['sub', 'zero.example'], ['sub', 'nobody.example'], ['other', 'zero.example']),
    ).toEqual({
      tenants: ['', '', 't0'],
      claims: ['contested sub: t0'],
    })
  })

  it.each([
    ['t1', ['t1']],
    [null, ['']],
  ])('no more once a person said whose it is: %s', async (tenantId, tenants) => {
    await look(['t0', 'zero.example', 'Zero'], ['t1', 'one.example', 'One', 'sub'])
    await open.db
      .insert(lineOwners)
      .values({ organisationId, program, subscriptionId: subscriptionKey('sub'), tenantId, decidedBy: 'Ann' })
    expect(await whose(['sub', 'zero.example'])).toEqual({ tenants, claims: [] })
  })
})
