/** PRISM's lists -> ours. Nothing of PRISM's spelling passes this file. */
import { numberText } from '#lib/base/decimal-text.ts'
import { readRecords, type SetAside } from '#lib/base/records.ts'
import { isDay } from '#lib/billing/days.ts'
import { decimal, holdable, money } from '#lib/billing/decimal.ts'
import { type SubscriptionKey, subscriptionKey } from '#lib/billing/keys.ts'
import type { Day, Money, Period, Product } from '#lib/billing/types.ts'
import {
  customerSchema,
  type InvoiceRecord,
  invoiceSchema,
  type ProductRecord,
  productGroupSchema,
  productSchema,
  programAgreementSchema,
  type SubscriptionRecord,
  subscriptionSchema,
  type TenantRecord,
  tenantSchema,
} from './api-types.ts'
import { keptTogether, readListed } from './listed.ts'
import type { ContractAgreement, InvoiceHeader, Listed, PrismSubscription, PrismTenant } from './values.ts'

type Rows = readonly unknown[]

/** The contract agreements of all customers, each once. */
export function toContractAgreements(rows: Rows): Listed<ContractAgreement> {
  const customers = readRecords(customerSchema, rows, (row) => row['CustomerName'] ?? row['CustomerId'])
  const agreements = readListed(
    customers.records.flatMap((customer) => customer.CustomerProgramAgreements),
    {
      schema: programAgreementSchema,
      idFields: ['ContractAgreementId', 'ProgramName'],
      nameFields: ['ProgramName'],
    },
  )
  return {
    records: agreements.records
      .filter(({ ContractAgreementId }) => ContractAgreementId !== '')
      .map((each) => ({ id: each.ContractAgreementId, programName: each.ProgramName })),
    setAside: [...customers.setAside, ...agreements.setAside],
    kept: customers.setAside.length > 0 ? null : agreements.kept,
  }
}

/** Tenants with their subscriptions; a subscription that several tenants have is nobody's here, so the stored owner stays. */
export function toTenants(rows: Rows): Listed<PrismTenant> {
  const listed = readListed(rows, {
    schema: tenantSchema,
    idFields: ['TenantId'],
    nameFields: ['CustomerName', 'TenantDomain'],
    joined: 'Subscriptions',
  })
  const setAside: SetAside[] = [...listed.setAside]
  const tenants = listed.records.map((record) => {
    const tenant = toTenant(record)
    setAside.push(...tenant.setAside)
    return tenant.tenant
  })
  const { records, contested } = withoutContested(tenants)
  return { records, setAside: [...setAside, ...contested], kept: listed.kept }
}

function toTenant(record: TenantRecord): { tenant: PrismTenant; setAside: readonly SetAside[] } {
  const subscriptions = readListed(record.Subscriptions, {
    schema: subscriptionSchema,
    idFields: ['SubscriptionId'],
    nameFields: ['ProductName'],
  })
  const of = record.CustomerName || record.TenantId
  return {
    tenant: {
      id: record.TenantId,
      customerId: record.CustomerId,
      customerName: record.CustomerName,
      domain: record.TenantDomain,
      status: record.TenantStatus,
      subscriptions: subscriptions.records.map((each) => toSubscription(each, record.TenantId)),
      keptSubscriptions: subscriptions.kept,
    },
    setAside: subscriptions.setAside.map((each) => ({
      ...each,
      record: `subscription ${each.record} of ${of}`,
    })),
  }
}

const toSubscription = (record: SubscriptionRecord, tenantId: string): PrismSubscription => ({
  id: record.SubscriptionId,
  tenantId,
  productId: record.ProductId,
  productName: record.ProductName,
  displayTemplate: record.DisplayTemplate,
  billingCycle: record.BillingCycle,
  status: record.Status,
  quantity: shownNumber(record.Quantity),
  unit: record.Unit,
  firstPurchased: dayOf(record.FirstPurchased),
})

/** Shown only, never billed: one that is not understood is shown as none. */
const shownNumber = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? (numberText(value) ?? '') : ''

/** Takes out each subscription that more than one tenant lists. */
function withoutContested(tenants: readonly PrismTenant[]): {
  records: readonly PrismTenant[]
  contested: readonly SetAside[]
} {
  const owners = new Map<SubscriptionKey, PrismTenant[]>()
  for (const tenant of tenants)
    for (const { id } of tenant.subscriptions)
      owners.set(subscriptionKey(id), [...(owners.get(subscriptionKey(id)) ?? []), tenant])
  const shared = new Map([...owners].filter(([, of]) => new Set(of).size > 1))
  if (shared.size === 0) return { records: tenants, contested: [] }
  const isShared = (id: string): boolean => shared.has(subscriptionKey(id))
  return {
    records: tenants.map((tenant) => ({
      ...tenant,
      subscriptions: tenant.subscriptions.filter(({ id }) => !isShared(id)),
      keptSubscriptions: keptTogether([
        tenant.keptSubscriptions,
        tenant.subscriptions.map(({ id }) => id).filter(isShared),
      ]),
    })),
    contested: [...shared].map(([id, of]) => ({
      record: `subscription ${id}`,
      reason: `it is listed for several customers: ${of.map((tenant) => tenant.customerName || tenant.id).join(', ')}`,
    })),
  }
}

/**
 * `UnitPrice` is the partner's buy price, `RetailUnitPrice` the RRP [inferred: docs/facts/prism.md,
 * "Price list"]; never the tiered `Price`.
 */
export function toProducts(groupRows: Rows): Listed<Product> {
  const groups = readRecords(productGroupSchema, groupRows, (row) => row['ProductGroup'])
  const products = readListed(
    groups.records.flatMap((group) => group.Products),
    { schema: productSchema, idFields: ['ProductId', 'ProductSku'], nameFields: ['ProductName'] },
  )
  return {
    records: products.records.map(toProduct),
    setAside: [...groups.setAside, ...products.setAside],
    kept: groups.setAside.length > 0 ? null : products.kept,
  }
}

const toProduct = (product: ProductRecord): Product => ({
  productId: product.ProductId,
  sku: product.ProductSku,
  name: product.ProductName,
  unitCost: holdableMoney(product.UnitPrice),
  unitPrice: holdableMoney(product.RetailUnitPrice),
  current: true,
})

const holdableMoney = (value: Money): Money => money(holdable(decimal(value)))

export function toInvoiceHeaders(rows: Rows): Listed<InvoiceHeader> {
  const listed = readListed(rows, {
    schema: invoiceSchema,
    idFields: ['InvoiceId'],
    nameFields: ['ProgramName'],
  })
  return { ...listed, records: listed.records.map(toInvoiceHeader) }
}

function toInvoiceHeader(record: InvoiceRecord): InvoiceHeader {
  const month = String(record.UsageMonth).padStart(2, '0')
  return {
    id: record.InvoiceId,
    programName: record.ProgramName,
    period: `${record.UsageYear}-${month}` as Period,
    invoicedOn: dayOf(record.BillingPeriodStart),
  }
}

/** .NET writes `0001-01-01` where there is no date. */
const firstYear = '1900'

/** The calendar date of a timestamp as it is written, whatever its offset; `null` where there is none. */
export function dayOf(timestamp: string): Day | null {
  const date = timestamp.slice(0, 10)
  return isDay(date) && date >= firstYear && timeOfDay.test(timestamp.slice(10)) ? date : null
}

/**
 * Nothing, or a time with any number of fraction digits and an offset (docs/facts/prism.md,
 * "Customers, tenants and subscriptions" and "Invoice CSV").
 */
const timeOfDay = /^(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/
