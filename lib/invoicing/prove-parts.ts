/** What the second proofs of monthly and of One-Time agreements share. */
import type { OwnForecast, OwnInvoiceRow } from '#db/invoicing/own-invoices.ts'
import { decimal, money } from '#lib/billing/decimal.ts'
import type { Day, Money } from '#lib/billing/types.ts'
import type { Verdicts } from '#lib/proof/billing-rules.ts'
import type { SecondMonth } from '#lib/proof/second.ts'
import type { OwnInvoice } from '#lib/proof/second-facts.ts'
import type { InvoicingContext } from './context.ts'

export type ProofScope = Pick<InvoicingContext, 'db' | 'organisationId' | 'program' | 'now'>

export const sinceEver = '1900-01-01' as Day

export const noneSaid = { expectedNext: null, forecast: null, noForecast: null } as const

export const laterDate = (a: Day | null, b: Day | null): Day | null =>
  a === null ? b : b === null || a > b ? a : b

/** Rules of which the month's amounts depend. @param own what the agreement bills by itself; `null`: it was not asked for */
export const doubtsOf = (
  { state, depends }: Pick<SecondMonth, 'state' | 'depends'>,
  invoices: readonly OwnInvoiceRow[],
  own: Money | null,
  verdicts: Verdicts,
): string[] => {
  const isTold = state === 'compared' || state === 'blind'
  const isHeaderClear = invoices.every(({ agreementAmount }) => decimal(agreementAmount).eq(0))
  return [
    ...(isTold && !isHeaderClear ? ['header'] : []),
    // Nothing settles it but asking for the agreement by itself.
    ...(isTold && verdicts.header === 'fails' && own === null ? ['own-amount'] : []),
    ...depends,
  ]
}

/** Where the header counts additions in the agreement's amount, they are the total less what the agreement bills by itself. */
export const priceParts = (row: OwnInvoiceRow, own: Money | null, verdicts: Verdicts): OwnInvoice => {
  const isTogether = verdicts.header === 'fails'
  const part = (products: Money, subtotal: Money): Money =>
    isTogether ? money(decimal(subtotal).minus(own ?? '0')) : money(decimal(products))
  return {
    id: row.id,
    number: row.number,
    period: row.period,
    price: part(row.productTotal, row.subtotal),
    firstPrice: part(row.firstProductTotal, row.firstSubtotal),
    items: row.items === null ? null : [...row.items],
  }
}

/**
 * What ConnectWise's forecast has of additions. Its list has it together with what the agreement bills by itself: that is known of an
 * agreement that was opened; else the last invoice has it. As it may be another amount by now, a difference tells nothing then.
 * @param expected what the next invoice is to have of additions; `null`: nothing is known
 * @param invoices oldest first
 */
export const additionsOf = (
  { additions, nextInvoiceAmount, own }: Pick<OwnForecast, 'additions' | 'nextInvoiceAmount' | 'own'>,
  expected: Money | null,
  invoices: readonly Pick<OwnInvoiceRow, 'agreementAmount'>[],
  verdicts: Verdicts,
): { readonly forecast: Money | null; readonly noForecast: string | null } => {
  if (additions !== null) return { forecast: additions, noForecast: null }
  if (nextInvoiceAmount === null) return { forecast: null, noForecast: 'ConnectWise gives no amount' }
  const without = (part: Money) => decimal(nextInvoiceAmount).minus(part)
  if (own !== null) return { forecast: money(without(own)), noForecast: null }
  const last = invoices.at(-1)
  if (last !== undefined && expected !== null && verdicts.header !== 'fails') {
    const left = without(last.agreementAmount)
    if (left.eq(decimal(expected))) return { forecast: money(left), noForecast: null }
  }
  return {
    forecast: null,
    noForecast:
      'it holds what the agreement bills by itself, which is read of one agreement at a time, a moment after its pod is opened',
  }
}
