/**
 * A partner whose customers were billed before the product came. Of each addition it is known what it is, so that a test can
 * answer as a clerk would.
 */
import type { Row } from '../connectwise/records.ts'
import type { ConnectWiseSeed } from '../connectwise/seed.ts'
import {
  agreementRow,
  type Company,
  catalogRow,
  companyRow,
  contactRow,
  timestamp,
} from '../data/connectwise-rows.ts'
import type { Product, Tenant } from '../prism/history.ts'
import { listed } from '../prism/portfolio.ts'
import type { Partner, PrismSeed } from '../prism/seed.ts'
import { drawsFor } from './draws.ts'
import {
  type AdditionSeed,
  type BilledWorld,
  CustomerDraft,
  firstUsage,
  type Truth,
} from './hand-made-draft.ts'
import { type HandMadeKind, handMadeKinds } from './hand-made-kinds.ts'
import { idOf } from './ids.ts'

export interface HandMadeCustomer {
  readonly kind: HandMadeKind
  readonly tenantId: string
  readonly domain: string
  readonly companyId: number
  readonly agreementId: number
  /** By addition id; of those that the product explains by itself there is none. */
  readonly truths: ReadonlyMap<number, Truth>
}

export interface HandMade {
  readonly prism: PrismSeed
  readonly connectWise: ConnectWiseSeed
  readonly customers: readonly HandMadeCustomer[]
}

const firstCompanyId = 250
const licences = 6

/** @param site credentials of ConnectWise. @param clients of the partner at PRISM. @param kinds of the customers, again and again */
export function generateHandMade({
  seed,
  customers: count,
  site,
  clients,
  kinds = Object.keys(handMadeKinds) as HandMadeKind[],
}: {
  readonly seed: number
  readonly customers: number
  readonly site: ConnectWiseSeed['site']
  readonly clients: Partner['clients']
  readonly kinds?: readonly HandMadeKind[]
}): HandMade {
  const world = new World(seed)
  const contractAgreementId = idOf(seed, 'agreement', 0)
  const rows: Row[] = []
  const made = Array.from({ length: count }, (_, index) => {
    const tenant: Tenant = {
      tenantId: idOf(seed, 'tenant', index),
      customerId: 501 + index,
      name: `Customer ${index}`,
      domain: `customer-${index}.example`,
      contractAgreementId,
    }
    const company = {
      id: firstCompanyId + index,
      identifier: `Customer${index}`,
      name: tenant.name,
      city: 'Perth',
    }
    const kind = kinds[index % kinds.length] ?? 'right'
    const draft = new CustomerDraft(world, index, tenant.tenantId, drawsFor(seed, 'connectWise', index))
    handMadeKinds[kind](draft)
    const agreementId = 1 + index
    const truths = new Map<number, Truth>()
    for (const addition of draft.additions) {
      const id = 1001 + rows.length
      rows.push(additionRow(id, agreementId, addition))
      if (addition.truth) truths.set(id, addition.truth)
    }
    const { tenantId, domain } = tenant
    const customer = { kind, tenantId, domain, companyId: company.id, agreementId, truths }
    return { tenant, company, customer, histories: draft.histories }
  })
  const companies: readonly Company[] = made.map(({ company }) => company)
  return {
    prism: {
      partners: [
        {
          customerId: 100,
          name: 'Northwind Managed Services',
          email: 'accounts@northwind.example',
          clients,
          contractAgreements: [{ id: contractAgreementId, number: '1000001' }],
          programName: 'Microsoft CSP Indirect',
          products: world.products,
          portfolio: listed(
            made.map(({ tenant }) => tenant),
            made.flatMap(({ histories }) => histories),
          ),
          extraInvoices: [],
          firstUsage,
        },
      ],
    },
    connectWise: {
      site,
      records: {
        companies: companies.map(companyRow),
        contacts: companies.map((company) => contactRow(company)),
        agreements: companies.map((company, index) =>
          agreementRow(1 + index, company, {
            name: 'Microsoft CSP',
            startDate: timestamp('2025-06-01'),
            billStartDate: timestamp('2025-06-01'),
            nextInvoiceDate: timestamp(`${firstUsage}-01`),
          }),
        ),
        additions: rows,
        catalog: world.items,
      },
    },
    customers: made.map(({ customer }) => customer),
  }
}

/** Products and the catalog; items with a motion come as somebody bills with them, with whatever stands after it. */
class World implements BilledWorld {
  readonly seed: number
  readonly azure: Product
  readonly products: readonly Product[]
  readonly items: Row[] = []
  readonly fee: Row
  readonly #byName = new Map<string, Row>()

  constructor(seed: number) {
    this.seed = seed
    this.azure = productOf(seed, licences, 'Azure plan', '0', '0')
    const sold = Array.from({ length: licences }, (_, index) =>
      productOf(seed, index, `Microsoft 365 Plan ${index}`, `${8 + index * 3}.35`, `${11 + index * 4}.9`),
    )
    this.products = [...sold, this.azure]
    for (const product of this.products) if (product !== sold[5]) this.plain(product)
    this.fee = this.#item('Support fee', '')
  }

  licence(index: number): Product {
    return this.products[index] ?? this.azure
  }

  plain(product: Product): Row {
    return this.#item(product.name, product.sku)
  }

  prefixed(product: Product, motion: 'P1M:M' | 'P1Y:M' | 'P1Y:A'): Row {
    const between = drawsFor(this.seed, 'product', this.products.indexOf(product)).pick([':', ' ', '-', ''])
    const named = `${motion}${between}${product.sku}`
    return this.#item(named, named)
  }

  byHand(product: Product): Row {
    return this.#item(product.name.toUpperCase(), '')
  }

  #item(identifier: string, vendorSku: string): Row {
    const known = this.#byName.get(identifier)
    if (known !== undefined) return known
    const base = {
      id: 1 + this.items.length,
      identifier,
      description: identifier,
      cost: 1,
      price: 2,
      taxable: true,
    }
    const row = catalogRow(vendorSku === '' ? base : { ...base, vendorSku })
    this.items.push(row)
    this.#byName.set(identifier, row)
    return row
  }
}

function productOf(seed: number, index: number, name: string, cost: string, rrp: string): Product {
  const productId = idOf(seed, 'product', index)
  const unit = name.startsWith('Azure') ? 'Usage-based' : 'Licenses'
  const sku = idOf(seed, 'sku', index).toUpperCase()
  return { productId, sku, name, group: 'Microsoft CSP', unit, prices: [{ from: '2025-01-01', cost, rrp }] }
}

function additionRow(id: number, agreementId: number, addition: AdditionSeed): Row {
  const { item, quantity, price, cost, serialNumber, from = '2025-06-01', to } = addition
  return {
    id,
    agreementId,
    product: { id: item.id, identifier: item.identifier },
    description: item.description,
    quantity,
    lessIncluded: 0,
    unitCost: cost,
    unitPrice: price,
    billCustomer: 'Billable',
    effectiveDate: timestamp(from),
    ...(to === undefined ? {} : { cancelledDate: timestamp(to) }),
    taxableFlag: true,
    ...(serialNumber === undefined ? {} : { serialNumber }),
    invoiceDescription: item.description,
    uom: 'Each',
  }
}
