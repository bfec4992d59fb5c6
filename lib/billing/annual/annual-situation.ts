/** All that a plan of annual invoices is made of (J9; docs/billing-rules.md, "Annual invoices"). */
import type { CarriedLine, Day, InvoiceLine, Situation, Usage } from '../types.ts'

/** An invoice of PRISM's for terms that are billed at once, cut down to the agreement's tenants. */
export interface AnnualInvoice extends Pick<Usage, 'badLines' | 'contested'> {
  /** PRISM's id; of one that replaces another, as a person picked, the id of the first. */
  readonly invoiceId: string
  /** The day on which PRISM issued it. */
  readonly issuedOn: Day
  /** Of the version that a person picked, or the only one. */
  readonly lines: readonly InvoiceLine[]
  /** Another version of it waits for a person's pick: until then nothing more of it is written. */
  readonly awaitsPick?: boolean
  /** A person took it over, although it was issued before these terms were switched on. */
  readonly isTaken?: boolean
}

/** What a person said of a line: that it is billed here, with the next addition of it, or that it is billed otherwise. */
export interface LineAnswer {
  readonly line: CarriedLine
  readonly says: 'carry' | 'leave'
}

/** Everything that planning a One-Time agreement needs. */
export interface AnnualSituation
  extends Pick<
    Situation,
    | 'agreement'
    | 'currency'
    | 'additions'
    | 'unreadableAdditions'
    | 'owned'
    | 'answers'
    | 'tenants'
    | 'subscriptions'
    | 'products'
    | 'catalog'
    | 'unreadableItems'
  > {
  /** Those to plan. */
  readonly invoices: readonly AnnualInvoice[]
  /** Others of these tenants that are stored: what a credit takes back may be on them, and what comes twice. */
  readonly others?: readonly AnnualInvoice[]
  readonly lineAnswers?: readonly LineAnswer[]
  /** By invoice, what of it failed in this sync already, by `sentTogether`: nothing more of it is planned. */
  readonly failed?: Readonly<Record<string, NonNullable<Situation['failed']>>>
  /** Only these additions of lines are taken back, by turn, whatever the invoice says of the line; nothing else is written (J2). */
  readonly undoes?: readonly CarriedLine[]
  readonly options: Pick<Situation['options'], 'defaults'> & {
    /** The day on which terms that are billed at once were switched on: what was issued before is not planned. `null`: off. */
    readonly annualTermsAtOnce: Day | null
  }
}

/** Oldest first; of one day in the order of their ids. */
export const inOrder = (invoices: readonly AnnualInvoice[]): AnnualInvoice[] =>
  [...invoices].sort((a, b) =>
    a.issuedOn === b.issuedOn ? compareIds(a.invoiceId, b.invoiceId) : a.issuedOn < b.issuedOn ? -1 : 1,
  )

/** PRISM's ids are numbers so far; as texts 9 would come after 10. */
const compareIds = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)

/** Whether an invoice is one to carry: issued since these terms were switched on, or taken over by a person. */
export const isDue = (
  { issuedOn, isTaken }: Pick<AnnualInvoice, 'issuedOn' | 'isTaken'>,
  { options }: { readonly options: Pick<AnnualSituation['options'], 'annualTermsAtOnce'> },
): boolean =>
  options.annualTermsAtOnce !== null && (isTaken === true || issuedOn >= options.annualTermsAtOnce)
