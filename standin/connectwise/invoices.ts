/** Issuing and deleting an agreement's invoices: the billing engine applied to the store. */
import Big from 'big.js'
import { draftInvoice, draftProrated, type InvoiceDraft, type WasBilled } from './billing.ts'
import { draftOnce } from './billing-once.ts'
import { toDateTime } from './days.ts'
import { additionTerms, agreementTerms } from './derived.ts'
import { notFound, refuse } from './errors.ts'
import * as inferred from './inferred.ts'
import { invoiceHeader } from './invoice-answers.ts'
import type { Row } from './records.ts'
import { referenceId } from './show.ts'
import type { Invoice, Store } from './store.ts'

export function invoicesOf(store: Store, agreementId: number): Invoice[] {
  return store.invoices.filter((invoice) => invoice.agreementId === agreementId)
}

/** Invoices the agreement's next period and moves its next invoice date. Throws 400, 404 or 409 where it cannot. */
export function issueInvoice(
  store: Store,
  agreementId: number,
  today: string,
  switched: inferred.Unknowns = inferred.unknowns,
): Invoice {
  return issue(store, agreementId, today, draftInvoice, switched)
}

/**
 * Bills the prorated additions of periods invoiced already, without waiting for the next invoice: what
 * `invoiceProratedAdditionsFlag` allows [inferred]. Throws 400 where the agreement lacks the flag or does not prorate.
 */
export function issueProrated(store: Store, agreementId: number, today: string): Invoice {
  const { prorateFlag, invoiceProratedAdditionsFlag } = agreementOf(store, agreementId)
  if (prorateFlag !== true || invoiceProratedAdditionsFlag !== true)
    throw refuse(
      400,
      'InvalidObject',
      `Agreement ${agreementId} bills prorated additions with its next invoice: it needs prorateFlag and invoiceProratedAdditionsFlag.`,
    )
  return issue(store, agreementId, today, draftProrated)
}

/** What the agreement's next invoice would be now. Throws 400 or 409 where there can be none. */
export function nextInvoice(
  store: Store,
  agreement: Row,
  today: string,
  draftOf = draftInvoice,
  switched: inferred.Unknowns = inferred.unknowns,
): InvoiceDraft {
  refuseUnbillable(store, agreement)
  const additions = store.additionsOf(agreement.id).map((row) => additionTerms(row, agreement, store))
  const terms = agreementTerms(agreement, store)
  return terms.isOnce && draftOf === draftInvoice
    ? draftOnce(terms, additions, wasEverBilled(store, agreement), today)
    : draftOf(terms, additions, wasBilled(store, agreement.id), switched)
}

/** What an agreement bills beside its additions, each period. */
export function ownAmountOf(agreement: Row): Big {
  return new Big(typeof agreement.billAmount === 'number' ? agreement.billAmount : 0)
}

function issue(
  store: Store,
  agreementId: number,
  today: string,
  draftOf: typeof draftInvoice,
  switched: inferred.Unknowns = inferred.unknowns,
): Invoice {
  const agreement = agreementOf(store, agreementId)
  const draft = nextInvoice(store, agreement, today, draftOf, switched)
  const terms = agreementTerms(agreement, store)
  const id = (store.invoices.at(-1)?.id ?? 1000) + 1
  const invoice: Invoice = {
    ...draft,
    id,
    number: `INV-${id}`,
    agreementId,
    date: today,
    nextInvoiceDateBefore: terms.nextInvoiceDate,
    ownAmount: draftOf === draftInvoice ? ownAmountOf(agreement).toFixed(2) : '0.00',
  }
  store.invoices.push(invoice)
  store.put('invoices', invoiceHeader(invoice, agreement, switched), 'billing')
  if (draft.nextInvoiceDate !== terms.nextInvoiceDate)
    store.put('agreements', { ...agreement, nextInvoiceDate: toDateTime(draft.nextInvoiceDate) }, 'billing')
  return invoice
}

/** Deletes the agreement's last invoice; its next invoice date is pushed back. Throws 404 where there is none. */
export function deleteLastInvoice(store: Store, agreementId: number): Invoice {
  const agreement = agreementOf(store, agreementId)
  const last = invoicesOf(store, agreementId).at(-1)
  if (last === undefined) throw notFound(`Invoice of agreement ${agreementId}`)
  store.invoices.splice(store.invoices.indexOf(last), 1)
  store.remove('invoices', last.id, 'billing')
  store.put(
    'agreements',
    { ...agreement, nextInvoiceDate: toDateTime(last.nextInvoiceDateBefore) },
    'billing',
  )
  return last
}

/**
 * What a person does to an invoice in ConnectWise: another amount of it by so much, or an addition's lines off it. Throws 404 where
 * there is none.
 */
export function changeLastInvoice(
  store: Store,
  agreementId: number,
  { by = 0, without }: { readonly by?: number; readonly without?: number },
): Invoice {
  const agreement = agreementOf(store, agreementId)
  const last = invoicesOf(store, agreementId).at(-1)
  if (last === undefined) throw notFound(`Invoice of agreement ${agreementId}`)
  const lines = last.lines.filter(({ additionId }) => additionId !== without)
  const lost = last.lines.filter(({ additionId }) => additionId === without)
  const sumOf = (of: 'price' | 'cost') => lost.reduce((sum, line) => sum.plus(line[of]), new Big(0))
  const changed: Invoice = {
    ...last,
    lines,
    price: new Big(last.price).minus(sumOf('price')).plus(by).toFixed(2),
    cost: new Big(last.cost).minus(sumOf('cost')).toFixed(2),
  }
  store.invoices.splice(store.invoices.indexOf(last), 1, changed)
  store.put('invoices', invoiceHeader(changed, agreement), 'billing')
  return changed
}

function agreementOf(store: Store, id: number): Row {
  const agreement = store.get('agreements', id)
  if (agreement === undefined) throw notFound(`Agreement ${id}`)
  return agreement
}

/** Whether any invoice has an addition, or it was invoiced before this stand-in's memory. */
function wasEverBilled(store: Store, agreement: Row): (additionId: number) => boolean {
  const billed = new Set(
    invoicesOf(store, agreement.id).flatMap((invoice) => invoice.lines.map((line) => line.additionId)),
  )
  for (const row of store.additionsOf(agreement.id)) {
    const through = store.billedThrough(row.id)
    if (through !== undefined && additionTerms(row, agreement, store).effective <= through) billed.add(row.id)
  }
  return (additionId) => billed.has(additionId)
}

/** By invoices of this stand-in, and by what was invoiced before its memory. */
function wasBilled(store: Store, agreementId: number): WasBilled {
  const lines = Map.groupBy(
    invoicesOf(store, agreementId).flatMap((invoice) => invoice.lines),
    (line) => line.additionId,
  )
  return (additionId, periodFirst) => {
    const through = store.billedThrough(additionId)
    if (through !== undefined && periodFirst <= through) return true
    // A month may lie inside a longer period that was billed.
    return (lines.get(additionId) ?? []).some(
      (line) =>
        line.month === periodFirst.slice(0, 7) || (line.first <= periodFirst && periodFirst <= line.last),
    )
  }
}

function refuseUnbillable(store: Store, agreement: Row): void {
  const cycle = store.get('billingCycles', referenceId(agreement.billingCycle) ?? -1)
  const { nextInvoiceDate } = agreementTerms(agreement, store)
  const ended =
    agreement.cancelledFlag === true ||
    (agreement.noEndingDateFlag !== true &&
      typeof agreement.endDate === 'string' &&
      agreement.endDate.slice(0, 10) < nextInvoiceDate)
  if (ended)
    throw refuse(409, 'Conflict', `Agreement ${agreement.id} has ended; there is no period to invoice.`)
  const options = String(cycle?.billingOptions)
  if (inferred.monthsOfCycle[options] !== undefined || inferred.cyclesOfOnce.includes(options)) return
  const held =
    cycle === undefined
      ? 'no billing cycle'
      : `the billing cycle ${String(cycle.name)} (${String(cycle.billingOptions)})`
  const message = `Agreement ${agreement.id} has ${held}; only those of whole months, and those that bill once, are invoiced here.`
  throw refuse(400, 'InvalidObject', message)
}
