import { describe, expect, it } from 'vitest'
import { nextMonth } from '#standin/prism/calendar.ts'
import { isListed } from '#standin/prism/history.ts'
import { linesOfMonth } from '#standin/prism/lines.ts'
import {
  connectWiseSeed,
  customers,
  demoMappings,
  prismSeed,
  products,
  subscriptionId,
  tenantId,
} from './index.ts'

const [partner] = prismSeed().partners
if (partner === undefined) throw new Error('The seed has a partner')
const { records } = connectWiseSeed()
const byId = new Map(partner.products.map((product) => [product.productId, product]))
const histories = Array.from(partner.portfolio.tenants()).flatMap((tenant) =>
  partner.portfolio.histories(tenant.tenantId),
)
const linesOf = (month: string) => [...linesOfMonth(histories, byId, month)]
const months = Array.from({ length: 11 }, (_, index) => nextMonth('2026-04', index))
const rows = (collection: keyof typeof records) => records[collection] ?? []

/** `5 on 1-15, 8 on 16-30`. */
function invoiced(subscription: string, month: string): string {
  const id = subscriptionId(subscription)
  return linesOf(month)
    .filter((line) => line.subscriptionId === id)
    .map((line) => `${line.quantity} on ${Number(line.first.slice(8))}-${Number(line.last.slice(8))}`)
    .join(', ')
}

function additionsOf(key: string): string[] {
  const agreementId = demoMappings().find((mapping) => mapping.tenantId === tenantId(key))?.agreementId
  return rows('additions')
    .filter((row) => row.agreementId === agreementId)
    .map(({ quantity, effectiveDate, cancelledDate }) => {
      return `${String(quantity)} from ${text(effectiveDate).slice(0, 10)} to ${text(cancelledDate ?? 'open').slice(0, 10)}`
    })
}

/** A field of a record that is text. */
function text(field: unknown): string {
  if (typeof field !== 'string') throw new Error(`not text: ${JSON.stringify(field)}`)
  return field
}

describe('every row of the examples (docs/billing-rules.md, "Examples") is in the data', () => {
  const invoices: readonly [subscription: string, month: string, lines: string][] = [
    ['coho/premium', '2026-04', '12 on 1-30'],
    ['wideworld/standard', '2026-09', '5 on 12-30'],
    ['coho/exchange', '2026-06', '5 on 1-15, 8 on 16-30'],
    ['fabrikam/basic', '2026-09', '5 on 1-10, 8 on 11-20, 6 on 21-30'],
    ['adventure/exchange', '2026-09', '5 on 1-14'],
    ['contoso/exchange', '2026-09', '5 on 1-10, 5 on 21-30'],
    ['alpine/project', '2026-08', '5 on 1-31'],
    ['alpine/project', '2026-09', ''],
    ['humongous/exchange', '2026-03', '5 on 1-31'],
    ['humongous/exchange', '2026-04', ''],
    ['lucerne/standard', '2026-09', '5 on 3-19, 7 on 20-30'],
    ['trey/exchange', '2026-04', '5 on 1-30'],
    ['woodgrove/exchange', '2026-04', '5 on 1-30'],
    ['proseware/exchange', '2026-07', '5 on 1-31'],
    ['tailspin/exchange', '2026-09', '5 on 1-15, 8 on 16-30'],
  ]
  for (const [subscription, month, lines] of invoices) {
    it(`${subscription} in ${month}: ${lines || 'not on the invoice'}`, () =>
      expect(invoiced(subscription, month)).toBe(lines))
  }

  it('has the additions that those rows begin with', () => {
    expect(additionsOf('humongous')).toEqual(['5 from 2026-04-01 to open'])
    expect(additionsOf('trey')).toEqual(['5 from 2026-04-01 to open', '3 from 2027-01-01 to open'])
    expect(additionsOf('woodgrove')).toEqual(['5 from 2026-04-01 to 2026-04-14'])
    expect(additionsOf('proseware')).toContain('5 from 2026-04-01 to 2026-07-14')
    expect(additionsOf('coho')).toEqual([])
  })
})

describe('the invoices', () => {
  it('have no negative line, none outside its month and no line twice [F1]', () => {
    for (const month of months) {
      const lines = linesOf(month)
      expect(lines.filter((line) => Number(line.quantity) <= 0 || Number(line.subTotal) < 0)).toEqual([])
      expect(lines.filter((line) => !line.first.startsWith(month) || !line.last.startsWith(month))).toEqual(
        [],
      )
      const identities = lines.map((line) => [line.subscriptionId, line.offerName, line.first].join())
      expect(new Set(identities).size).toBe(identities.length)
    }
  })

  it('name every tenant in every month, but the one that disappears in August and the one that comes in June', () => {
    const missing = months.flatMap((month) => {
      const named = new Set(linesOf(month).map((line) => line.tenantId))
      return customers.filter(({ key }) => !named.has(tenantId(key))).map(({ key }) => `${key} ${month}`)
    })
    const expected = months.map((month) => (month >= '2026-08' ? `vanarsdel ${month}` : ''))
    expect(missing.sort()).toEqual(
      [...expected.filter(Boolean), 'bestforyou 2026-04', 'bestforyou 2026-05'].sort(),
    )
  })

  it('have two lines of two products under one subscription id, and a move to another offer', () => {
    const offers = (subscription: string, month: string) =>
      linesOf(month)
        .filter((line) => line.subscriptionId === subscriptionId(subscription))
        .map((line) => `${line.offerName} ${line.first.slice(8)}`)
    expect(offers('margies/mixed', '2026-04')).toEqual([
      'Microsoft 365 Business Basic (NCE Product) 01',
      'Exchange Online (Plan 2) (NCE Product) 01',
    ])
    expect(offers('margies/office', '2026-07')).toEqual([
      'Microsoft 365 Business Standard (NCE Product) 01',
      'Microsoft 365 Business Premium (NCE Product) 16',
    ])
  })

  it('have a price change inside a month and one at its border [F6]', () => {
    const prices = (subscription: string, month: string) =>
      linesOf(month)
        .filter((line) => line.subscriptionId === subscriptionId(subscription))
        .map((line) => `${line.unitPrice} from ${line.first}`)
    expect(prices('wideworld/defender', '2026-06')).toEqual(['4.4 from 2026-06-01', '4.73 from 2026-06-16'])
    expect(prices('contoso/visio', '2026-07')).toEqual(['20.12 from 2026-07-01'])
    expect(prices('contoso/visio', '2026-08')).toEqual(['21.4 from 2026-08-01'])
  })

  it('have Azure in every month of one tenant and in some of another, annual terms and an annual order [F3, F4]', () => {
    const inMonths = (subscription: string) => months.filter((month) => invoiced(subscription, month) !== '')
    expect(inMonths('fabrikam/azure')).toEqual(months)
    expect(inMonths('lucerne/azure')).toEqual(['2026-06', '2026-07', '2026-09', '2026-11'])
    expect(inMonths('citypower/dynamics-year')).toEqual(['2026-06'])
    expect(inMonths('wideworld/e3-year')).toEqual(months)
  })
})

describe('the products', () => {
  it('are no longer all on the price list, while two retired ones are still invoiced [D4]', () => {
    const retired = Object.entries(products).filter(([, product]) => !isListed(product, '2026-11-24'))
    expect(retired.map(([key]) => key)).toEqual(['kaizala', 'skype', 'essentials'])
    expect(invoiced('margies/skype', '2026-09')).toBe('6 on 1-30')
    expect(invoiced('fourthcoffee/essentials', '2026-09')).toBe('6 on 1-30')
  })

  it('have two names that are equal when cut to 60 characters [D5]', () => {
    const [one, two] = [products['f5-faculty'].name, products['f5-student'].name]
    expect(one.slice(0, 60)).toBe(two.slice(0, 60))
    expect(one).not.toBe(two)
  })

  it('have ids, SKUs and names that occur once', () => {
    for (const field of ['productId', 'sku', 'name'] as const)
      expect(new Set(partner.products.map((product) => product[field])).size).toBe(partner.products.length)
  })
})

describe('the ConnectWise records', () => {
  it('refer to records that exist, under ids that occur once', () => {
    const ids = (collection: keyof typeof records) => rows(collection).map((row) => row.id)
    for (const collection of [
      'companies',
      'contacts',
      'agreements',
      'additions',
      'catalog',
      'members',
    ] as const)
      expect(new Set(ids(collection)).size).toBe(ids(collection).length)
    for (const agreement of rows('agreements'))
      expect(ids('companies')).toContain((agreement.company as { id: number }).id)
    for (const addition of rows('additions')) {
      expect(ids('agreements')).toContain(addition.agreementId)
      expect(ids('catalog')).toContain((addition.product as { id: number }).id)
    }
  })

  it('keep the lengths that ConnectWise allows (docs/facts/prism.md, "Another source")', () => {
    for (const company of rows('companies')) {
      expect(String(company.identifier).length).toBeLessThanOrEqual(25)
      expect(String(company.name).length).toBeLessThanOrEqual(50)
    }
    for (const addition of rows('additions'))
      expect(text(addition.serialNumber ?? '').length).toBeLessThanOrEqual(50)
  })

  it('are mapped tenant by tenant, each agreement to its own company, one agreement to two tenants [E2]', () => {
    const mappings = demoMappings()
    expect(mappings).toHaveLength(customers.filter((customer) => customer.group !== 'unmapped').length)
    for (const { agreementId, companyId } of mappings) {
      const agreement = rows('agreements').find((row) => row.id === agreementId)
      expect(agreement?.company).toMatchObject({ id: companyId })
    }
    const shared = mappings.filter(
      (one) => mappings.filter((other) => other.agreementId === one.agreementId).length > 1,
    )
    expect(shared.map((one) => one.tenantId)).toEqual([tenantId('litware'), tenantId('litware-labs')])
  })

  it('have agreements that break each rule of A5', () => {
    const broken = rows('agreements').filter(
      (row) => (row.company as { identifier: string }).identifier === 'Relecloud',
    )
    expect(
      broken.map((row) => [
        row.prorateFlag,
        row.invoicingCycle,
        row.noEndingDateFlag,
        (row.currency as { currencyCode: string }).currencyCode,
      ]),
    ).toEqual([
      [false, 'CalendarYear', true, 'AUD'],
      [true, 'ContractYear', true, 'AUD'],
      [true, 'CalendarYear', false, 'AUD'],
      [true, 'CalendarYear', true, 'NZD'],
      [true, 'CalendarYear', true, 'AUD'],
      [true, 'CalendarYear', true, 'AUD'],
    ])
  })

  it('have a company with several: one that has expired, and one that is not monthly [A5]', () => {
    const several = rows('agreements').filter(
      (row) => (row.company as { identifier: string }).identifier === 'BestForYou',
    )
    expect(
      several.map((row) => [row.endDate ?? 'open', (row.billingCycle as { name: string }).name]),
    ).toEqual([
      ['open', 'Monthly'],
      ['2025-12-31T00:00:00Z', 'Monthly'],
      ['open', 'Quarterly'],
    ])
  })

  it('have a duplicate Vendor SKU [D6] and links typed in another case or with spaces [D1]', () => {
    const skus = rows('catalog').flatMap((row) => (row.vendorSku === undefined ? [] : [text(row.vendorSku)]))
    const normal = skus.map((sku) => sku.trim().toUpperCase())
    expect(normal.filter((sku, index) => normal.indexOf(sku) !== index)).toEqual([products['intune-1'].sku])
    expect(skus.filter((sku, index) => sku !== normal[index]).length).toBeGreaterThanOrEqual(3)
  })
})
