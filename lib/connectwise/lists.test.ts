/** Odd rows between good ones, for every kind of record that is listed (J16). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ReadList, readList } from './lists.ts'
import * as kinds from './record-kinds.ts'

const addition = (more: object = {}) => ({
  id: 7,
  product: { id: 40 },
  quantity: 5,
  unitPrice: 22.5,
  unitCost: 17.6,
  billCustomer: 'Billable',
  effectiveDate: '2026-09-01T00:00:00Z',
  serialNumber: 'sub-1',
  ...more,
})
const agreement = (more: object = {}) => ({
  id: 30,
  name: 'Cloud',
  company: { id: 10, name: 'Wingtip' },
  startDate: '2026-01-01T00:00:00Z',
  prorateFlag: true,
  ...more,
})
const item = (more: object = {}) => ({
  id: 40,
  identifier: 'SKU-1',
  vendorSku: 'abc',
  cost: 1,
  price: 2,
  ...more,
})
const asides = ({ odd }: ReadList<unknown>) => odd.map(({ record, reason }) => `${record}: ${reason}`)

describe('what a field may hold', () => {
  const [expected] = readList(kinds.additions, [addition()]).records

  it.each([
    [
      'a number as text',
      { quantity: '5', unitPrice: ' 22.50 ', unitCost: '17.6', id: '7', product: { id: '40' } },
    ],
    ['a flag as text', { taxableFlag: 'False' }],
    ['nothing: null', { taxableFlag: null, cancelledDate: null, lessIncluded: null, invoiceGrouping: null }],
    ['nothing: an empty text', { taxableFlag: '', cancelledDate: '', lessIncluded: '', invoiceGrouping: '' }],
    ['nothing: an empty reference', { invoiceGrouping: {}, invoiceDescription: null }],
    ['nothing: a reference without an id', { invoiceGrouping: { id: null, name: '' } }],
    ["nothing: .NET's smallest date", { cancelledDate: '0001-01-01T00:00:00Z' }],
    ['a date without a time, or with another zone', { effectiveDate: '2026-09-01' }],
    ['a date with spaces', { effectiveDate: ' 2026-09-01 00:00:00 ' }],
    ['what cannot be stored', { serialNumber: 'sub\u0000-1' }],
    ['fields that nobody knows', { agreementStatus: 'Frozen', _info: { x: [1] } }],
  ])('%s', (_what, more) => {
    expect(readList(kinds.additions, [addition(more)])).toEqual({ records: [expected], odd: [] })
  })

  it.each([
    [{ quantity: null }, 'Quantity is missing'],
    [{ quantity: '' }, 'Quantity is missing'],
    [{ quantity: undefined }, 'Quantity is missing'],
    [{ unitPrice: null }, 'Unit Price is missing'],
    [{ unitCost: ' ' }, 'Unit Cost is missing'],
    [{ quantity: 'four' }, 'Quantity is not understood'],
    [{ quantity: '1,234' }, 'Quantity is not understood'],
    [{ quantity: [5] }, 'Quantity is not understood'],
    [{ unitPrice: true }, 'Unit Price is not understood'],
    [{ taxableFlag: 'maybe' }, 'Taxable is not understood'],
    [{ billCustomer: 'Sometimes' }, 'Bill Customer is not understood'],
    [{ billCustomer: null }, 'Bill Customer is missing'],
    [{ effectiveDate: 'soon' }, 'Effective Date is not understood'],
    [{ cancelledDate: '2026-02-30T00:00:00Z' }, 'Cancelled Date is not understood'],
    [{ product: null }, 'Product ID is missing'],
    [{ product: {} }, 'Product ID is missing'],
    [{ product: { id: 'x' } }, 'Product ID is not understood'],
    [{ serialNumber: {} }, 'Serial Number is not understood'],
    [{ serialNumber: 'sub-1\ud83d' }, 'Serial Number is not understood'],
    [{ serialNumber: 'sub-\ufffd' }, 'Serial Number is not understood'],
    [{ serialNumber: 'sub-1'.padEnd(5_000, 'x') }, 'Serial Number is not understood'],
    [{ invoiceGrouping: { id: 'x' } }, 'Invoice Grouping is not understood'],
  ])('and not %j, whose field is named as on the screen', (more, reason) => {
    const { records, odd } = readList(kinds.additions, [addition(more), addition({ id: 8 })])
    expect(records.map(({ id }) => id)).toEqual([8])
    expect(odd).toMatchObject([{ record: 'addition 7', reason, id: 7 }])
  })

  it('an id that the database cannot hold is none', () => {
    for (const id of [0, -1, 1.5, 2_147_483_648, '99999999999', null, 'x'])
      expect(readList(kinds.additions, [addition({ id })]).odd).toMatchObject([
        { reason: expect.stringMatching(/^Its id is (missing|not understood)$/), id: null },
      ])
  })
})

describe('what billing does not need', () => {
  it('refuses no agreement, company or product', () => {
    const odd = {
      type: 7,
      billingCycle: [],
      periodType: {},
      agreementStatus: 'Frozen',
      currency: 'x',
      parentAgreement: 5,
    }
    expect(readList(kinds.agreements, [agreement(odd)])).toMatchObject({
      records: [{ id: 30, type: '', billingCycle: '', periodType: '', status: 'Frozen', currency: null }],
      odd: [],
    })
    expect(readList(kinds.companies, [{ id: 1, name: 'A', website: {} }]).records).toMatchObject([
      { website: '' },
    ])
    expect(readList(kinds.catalogItems, [item({ description: 7 })]).records).toMatchObject([
      { description: '7' },
    ])
  })

  it.each([
    [{ startDate: '' }, 'Date Start is missing'],
    [{ startDate: 'long ago' }, 'Date Start is not understood'],
    [{ nextInvoiceDate: 'soon' }, 'Next Invoice Date is not understood'],
    [{ prorateFlag: 'x' }, 'Prorate Agreement is not understood'],
    [{ invoicingCycle: {} }, 'Invoicing Cycle is not understood'],
    [{ company: { id: 'x' } }, 'Company is not understood'],
  ])('but what it needs refuses that agreement alone: %j', (more, reason) => {
    const read = readList(kinds.agreements, [agreement(more), agreement({ id: 31 })])
    expect(asides(read)).toEqual([`Cloud: ${reason}`])
    expect(read.records.map(({ id }) => id)).toEqual([31])
  })
})

describe('rows that come twice', () => {
  it('count once, whatever form they come in', () => {
    const rows = [addition(), addition({ quantity: '5.0' }), addition({ id: 8 })]
    expect(readList(kinds.additions, rows)).toMatchObject({ records: [{ id: 7 }, { id: 8 }], odd: [] })
  })

  it('are set aside, all of them, where they contradict each other', () => {
    const rows = [addition(), addition({ id: 8 }), addition({ quantity: 6 }), addition()]
    const read = readList(kinds.additions, rows)
    expect(read.records.map(({ id }) => id)).toEqual([8])
    expect(asides(read)).toEqual(['addition 7: it is listed twice with different values'])
  })

  it('are set aside where one of them cannot be read', () => {
    const read = readList(kinds.additions, [
      addition(),
      addition({ quantity: 'x' }),
      addition({ quantity: 'x' }),
    ])
    expect([read.records, asides(read)]).toEqual([[], ['addition 7: Quantity is not understood']])
  })
})

const samples: [string, typeof kinds.companies, object][] = [
  ['companies', kinds.companies, { id: 1, name: 'A' }],
  ['agreements', kinds.agreements, agreement()],
  ['additions', kinds.additions, addition()],
  ['products', kinds.catalogItems, item()],
  ['set-up records', kinds.setupRecords, { id: 1, name: 'Each' }],
  ['screens', kinds.hostedScreens, { id: 1, name: 'Agreement' }],
  ['pods', kinds.hostedSetups, { id: 1, screenId: 12, url: 'https://pod.example' }],
].map(([name, kind, row]) => [name, kind, row] as [string, typeof kinds.companies, object])

describe('for random odd rows mixed into a list', () => {
  it.each(samples)(
    'of %s, the others come out unchanged and each odd one is named [J16]',
    (_name, kind, row) => {
      const rowOf = (id: number) => ({ ...row, id })
      const oddRow = fc.oneof(
        fc.constantFrom<unknown>(
          null,
          undefined,
          7,
          'text',
          [],
          {},
          { id: null },
          { ...row, id: 'x' },
          { ...row, id: {} },
        ),
        fc.jsonValue().map((id) => ({ ...row, id: [id] })),
      )
      const rows = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant('good' as const) }, oddRow), {
        maxLength: 30,
      })
      fc.assert(
        fc.property(rows, (mixed) => {
          let id = 0
          const list = mixed.map((each) => (each === 'good' ? rowOf(++id) : each))
          const alone = readList(
            kind,
            list.filter((_, at) => mixed[at] === 'good'),
          )
          const read = readList(kind, list)
          expect(alone.records).toHaveLength(id)
          expect(read.records).toEqual(alone.records)
          expect(read.odd).toHaveLength(mixed.length - id)
          for (const { record, reason } of read.odd) expect([record, reason]).not.toContain('')
        }),
        { numRuns: 60 },
      )
    },
  )
})
