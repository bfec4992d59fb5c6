/** PRISM's records -> ours. Nothing of PRISM's spelling passes this file; it throws `Unmapped` where a value is unusable. */
import { numberText } from '#lib/base/decimal-text.ts'
import { isDay } from '#lib/billing/days.ts'
import type { Day, Money, Period, Product } from '#lib/billing/types.ts'
import type { InvoiceRecord, PriceListRecord, TenantRecord } from './api-types.ts'
import type { InvoiceHeader, PrismTenant } from './values.ts'

/** A value that has the right type and still cannot be used. */
export class Unmapped extends Error {
  override readonly name = 'Unmapped'
}

export function toTenant(record: TenantRecord): PrismTenant {
  return {
    id: record.TenantId,
    customerId: record.CustomerId,
    customerName: record.CustomerName,
    domain: record.TenantDomain,
    status: record.TenantStatus,
    subscriptions: record.Subscriptions.map((subscription) => ({
      id: subscription.SubscriptionId,
      tenantId: record.TenantId,
      productId: subscription.ProductId,
      productName: subscription.ProductName,
      displayTemplate: subscription.DisplayTemplate,
      billingCycle: subscription.BillingCycle,
      status: subscription.Status,
      // Shown only, never billed: one that is not given is shown as none.
      quantity: numberText(subscription.Quantity ?? '') ?? '',
      unit: subscription.Unit,
    })),
  }
}

/** `UnitPrice` is the partner's buy price, `RetailUnitPrice` the RRP [inferred: facts 4.4]; never the tiered `Price`. */
export function toProducts(record: PriceListRecord): Product[] {
  return record.ProductGroups.flatMap((group) =>
    group.Products.map((product) => ({
      productId: product.ProductId,
      sku: product.ProductSku,
      name: product.ProductName,
      unitCost: moneyOf(product.UnitPrice, `UnitPrice of ${product.ProductName}`),
      unitPrice: moneyOf(product.RetailUnitPrice, `RetailUnitPrice of ${product.ProductName}`),
      current: true,
    })),
  )
}

export function toInvoiceHeader(record: InvoiceRecord): InvoiceHeader {
  const month = String(record.UsageMonth).padStart(2, '0')
  return {
    id: record.InvoiceId,
    programName: record.ProgramName,
    period: `${record.UsageYear}-${month}` as Period,
    invoicedOn: dayOf(record.BillingPeriodStart ?? ''),
  }
}

/** The calendar date of a timestamp as it is written, whatever its offset; `null` where there is none. */
export function dayOf(timestamp: string): Day | null {
  const date = timestamp.slice(0, 10)
  return isDay(date) && timeOfDay.test(timestamp.slice(10)) ? date : null
}

/** Nothing, or a time with any number of fraction digits and an offset (facts 4.2, 5). */
const timeOfDay = /^(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/

function moneyOf(value: number | string, what: string): Money {
  const text = numberText(value)
  if (text === null) throw new Unmapped(`${what} is not a number: ${String(value).slice(0, 40)}`)
  return text as Money
}
