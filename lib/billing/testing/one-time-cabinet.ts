/** A One-Time agreement at ConnectWise, invoiced by the stand-in's engine, which was written without ours. */
import Big from 'big.js'
import type { AgreementTerms, InvoiceLine as BilledLine } from '#standin/connectwise/billing.ts'
import { draftOnce } from '#standin/connectwise/billing-once.ts'
import type { Addition, Agreement, Day } from '../types.ts'
import { engineTerms } from './engine-terms.ts'

const termsOf = ({ id, prorate, startDate, nextInvoiceDate }: Agreement): AgreementTerms => ({
  id,
  prorateFlag: prorate,
  periodType: 'Current',
  invoicingCycle: 'CalendarYear',
  billStart: startDate,
  nextInvoiceDate: nextInvoiceDate ?? startDate,
})

/** What has been invoiced, and the agreement's state after that. */
export interface Invoiced {
  readonly agreement: Agreement
  readonly lines: readonly BilledLine[]
}

/** Has ConnectWise invoice the agreement on a day: what is due and was not invoiced before. */
export const invoiceOn = (today: Day, additions: readonly Addition[], before: Invoiced): Invoiced => {
  const { agreement, lines } = before
  const billed = new Set(lines.map(({ additionId }) => additionId))
  const draft = draftOnce(
    termsOf(agreement),
    additions.map((each) => engineTerms(each, agreement.startDate)),
    (id) => billed.has(id),
    today,
  )
  return {
    agreement: { ...agreement, nextInvoiceDate: draft.nextInvoiceDate as Day },
    lines: [...lines, ...draft.lines],
  }
}

/** Price and cost of lines, in cents. */
export const totalOf = (lines: readonly { readonly price: string; readonly cost: string }[]): string =>
  (['price', 'cost'] as const)
    .map((of) => lines.reduce((sum, line) => sum.plus(line[of]), new Big(0)).toFixed(2))
    .join('/')
