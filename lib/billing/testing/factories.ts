/** Situations for tests: each factory gives a whole value, with only what matters to a test spelled out. */
import type {
  Addition,
  Agreement,
  CatalogItem,
  Day,
  InvoiceLine,
  Money,
  OwnedAddition,
  Period,
  Product,
  Quantity,
  Situation,
  Usage,
} from '../types.ts'

export const day = (text: string): Day => text as Day
export const period = (text: string): Period => text as Period

export const tenantId = 'tenant-1'
export const subscriptionId = '0F0F0F0F-0000-4000-8000-000000000001'

export const product = (name = 'Business Premium', over: Partial<Product> = {}): Product => ({
  productId: `id-${name}`,
  sku: `sku-${name}`,
  name,
  unitCost: '8' as Money,
  unitPrice: '10' as Money,
  current: true,
  ...over,
})

export const catalogItem = (
  id = 1,
  name = 'Business Premium',
  over: Partial<CatalogItem> = {},
): CatalogItem => ({
  id,
  identifier: `sku-${name}`,
  vendorSku: `sku-${name}`,
  inactive: false,
  taxable: true,
  ...over,
})

export const agreement = (over: Partial<Agreement> = {}): Agreement => ({
  id: 7,
  name: 'Cloud services',
  startDate: day('2026-01-01'),
  endDate: null,
  nextInvoiceDate: day('2026-09-01'),
  status: 'Active',
  cancelled: false,
  dateCancelled: null,
  prorate: true,
  invoicingCycle: 'CalendarYear',
  periodType: 'Current',
  billStartDate: null,
  billingCycle: 'Monthly',
  billsMonthly: true,
  currency: null,
  parentAgreementId: null,
  ...over,
})

let nextAdditionId = 1
export const addition = (
  quantity: number,
  from: string,
  to: string | null = null,
  over: Partial<Addition> = {},
): Addition => ({
  id: nextAdditionId++,
  catalogItemId: 1,
  serialNumber: subscriptionId,
  quantity: `${quantity}` as Quantity,
  lessIncluded: '0' as Quantity,
  unitCost: '8' as Money,
  unitPrice: '10' as Money,
  effectiveDate: day(from),
  cancelledDate: to === null ? null : day(to),
  billCustomer: 'Billable',
  taxable: true,
  invoiceDescription: '',
  invoiceGrouping: null,
  ...over,
})

export const owned = (...additions: Addition[]): OwnedAddition[] =>
  additions.map(({ id, quantity, unitCost, unitPrice }) => ({
    additionId: id,
    created: true,
    lots: [
      {
        quantity,
        origin: 'created',
        prism: { cost: unitCost, price: unitPrice },
        set: { cost: unitCost, price: unitPrice },
      },
    ],
  }))

const daysOfMonth = (text: string): number =>
  new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate()
const cents = (value: number): string => `${Math.round(value * 100 + 1e-7) / 100}`

/** A line of whole licences from day `from` to day `to` of a month, charged by PRISM's rule. */
export const line = (
  quantity: number,
  month: string,
  from: number,
  to: number,
  over: Partial<InvoiceLine> & { unit?: readonly [number, number] } = {},
): InvoiceLine => {
  const { unit = [8, 10], ...fields } = over
  const pad = (n: number): string => `${n}`.padStart(2, '0')
  const share = (quantity * (to - from + 1)) / daysOfMonth(month)
  return {
    row: 2,
    tenantId,
    subscriptionId,
    offerName: 'Business Premium (NCE Product)',
    first: day(`${month}-${pad(from)}`),
    last: day(`${month}-${pad(to)}`),
    description: 'Actual usage for period',
    quantity: `${quantity}` as Quantity,
    unitCost: `${unit[0]}` as Money,
    unitPrice: `${unit[1]}` as Money,
    cost: cents(unit[0] * share) as Money,
    price: cents(unit[1] * share) as Money,
    billingCycle: 'Monthly',
    termDuration: '1',
    termUnit: 'MONTHS',
    ...fields,
  }
}

export const usage = (lines: readonly InvoiceLine[], month = '2026-09'): Usage => ({
  period: period(month),
  invoiceId: `invoice-${month}`,
  lines,
})

export const situation = (over: Partial<Situation> = {}): Situation => ({
  agreement: agreement(),
  currency: 'AUD',
  additions: [],
  owned: [],
  answers: [],
  tenants: [{ id: tenantId, name: 'Coho Winery', syncs: true }],
  subscriptions: [
    {
      id: subscriptionId,
      tenantId,
      productId: 'id-Business Premium',
      productName: 'Business Premium',
      displayTemplate: '',
    },
  ],
  foreignSubscriptionIds: [],
  products: [product()],
  catalog: [catalogItem()],
  usages: [],
  previous: null,
  good: {},
  options: {
    syncAzure: true,
    annualTermsMonthly: false,
    defaults: {
      category: 'Miscellaneous',
      subcategory: 'Miscellaneous',
      productType: 'Miscellaneous',
      unitOfMeasure: 'Each',
      taxable: true,
    },
  },
  ...over,
})
