/** What the second proof is made from (J6). */
import type { Addition, Agreement, AgreementInvoice, Day, Money, Period } from '#lib/billing/types.ts'

/** One line of an invoice of ConnectWise's, where it shows them: all that it bills of one item. */
export interface InvoiceItem {
  readonly catalogItemId: number
  readonly price: Money
}

/** An invoice that ConnectWise made of the agreement. */
export interface OwnInvoice {
  readonly id: number
  readonly number: string
  /** The last month that it is for. */
  readonly period: Period
  /** What its additions come to, as it was read last, and as it was read first. */
  readonly price: Money
  readonly firstPrice: Money
  /** `null`: it was not asked for them, or shows none. */
  readonly items: readonly InvoiceItem[] | null
}

export interface SecondFacts {
  readonly agreement: Pick<Agreement, 'startDate'>
  /** Months that were synced, oldest first, each with what its plans say that additions bill. */
  readonly months: readonly { readonly period: Period; readonly billed: Money }[]
  /** What was read of the agreement before each invoice, oldest first, as `invoicesBetween` tells it. */
  readonly read: readonly AgreementInvoice[]
  /** The last day that was invoiced when the agreement was read first; `null`: not known. */
  readonly readFrom: Day | null
  /** As they were read last, and the first day that was not invoiced when ConnectWise was asked last. */
  readonly additions: readonly Addition[]
  readonly nextInvoiceDate: Day | null
  /** Those that the plans count, and of them those that we created. */
  readonly counted: ReadonlySet<number>
  readonly created: ReadonlySet<number>
  readonly invoices: readonly OwnInvoice[]
}
