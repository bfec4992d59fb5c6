/** What leaves this room: PRISM's records in our words. */
import type { Day, InvoiceLine, Period, Product, Subscription } from '#lib/billing/types.ts'

export interface ContractAgreement {
  readonly id: string
  readonly programName: string
}

/** The partner's own account; its shape is not known, so only what a connection test needs. */
export interface PrismAccount {
  /** A name to show, `''` where PRISM gives none. */
  readonly name: string
  /** PRISM's id of the partner; `null` where PRISM gives none. */
  readonly partnerId: string | null
}

/** A subscription as PRISM shows it now. Its quantity moves between invoices and is never what is billed. */
export interface PrismSubscription extends Subscription {
  readonly status: string
  readonly quantity: string
  readonly unit: string
}

export interface PrismTenant {
  readonly id: string
  readonly customerId: string
  readonly customerName: string
  /** The tenant's domain; the CSV's PrimaryDomainName. */
  readonly domain: string
  readonly status: string
  readonly subscriptions: readonly PrismSubscription[]
}

export interface InvoiceHeader {
  readonly id: string
  readonly programName: string
  /** The usage month. [inferred: UsageYear and UsageMonth; facts/prism-api 4.3] */
  readonly period: Period
  readonly invoicedOn: Day | null
}

/** One row of the invoice CSV; its tenant is found later, by the stored subscription or the domain. */
export interface CsvLine extends Omit<InvoiceLine, 'tenantId'> {
  readonly customerName: string
  readonly primaryDomainName: string
  readonly agreementNumber: string
}

export interface PrismClient {
  /** Tests the connection: the credentials are good where it resolves. */
  me(): Promise<PrismAccount>
  contractAgreements(): Promise<ContractAgreement[]>
  tenants(contractAgreementId: string): Promise<PrismTenant[]>
  /** Products of the price list of `day`, each with its unit cost and RRP. */
  priceList(contractAgreementId: string, day: Day): Promise<Product[]>
  invoices(): Promise<InvoiceHeader[]>
  /** The file's bytes as they arrive; read it with `readInvoiceCsv`. Rejects where PRISM does not give the file. */
  invoiceCsv(invoiceId: string): Promise<AsyncIterable<Uint8Array>>
}
