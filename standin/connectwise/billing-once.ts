/**
 * What ConnectWise puts on the invoice of an agreement whose billing cycle does not recur (One-Time, None): each addition once, when
 * its day has come, and never again. Written from the facts alone, as `billing.ts` is.
 */
import {
  type AdditionTerms,
  type AgreementTerms,
  type InvoiceDraft,
  lineFor,
  printedLines,
  total,
} from './billing.ts'
import { periodOf } from './days.ts'
import * as inferred from './inferred.ts'

/**
 * The agreement's next invoice, were it made today. Where the agreement prorates, an addition that starts inside a month bills its
 * days to the month's end, as elsewhere.
 */
export function draftOnce(
  agreement: AgreementTerms,
  additions: readonly AdditionTerms[],
  wasBilled: (additionId: number) => boolean,
  today: string,
): InvoiceDraft {
  const lines = [...additions]
    .sort((one, other) => one.id - other.id)
    .filter((addition) => addition.billCustomer !== 'DoNotBill' && !wasBilled(addition.id))
    .filter((addition) => inferred.isBilledOnceBy(addition, today))
    .map((addition) => lineFor(agreement, addition, periodOf(agreement, addition.effective), false))
    .filter((line) => Number(line.quantity) !== 0)
  const { nextInvoiceDate } = agreement
  return {
    period: { first: nextInvoiceDate < today ? nextInvoiceDate : today, last: today },
    inAdvance: false,
    lines,
    printed: printedLines(lines),
    price: total(lines.map((line) => line.price)),
    cost: total(lines.map((line) => line.cost)),
    nextInvoiceDate: inferred.nextInvoiceDateOfOnce(today),
  }
}
