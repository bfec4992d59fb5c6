/** What leaves this room: PRISM's records in our words. */
import type { SetAside } from '#lib/base/records.ts'
import type { BadLine, Day, InvoiceLine, Period, Product, Subscription } from '#lib/billing/types.ts'

/** A list, read record by record. */
export interface Listed<T> {
  readonly records: readonly T[]
  readonly setAside: readonly SetAside[]
  readonly kept: Kept
}

/** Ids of records that were set aside: what is stored of them stays as it is. `null`: one of them has no id, so it may be any. */
export type Kept = readonly string[] | null

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
  /** `null` where PRISM gives none. */
  readonly firstPurchased: Day | null
}

export interface PrismTenant {
  readonly id: string
  readonly customerId: string
  readonly customerName: string
  /** The tenant's domain; the CSV's PrimaryDomainName. */
  readonly domain: string
  readonly status: string
  readonly subscriptions: readonly PrismSubscription[]
  /** Those of its subscriptions that were set aside. */
  readonly keptSubscriptions: Kept
}

export interface InvoiceHeader {
  readonly id: string
  readonly programName: string
  /** The usage month. [inferred: UsageYear and UsageMonth; docs/facts/prism.md, "Invoice list"] */
  readonly period: Period
  readonly invoicedOn: Day | null
}

/** One row of the invoice CSV; its tenant is found later, by the stored subscription or the domain. */
export interface CsvLine extends Omit<InvoiceLine, 'tenantId'> {
  readonly customerName: string
  readonly primaryDomainName: string
  readonly agreementNumber: string
}

/** A row of the invoice CSV that cannot be read. */
export interface BadCsvLine extends Omit<BadLine, 'tenantId'> {
  readonly customerName: string
  readonly primaryDomainName: string
}

/** A place between two rows of a file, from which it can be read on. */
export interface FilePlace {
  /** Of the file up to there. */
  readonly bytes: number
  /** Of the header, and of what stands before it: they are read again. */
  readonly headerBytes: number
  /** Lines of the file up to there, the header's included. */
  readonly fileLines: number
}

/** Rows as they are read. */
export interface FileRows extends AsyncIterable<CsvLine | BadCsvLine> {
  /** Where the row that was given last ends. To be asked once one was given. */
  place(): FilePlace
}

/**
 * What the product needs of where invoices come from, so that another source can take PRISM's place
 * (docs/facts/prism.md, "Another source"). A failed answer is an error, never an empty list.
 */
export interface Source {
  contractAgreements(): Promise<Listed<ContractAgreement>>
  tenants(contractAgreementId: string): Promise<Listed<PrismTenant>>
  /** Products of the price list of `day`, each with its unit cost and RRP; kept are ProductIds and SKUs. */
  priceList(contractAgreementId: string, day: Day): Promise<Listed<Product>>
  invoices(): Promise<Listed<InvoiceHeader>>
  /** The file's bytes as they arrive. Rejects where it is not given. */
  invoiceCsv(invoiceId: string): Promise<AsyncIterable<Uint8Array>>
  /**
   * The rows of such a file, or those behind a place that an earlier reading gave; the file's bytes are all passed. Throws
   * `InvoiceRefused` where it cannot be read as a whole; errors of the file pass unchanged.
   */
  readInvoice(csv: AsyncIterable<Uint8Array>, behind?: FilePlace | null): FileRows
}

/** PRISM as a source, and what its connection's card needs. */
export interface PrismClient extends Source {
  /** Tests the connection: the credentials are good where it resolves. */
  me(): Promise<PrismAccount>
}
