/** PRISM's JSON (docs/facts/prism.md), PascalCase. */
import type { Day } from './calendar.ts'
import { type History, startOf, stateOn, type Tenant } from './history.ts'
import type { Invoice, PartnerBook } from './partner-book.ts'
import type { Partner } from './seed.ts'

/** `GET /api/v1/me`: shape not known [inferred]. */
export function meShape(partner: Partner) {
  return {
    CustomerId: partner.customerId,
    CustomerName: partner.name,
    Email: partner.email,
    IsActive: true,
    CustomerActingRole: 0,
  }
}

export function customerShape(tenant: Tenant, partner: Partner) {
  return {
    CustomerId: tenant.customerId,
    CustomerName: tenant.name,
    ParentCustomerId: partner.customerId,
    IsActive: tenant.isActive ?? true,
    Email: `billing@${tenant.domain}`,
    Country: 'Australia',
    CountryIsoCode: 'AU',
    CustomerActingRole: 1,
    CustomerProgramAgreements: [
      {
        Id: tenant.tenantId,
        ProgramId: 3,
        ProgramName: partner.programName,
        ContractAgreementId: tenant.contractAgreementId,
        AgreementStartDate: '2025-01-01T00:00:00+00:00',
        AgreementEndDate: null,
        BillingPeriod: 'Monthly',
        ProgramReferenceId: tenant.tenantId,
        ProgramReferenceLabel: tenant.domain,
        IsConsumptionProgram: true,
      },
    ],
  }
}

/** A tenant with its subscriptions as they are on `day`. */
export function tenantShape(tenant: Tenant, book: PartnerBook, day: Day) {
  return {
    TenantId: tenant.tenantId,
    TenantStatus: tenant.isActive === false ? 'Inactive' : 'Active',
    TenantDomain: tenant.domain,
    CustomerId: tenant.customerId,
    CustomerName: tenant.name,
    Subscriptions: book
      .histories(tenant.tenantId)
      .flatMap((history) => subscriptionShape(history, tenant, book, day) ?? [])
      // A subscription with two products is one record; it names the first.
      .filter(
        (one, index, all) => all.findIndex((other) => other.SubscriptionId === one.SubscriptionId) === index,
      ),
  }
}

/** `null` before the subscription's start. One that ended stays, as `Deleted` [inferred: further values unknown]. */
export function subscriptionShape(history: History, tenant: Tenant, book: PartnerBook, day: Day) {
  const state = stateOn(history, day)
  if (state === null) return null
  const product = book.partner.products.find((one) => one.productId === state.productId)
  if (product === undefined) throw new Error(`No product ${state.productId}`)
  const bySku = history.kind === 'licences' && history.shownBySku === true
  return {
    SubscriptionId: history.subscriptionId,
    Status: state.status,
    ProgramReferenceLabel: tenant.domain,
    ProductId: bySku ? product.sku : product.productId,
    ProductName: product.name,
    Quantity: state.quantity,
    FirstPurchased: `${startOf(history)}T01:22:33.123+00:00`,
    DisplayTemplate: history.kind === 'azure' ? 'Azure' : 'Licence',
    Unit: product.unit,
    BillingCycle: history.kind === 'annual' ? 'Annual' : 'Monthly',
    BillingCycleDuration: history.kind === 'annual' ? 12 : 1,
  }
}

export function invoiceShape(invoice: Invoice) {
  const [year = 0, month = 0] = invoice.usage.split('-').map(Number)
  return {
    InvoiceId: invoice.id,
    ProgramName: invoice.programName,
    UsageYear: year,
    UsageMonth: month,
    BillingPeriodStart: `${invoice.billingPeriodStart}T00:00:00+00:00`,
  }
}
