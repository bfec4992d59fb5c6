/** The ConnectWise of a generated partner: a company with one agreement for each tenant, and its catalog. */

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
import { addDays, type Day, firstDay, nextMonth } from '../prism/calendar.ts'
import { type History, isListed, type Product, priceOn, stateOn, type Tenant } from '../prism/history.ts'
import type { Partner } from '../prism/seed.ts'
import { drawsFor } from './draws.ts'

export interface GeneratedConnectWise {
  readonly seed: ConnectWiseSeed
  /** Which agreement each tenant belongs to, in the tenants' order. */
  readonly mappings: readonly GeneratedMapping[]
}

export interface GeneratedMapping {
  readonly tenantId: string
  readonly companyId: number
  readonly agreementId: number
}

export interface GeneratedConnectWiseOptions {
  readonly seed?: number
  /** Percent of the agreements that are billed in advance. */
  readonly inAdvance?: number
  /** Percent of the subscriptions running before the first invoice that have an addition already; half of these have their id. */
  readonly existing?: number
}

const firstCompanyId = 250

/** Held in memory as ConnectWise's records are: meant for one partner. The keys are those of the demo. */
export function generateConnectWise(
  partner: Partner,
  { seed = 1, inAdvance = 10, existing = 50 }: GeneratedConnectWiseOptions = {},
): GeneratedConnectWise {
  const items = itemsOf(partner)
  const companies: Company[] = []
  const agreements: Row[] = []
  const additions: Row[] = []
  for (const tenant of partner.portfolio.tenants()) {
    const index = companies.length
    const draws = drawsFor(seed, 'connectWise', index)
    const company = companyOf(tenant, index)
    const agreementId = 1 + index
    companies.push(company)
    agreements.push(agreementOf(agreementId, company, partner, draws.chance(inAdvance)))
    for (const history of partner.portfolio.histories(tenant.tenantId)) {
      if (history.kind !== 'licences' || history.term.unit !== 'MONTHS' || !draws.chance(existing)) continue
      const row = additionOf(history, partner, items, draws.chance(50))
      if (row !== null) additions.push({ ...row, id: 1001 + additions.length, agreementId })
    }
  }
  return {
    seed: {
      site: { companyId: 'prismdemo', publicKey: 'demo-public', privateKey: 'demo-private' },
      records: {
        companies: companies.map(companyRow),
        contacts: companies.map((company) => contactRow(company)),
        agreements,
        additions,
        catalog: [...items.values()].map(({ item }) => item),
      },
    },
    mappings: Array.from(partner.portfolio.tenants(), ({ tenantId }, index) => ({
      tenantId,
      companyId: firstCompanyId + index,
      agreementId: 1 + index,
    })),
  }
}

/** Names as long as ConnectWise takes them. */
function companyOf(tenant: Tenant, index: number): Company {
  const name = tenant.name.trim().slice(0, 50)
  return { id: firstCompanyId + index, identifier: `Tenant${index}`, name, city: 'Sydney' }
}

function agreementOf(id: number, company: Company, { firstUsage }: Partner, inAdvance: boolean): Row {
  return agreementRow(id, company, {
    name: 'Microsoft CSP',
    startDate: timestamp(firstDay(nextMonth(firstUsage, -1))),
    billStartDate: timestamp(firstDay(firstUsage)),
    nextInvoiceDate: timestamp(firstDay(nextMonth(firstUsage, inAdvance ? 1 : 0))),
    periodType: inAdvance ? 'Future' : 'Current',
  })
}

interface ItemOfProduct {
  readonly product: Product
  readonly item: Row
}

/** One item for each product that was ever on the price list by the first invoice's month. */
function itemsOf({ products, firstUsage }: Partner): ReadonlyMap<string, ItemOfProduct> {
  const day = firstDay(firstUsage)
  const known = products.filter((product) => isListed(product, day))
  return new Map(
    known.map((product, index) => [product.productId, { product, item: itemOf(product, index, day) }]),
  )
}

function itemOf(product: Product, index: number, day: Day): Row {
  const { cost, rrp } = priceOn(product, day)
  return catalogRow({
    id: 1 + index,
    identifier: `CSP-${index}`,
    description: product.name.slice(0, 60),
    vendorSku: product.sku,
    cost: Number(cost),
    price: Number(rrp),
    taxable: true,
  })
}

/** As it was on the day before the first usage month; `null` where nothing ran or the product has no item. */
function additionOf(
  history: History,
  { firstUsage }: Partner,
  items: ReadonlyMap<string, ItemOfProduct>,
  withSerial: boolean,
): Omit<Row, 'id'> | null {
  const day = addDays(firstDay(firstUsage), -1)
  const state = stateOn(history, day)
  const held = state === null ? undefined : items.get(state.productId)
  if (state === null || held === undefined || state.status !== 'Active' || state.quantity === 0) return null
  const { cost, rrp } = priceOn(held.product, day)
  return {
    product: { id: held.item.id, identifier: held.item.identifier },
    description: held.product.name,
    quantity: state.quantity,
    lessIncluded: 0,
    unitCost: Number(cost),
    unitPrice: Number(rrp),
    billCustomer: 'Billable',
    effectiveDate: timestamp(firstDay(firstUsage)),
    taxableFlag: true,
    ...(withSerial ? { serialNumber: history.subscriptionId } : {}),
    invoiceDescription: held.product.name,
    uom: 'Each',
  }
}
