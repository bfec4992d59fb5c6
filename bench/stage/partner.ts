/** A partner of a given size: what PRISM and ConnectWise hold of it. The same size gives the same partner. */
import type { ConnectWiseSeed } from '#standin/connectwise/seed.ts'
import {
  agreementRow,
  type Company,
  catalogRow,
  companyRow,
  contactRow,
} from '#standin/data/connectwise-rows.ts'
import {
  type LicenceHistory,
  monthlyTerm,
  type Product,
  type SubscriptionEvent,
  type Tenant,
} from '#standin/prism/history.ts'
import { listed } from '#standin/prism/portfolio.ts'
import type { Partner } from '#standin/prism/seed.ts'

export interface PartnerSize {
  readonly customers: number
  /** Of each customer. */
  readonly subscriptions: number
  /** Of the price list; the catalog of ConnectWise has an item for each. */
  readonly products: number
  /** Usage months in which each fifth subscription gets three licences more on the 16th, another fifth each month. */
  readonly changingMonths: readonly string[]
}

export const firstUsage = '2026-04'
const firstDayBilled = `${firstUsage}-01T00:00:00Z`
export const companyIdOf = (customer: number): number => 1_001 + customer
export const agreementIdOf = (customer: number): number => 1 + customer
export const tenantIdOf = (partner: number, customer: number): string => guid('a', partner, customer, 0)
export const credentialsOf = (
  partner: number,
): { readonly clientId: string; readonly clientSecret: string } => ({
  clientId: `partner-${partner}`,
  clientSecret: `secret-${partner}`,
})

export function prismPartner(partner: number, size: PartnerSize): Partner {
  const contractAgreement = guid('c', partner, 0, 0)
  const tenants = numbers(size.customers).map(
    (customer): Tenant => ({
      tenantId: tenantIdOf(partner, customer),
      customerId: 10_000 + customer,
      name: nameOf(customer),
      domain: `customer${customer}-of-${partner}.example`,
      contractAgreementId: contractAgreement,
    }),
  )
  return {
    customerId: 100 + partner,
    name: `Northwind Managed Services ${partner}`,
    email: `billing@partner-${partner}.example`,
    clients: [credentialsOf(partner)],
    contractAgreements: [{ id: contractAgreement, number: String(1_000_001 + partner) }],
    programName: 'Microsoft CSP Indirect',
    products: productsOf(size),
    portfolio: listed(
      tenants,
      tenants.flatMap(({ tenantId }, customer) =>
        numbers(size.subscriptions).map((subscription) =>
          historyOf(partner, tenantId, customer, subscription, size),
        ),
      ),
    ),
    extraInvoices: [],
    firstUsage,
  }
}

/** Each customer is a company with one agreement that bills monthly in arrears; nothing is on it yet. */
export function connectWiseOf(size: PartnerSize): ConnectWiseSeed {
  const companies = numbers(size.customers).map(
    (customer): Company => ({
      id: companyIdOf(customer),
      identifier: `Customer${customer}`,
      name: nameOf(customer),
      city: 'Sydney',
    }),
  )
  return {
    site: { companyId: 'acme', publicKey: 'pub', privateKey: 'priv' },
    records: {
      companies: companies.map(companyRow),
      contacts: companies.map((company) => contactRow(company)),
      agreements: companies.map((company, customer) =>
        agreementRow(agreementIdOf(customer), company, {
          name: 'Microsoft CSP',
          startDate: '2026-01-01T00:00:00Z',
          billStartDate: firstDayBilled,
          nextInvoiceDate: firstDayBilled,
        }),
      ),
      additions: [],
      catalog: productsOf(size).map(({ sku, name, prices: [price] }, index) =>
        catalogRow({
          id: 1 + index,
          identifier: `CSP-${index}`,
          description: name,
          vendorSku: sku,
          cost: Number(price?.cost),
          price: Number(price?.rrp),
          taxable: true,
        }),
      ),
    },
  }
}

const productsOf = ({ products }: PartnerSize): Product[] =>
  numbers(products).map((index) => ({
    productId: guid('e', 0, index, 0),
    sku: guid('e', 0, index, 0).toUpperCase(),
    name: `Microsoft 365 product ${index}`,
    group: 'Microsoft',
    unit: 'Licenses',
    prices: [{ from: '2025-01-01', cost: `${10 + index}.40`, rrp: `${13 + index}` }],
  }))

function historyOf(
  partner: number,
  tenantId: string,
  customer: number,
  subscription: number,
  { products, changingMonths }: PartnerSize,
): LicenceHistory {
  const changes = changingMonths
    .filter((_, month) => (subscription + month) % 5 === 0)
    .map(
      (month, index): SubscriptionEvent => ({ kind: 'quantity', on: `${month}-16`, quantity: 8 + 3 * index }),
    )
  const productId = guid('e', 0, (customer * 7 + subscription) % products, 0)
  return {
    kind: 'licences',
    subscriptionId: guid('b', partner, customer, subscription),
    tenantId,
    term: monthlyTerm,
    events: [{ kind: 'start', on: '2025-06-01', productId, quantity: 5 }, ...changes],
  }
}

const nameOf = (customer: number): string => `Customer ${String(customer).padStart(5, '0')}`

const guid = (kind: string, partner: number, customer: number, number: number): string =>
  `${kind.repeat(8)}-${hex(partner, 4)}-4000-8000-${hex(customer, 8)}${hex(number, 4)}`

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
