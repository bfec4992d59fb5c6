/** PRISM and ConnectWise of a partner whose names were typed by people (`misspelt/`), so that its customers can be mapped from nothing. */
import type { Row } from '../connectwise/records.ts'
import type { ConnectWiseSeed } from '../connectwise/seed.ts'
import { agreementRow, catalogRow, companyRow, contactRow, timestamp } from '../data/connectwise-rows.ts'
import {
  type MisspeltCompany,
  type MisspeltPartner,
  misspeltPartner,
  type PartnerSize,
} from '../misspelt/partner.ts'
import { type History, monthlyTerm, type Product, type Tenant } from '../prism/history.ts'
import { listed } from '../prism/portfolio.ts'
import type { Partner, PrismSeed } from '../prism/seed.ts'
import { firstUsage } from './hand-made-draft.ts'
import { idOf } from './ids.ts'

export interface MisspeltSeeds {
  readonly prism: PrismSeed
  readonly connectWise: ConnectWiseSeed
  readonly partner: MisspeltPartner
}

/** Since when everything runs. */
const begin = '2025-06-01'

/** @param site credentials of ConnectWise. @param clients of the partner at PRISM. @param most subscriptions of a customer, so that a test stays small */
export function generateMisspelt({
  site,
  clients,
  most,
  ...size
}: PartnerSize & {
  readonly site: ConnectWiseSeed['site']
  readonly clients: Partner['clients']
  readonly most: number
}): MisspeltSeeds {
  const partner = withNamesApart(misspeltPartner(size))
  const contractAgreementId = idOf(size.seed, 'agreement', 0)
  const names = partner.tenants.flatMap(({ subscriptions }) => subscriptions.map(({ product }) => product))
  const products = new Map(
    [...new Set(names)].sort().map((name, index) => [name, productOf(size.seed, index, name)] as const),
  )
  const tenants = partner.tenants.map(
    ({ id: tenantId, name, domain }, index): Tenant => ({
      tenantId,
      customerId: 501 + index,
      name,
      domain,
      contractAgreementId,
    }),
  )
  const histories = partner.tenants.flatMap(({ id: tenantId, subscriptions }) =>
    subscriptions.slice(0, most).map(
      ({ id, product, quantity }): History => ({
        kind: 'licences',
        subscriptionId: id,
        tenantId,
        term: monthlyTerm,
        events: [{ kind: 'start', on: begin, productId: products.get(product)?.productId ?? '', quantity }],
      }),
    ),
  )
  return {
    partner,
    prism: {
      partners: [
        {
          customerId: 100,
          name: 'Northwind Managed Services',
          email: 'accounts@northwind.example',
          clients,
          contractAgreements: [{ id: contractAgreementId, number: '1000001' }],
          programName: 'Microsoft CSP Indirect',
          products: [...products.values()],
          portfolio: listed(tenants, histories),
          extraInvoices: [],
          firstUsage,
        },
      ],
    },
    connectWise: { site, records: recordsOf(partner.companies, products) },
  }
}

/** A person tells the agreements of a company by their names. */
function withNamesApart(partner: MisspeltPartner): MisspeltPartner {
  const companies = partner.companies.map((company) => ({
    ...company,
    agreements: company.agreements.map((agreement, at, all) => {
      const before = all.slice(0, at).filter(({ name }) => name === agreement.name).length
      return before === 0 ? agreement : { ...agreement, name: `${agreement.name} ${before + 1}` }
    }),
  }))
  return { ...partner, companies }
}

function recordsOf(
  companies: readonly MisspeltCompany[],
  products: ReadonlyMap<string, Product>,
): ConnectWiseSeed['records'] {
  const items = new Map<string, Row>(
    [...products].map(([name, { sku }], index) => [name, itemOf(1 + index, name, sku)]),
  )
  const named = companies.map((company) => ({ ...company, city: 'Perth' }))
  const written = named.flatMap((company) =>
    company.agreements.flatMap(({ id, additions }) =>
      additions.flatMap(({ product, quantity, serialNumber }) => {
        const item = items.get(product)
        return item === undefined ? [] : [{ agreementId: id, item, quantity, serialNumber }]
      }),
    ),
  )
  return {
    companies: named.map((company) => ({ ...companyRow(company), website: company.website })),
    contacts: named.map((company) => contactRow(company)),
    agreements: named.flatMap((company) =>
      company.agreements.map(({ id, name, isFit }) =>
        agreementRow(id, company, {
          name,
          startDate: timestamp(begin),
          billStartDate: timestamp(begin),
          nextInvoiceDate: timestamp(`${firstUsage}-01`),
          ...(isFit ? {} : { prorateFlag: false }),
        }),
      ),
    ),
    additions: written.map((addition, index) => additionRow(1001 + index, addition)),
    catalog: [...items.values()],
  }
}

const price = { cost: '8.35', rrp: '11.9' }

function productOf(seed: number, index: number, name: string): Product {
  const prices = [{ from: '2025-01-01', ...price }]
  const sku = idOf(seed, 'sku', index).toUpperCase()
  return {
    productId: idOf(seed, 'product', index),
    sku,
    name,
    group: 'Microsoft CSP',
    unit: 'Licenses',
    prices,
  }
}

const itemOf = (id: number, name: string, vendorSku: string): Row =>
  catalogRow({
    id,
    identifier: name,
    description: name,
    cost: Number(price.cost),
    price: Number(price.rrp),
    taxable: true,
    vendorSku,
  })

interface Written {
  readonly agreementId: number
  readonly item: Row
  readonly quantity: number
  readonly serialNumber: string
}

const additionRow = (id: number, { agreementId, item, quantity, serialNumber }: Written): Row => ({
  id,
  agreementId,
  product: { id: item.id, identifier: item['identifier'] },
  description: item['description'],
  quantity,
  lessIncluded: 0,
  unitCost: Number(price.cost),
  unitPrice: Number(price.rrp),
  billCustomer: 'Billable',
  effectiveDate: timestamp(begin),
  taxableFlag: true,
  ...(serialNumber === '' ? {} : { serialNumber }),
  invoiceDescription: item['description'],
  uom: 'Each',
})
