/** What a PRISM stand-in starts with. */
import type { Day, Month } from './calendar.ts'
import type { Product } from './history.ts'
import type { InvoiceLine } from './lines.ts'
import type { Portfolio } from './portfolio.ts'

export interface PrismSeed {
  readonly partners: readonly Partner[]
  /** Sites that may offer "Sign in with PRISM". */
  readonly relyingParties?: readonly RelyingParty[]
}

export interface Partner {
  readonly customerId: number
  /** ResellerName on invoices. */
  readonly name: string
  readonly email: string
  readonly clients: readonly { readonly clientId: string; readonly clientSecret: string }[]
  readonly people?: readonly Person[]
  readonly contractAgreements: readonly ContractAgreement[]
  /** ProgramName of the standard monthly invoices. */
  readonly programName: string
  readonly products: readonly Product[]
  readonly portfolio: Portfolio
  /** Issued together with the standard invoice of a month: annual orders, credits. */
  readonly extraInvoices: readonly ExtraInvoice[]
  /** Usage month of the first invoice. */
  readonly firstUsage: Month
}

/** Somebody of a partner who can sign in. */
export interface Person {
  readonly name: string
  /** Unique among all partners. */
  readonly email: string
  readonly password: string
}

export interface RelyingParty {
  readonly clientId: string
  readonly clientSecret: string
  /** Where a sign-in may be answered; one of this machine without a port is good for every port. */
  readonly redirectUris: readonly string[]
  /** Where a person may be sent after signing out. */
  readonly signedOutUris: readonly string[]
}

export interface ContractAgreement {
  readonly id: string
  /** AgreementNumber on invoices. */
  readonly number: string
}

export interface ExtraInvoice {
  readonly usage: Month
  readonly programName: string
  readonly lines: readonly InvoiceLine[]
  /** Where it has another day than the standard one of its month; it is its BillingPeriodStart then [inferred]. */
  readonly issuedOn?: Day
}
