import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOrganisation } from '#db/directory/organisations.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { Day, Money, Period, Quantity } from '#lib/billing/types.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { type OpenDatabase, openDatabase } from '../client.ts'
import { latestLines, usage } from './invoice-lines.ts'
import { startInvoice } from './invoices.ts'
import { type StoredBadLine, type StoredLine, storeLines } from './loaded-lines.ts'

const program = 'microsoft-csp'
const of = { id: '7', period: '2026-09' as Period }
let database: TestDatabase
let open: OpenDatabase
let organisationId: string
beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url)
  organisationId = (await createOrganisation(open.db, { name: 'Northwind' })).id
  const listed = {
    ...of,
    prismInvoiceId: of.id,
    programName: 'Microsoft CSP',
    invoicedOn: '2026-10-01' as Day,
  }
  await startInvoice(open.db, organisationId, program, listed)
})
afterAll(async () => {
  await open.close()
  await database.drop()
})

const whose = { customerName: 'Coho', primaryDomainName: 'coho.example', agreementNumber: '' }
const charge: Omit<StoredLine, keyof typeof whose> = {
  row: 2,
  subscriptionId: 'Sub-1',
  offerName: 'Visio',
  first: '2026-09-01' as Day,
  last: '2026-09-30' as Day,
  description: '',
  quantity: '5' as Quantity,
  unitCost: '7.91666666666666666666666667' as Money,
  unitPrice: '1e-8' as Money,
  cost: '-0.01' as Money,
  price: '123456789012345678901234567890.5' as Money,
  billingCycle: null,
  termDuration: '',
  termUnit: 'null',
}
const oddTexts = [
  '',
  'null',
  'NULL',
  '\\N',
  '\\.',
  '\\',
  '\\n\\t\\x41\\134',
  '\t\r\n\r',
  '\b\f\v\u007f',
  '"",\'\'',
  '{"a":[1]}',
  'a\\b\n"c"\t\u2028',
  '\u0001',
  "O'Neil; --",
  '😀é',
  '%$1{}',
  'x'.repeat(60_000),
  '\\\té'.repeat(1_000_000),
]

describe('lines of an invoice', () => {
  it('are stored to the last digit and character, a term that the file lacks apart from an empty one [F1]', async () => {
    const charges = oddTexts.map((text, at) => ({
      ...charge,
      row: at + 2,
      description: text,
      offerName: text,
    }))
    const lines = charges.map((each) => ({ ...each, ...whose }))
    const bad: StoredBadLine = { ...charge, ...whose, row: 900, column: null, reason: 'broken', cost: null }
    await storeLines(open.db, organisationId, program, of, lines)
    await storeLines(open.db, organisationId, program, of, [bad])
    await storeLines(open.db, organisationId, program, of, [])
    await open.pool.query("UPDATE invoice_lines SET tenant_id = 't'")
    const read = await usage(open.db, organisationId, program, of, ['t'])
    const stored = { tenantId: 't', subscriptionId: 'sub-1', unitPrice: '0.00000001' }
    expect(read.lines).toEqual(charges.map((each) => ({ ...each, ...stored })))
    expect(read.badLines).toMatchObject([{ row: 900, column: null, cost: null, price: charge.price }])
  })

  it('that end last are all given, as one of them may say more than another; a credit says nothing [F4]', async () => {
    const other = (await createOrganisation(open.db, { name: 'Other' })).id
    const ends = (row: number, last: string, termUnit: string): StoredLine => ({
      ...charge,
      ...whose,
      row,
      subscriptionId: 'sub-9',
      last: last as Day,
      termUnit,
      cost: '0.01' as Money,
    })
    const lines = [
      ends(701, '2026-09-29', 'MONTHS'),
      ends(702, '2026-09-30', 'MONTHS'),
      ends(703, '2026-09-30', 'YEARS'),
      { ...ends(704, '2026-10-15', 'MONTHS'), cost: '-0.01' as Money },
    ]
    await storeLines(open.db, organisationId, program, of, lines)
    const latest = async (id: string, until: string) =>
      (await latestLines(open.db, id, program, [subscriptionKey('sub-9')], until as Day)).map(
        ({ row }) => row,
      )
    expect(await latest(organisationId, '2026-10-31')).toEqual([702, 703])
    expect(await latest(organisationId, '2026-09-29')).toEqual([701])
    expect(await latest(organisationId, '2026-08-31')).toEqual([])
    expect(await latest(other, '2026-10-31')).toEqual([])
  })
})
