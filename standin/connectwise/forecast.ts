/**
 * ConnectWise's own forecast of an agreement's next invoice (docs/facts/connectwise.md, "Forecast"), by the
 * billing engine.
 */
import Big from 'big.js'
import { ReplyError } from '../http/reply.ts'
import { type BillingPeriod, periodOf, toDateTime } from './days.ts'
import { agreementTerms, datesOf } from './derived.ts'
import * as inferred from './inferred.ts'
import { invoicesOf, nextInvoice, ownAmountOf } from './invoices.ts'
import type { Row } from './records.ts'
import { referenceId } from './show.ts'
import type { Store } from './store.ts'

export interface ForecastContext {
  readonly store: Store
  readonly today: string
  readonly unknowns: inferred.Unknowns
}

/** One row of `/finance/agreementrecap/`. Of an agreement that cannot be invoiced here the amount is left out. */
export function agreementRecap(agreement: Row, context: ForecastContext): Row {
  const { store, today } = context
  const company = store.get('companies', referenceId(agreement.company) ?? -1)
  const last = invoicesOf(store, agreement.id).at(-1)
  const { nextInvoiceDate } = agreementTerms(agreement, store)
  return {
    id: agreement.id,
    name: agreement.name,
    companyName: company?.name,
    agreementStatus: inferred.agreementStatus(datesOf(agreement), today),
    nextInvoiceDate: toDateTime(nextInvoiceDate),
    nextInvoiceAmount: amountsOf(agreement, context)?.total.toNumber(),
    ...(last && {
      lastInvoiceAmount: new Big(last.ownAmount).plus(last.price).toFixed(2),
      lastInvoiceDate: toDateTime(last.date),
      lastInvoiceNumber: last.number,
    }),
    unbilledPeriods: unbilledPeriods(agreement, context),
    adjustmentAmount: 0,
    unbilledOverageAmount: 0,
  }
}

/** `/finance/agreements/{id}/recurringParameters/{podId}`. Throws the refusal where the agreement cannot be invoiced here. */
export function recurringParameters(agreement: Row, context: ForecastContext) {
  const { store } = context
  const { own, additions, total } = amountsOrRefusal(agreement, context)
  const children = store
    .all('agreements')
    .filter((row) => referenceId(row.parentAgreement) === agreement.id)
    .reduce((sum, child) => sum.plus(amountsOf(child, context)?.total ?? 0), new Big(0))
  const cycle = store.get('billingCycles', referenceId(agreement.billingCycle) ?? -1)
  const { invoicingCycle, billStart } = agreementTerms(agreement, store)
  return {
    aGRAmount: own.toNumber(),
    aGRProrate: 0,
    additionsAmount: additions.toNumber(),
    childrenAmount: children.toNumber(),
    totalAmount: total.plus(children).toNumber(),
    autoInvoiceFlag: agreement.autoInvoiceFlag === true,
    billStartDate: toDateTime(billStart),
    billingCycle: cycle && { id: cycle.id, name: cycle.name },
    cycleBase: inferred.cycleBases[invoicingCycle],
    prorateFlag: agreement.prorateFlag === true,
    invoiceProratedAdditionsFlag: agreement.invoiceProratedAdditionsFlag === true,
    taxable: agreement.taxable === true,
  }
}

interface Amounts {
  readonly own: Big
  readonly additions: Big
  readonly total: Big
}

function amountsOrRefusal(agreement: Row, { store, unknowns, today }: ForecastContext): Amounts {
  const additions = nextInvoice(store, agreement, today, undefined, unknowns)
    .lines.filter((line) => unknowns.forecastHasCatchUp || !line.catchUp)
    .reduce((sum, line) => sum.plus(line.price), new Big(0))
  const own = ownAmountOf(agreement)
  return { own, additions, total: own.plus(additions) }
}

function amountsOf(agreement: Row, context: ForecastContext): Amounts | null {
  try {
    return amountsOrRefusal(agreement, context)
  } catch (error) {
    if (error instanceof ReplyError) return null
    throw error
  }
}

/** Periods whose invoice could have been made by today and was not. */
function unbilledPeriods(agreement: Row, { store, today }: ForecastContext): number {
  const terms = agreementTerms(agreement, store)
  const inAdvance = inferred.billsInAdvance(terms)
  let count = 0
  let period: BillingPeriod = periodOf(terms, terms.nextInvoiceDate)
  while (inferred.isDue(period, inAdvance, today)) {
    count += 1
    period = periodOf(terms, period.dayAfter)
  }
  return count
}
