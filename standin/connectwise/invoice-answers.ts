/**
 * What the API tells of an invoice (docs/facts/connectwise.md, "What was invoiced"): header, products, GL
 * entries and its paper.
 */
import Big from 'big.js'
import type { InvoiceLine } from './billing.ts'
import { toDateTime } from './days.ts'
import * as inferred from './inferred.ts'
import { textPdf } from './pdf.ts'
import type { Row } from './records.ts'
import { referenceId } from './show.ts'
import type { Invoice, Reading, Store } from './store.ts'
import { textOf } from './text-of.ts'

/** The header as a record; it has no lines. No tax is calculated. */
export function invoiceHeader(
  invoice: Invoice,
  agreement: Row,
  switched: inferred.Unknowns = inferred.unknowns,
): Row {
  const amounts = inferred.headerAmounts(new Big(invoice.ownAmount), new Big(invoice.price), switched)
  const numbers = Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, amount.toNumber()]),
  )
  const total = amounts.subtotal.toNumber()
  return {
    id: invoice.id,
    invoiceNumber: invoice.number,
    type: 'Agreement',
    status: inferred.newInvoiceStatus,
    company: agreement.company,
    billToCompany: agreement.billToCompany ?? agreement.company,
    agreement: { id: invoice.agreementId },
    applyToType: 'Agreement',
    applyToId: invoice.agreementId,
    date: toDateTime(invoice.date),
    currency: agreement.currency,
    taxCode: agreement.taxCode,
    taxableFlag: agreement.taxable === true,
    ...numbers,
    serviceTotal: 0,
    expenseTotal: 0,
    salesTax: 0,
    total,
    payments: 0,
    credits: 0,
    balance: total,
  }
}

/** All that an invoice bills for one addition. */
interface Billed {
  readonly addition: InvoiceLine
  readonly unitPrice: Big
  readonly unitCost: Big
  readonly price: Big
  readonly cost: Big
}

function billedAdditions(invoice: Invoice): Billed[] {
  const sum = (lines: readonly InvoiceLine[], of: (line: InvoiceLine) => string): Big =>
    lines.reduce((all, line) => all.plus(of(line)), new Big(0))
  return [...Map.groupBy(invoice.lines, (line) => line.additionId).values()].map((lines) => ({
    addition: lines[0] as InvoiceLine, // groupBy never makes an empty group
    unitPrice: sum(lines, (line) => line.proratedUnitPrice),
    unitCost: sum(lines, (line) => line.proratedUnitCost),
    price: sum(lines, (line) => line.price),
    cost: sum(lines, (line) => line.cost),
  }))
}

/** `glEntries` of an invoice, numbered from 1. */
export function glEntries(invoice: Invoice, agreement: Row, { additionsAsLines }: inferred.Unknowns): Row[] {
  const products = billedAdditions(invoice).map(({ addition, price, cost }) => ({
    type: inferred.glTypes.product,
    description: addition.description,
    productId: addition.productIdentifier,
    amount: price.toNumber(),
    cost: cost.toNumber(),
  }))
  const own = additionsAsLines
    ? { amount: new Big(invoice.ownAmount), cost: new Big(0) }
    : { amount: new Big(invoice.ownAmount).plus(invoice.price), cost: new Big(invoice.cost) }
  const ofAgreement = {
    type: inferred.glTypes.agreement,
    description: textOf(agreement.name),
    amount: own.amount.toNumber(),
    cost: own.cost.toNumber(),
  }
  const entries = [
    ...(own.amount.eq(0) && additionsAsLines ? [] : [ofAgreement]),
    ...(additionsAsLines ? products : []),
  ]
  return entries.map((entry, index) => ({ id: index + 1, ...entry }))
}

/** `/finance/info/invoice/{id}`; `header` is the invoice as the API shows it. */
export function invoiceInfo(
  invoice: Invoice,
  agreement: Row,
  header: unknown,
  store: Reading,
  { additionsAsLines }: inferred.Unknowns,
) {
  const type = store.get('agreementTypes', referenceId(agreement.type) ?? -1)
  return {
    id: invoice.id,
    invoice: header,
    products: additionsAsLines
      ? billedAdditions(invoice).map((billed) => productItem(billed, agreement))
      : [],
    bundledComponentsInfo: [],
    expenses: [],
    timeEntries: [],
    agreementBillingInfo: [
      {
        agreementName: agreement.name,
        agreementType: type?.name,
        agreementAmount: new Big(invoice.ownAmount).plus(invoice.price).toNumber(),
        agreementRecId: agreement.id,
        ...(referenceId(agreement.parentAgreement) === null
          ? {}
          : { parentRecId: referenceId(agreement.parentAgreement) }),
      },
    ],
  }
}

function productItem({ addition, unitPrice, unitCost }: Billed, agreement: Row) {
  return {
    id: addition.additionId,
    catalogItem: { id: addition.productId, identifier: addition.productIdentifier },
    description: addition.description,
    customerDescription: addition.description,
    quantity: Number(addition.quantity),
    price: unitPrice.toNumber(),
    cost: unitCost.toNumber(),
    billableOption: 'Billable',
    productClass: 'Agreement',
    agreement: { id: agreement.id, name: agreement.name },
  }
}

/** The paper: one printed line an addition, the note of a prorated one below it. */
export function invoicePdf(invoice: Invoice, agreement: Row, store: Store): Buffer {
  const company = store.get('companies', referenceId(agreement.company) ?? -1)
  const noteOf = (additionId: number): string[] =>
    invoice.lines
      .filter((line) => line.additionId === additionId && line.note !== '')
      .map((line) => `    ${line.note}`)
  const total = new Big(invoice.ownAmount).plus(invoice.price).toFixed(2)
  return textPdf([
    `Invoice ${invoice.number}, ${invoice.date}`,
    textOf(company?.name),
    `${textOf(agreement.name)}, ${invoice.period.first} to ${invoice.period.last}`,
    '',
    ...invoice.printed.flatMap(({ additionId, description, quantity, unitPrice, price }) => [
      `${description}: ${quantity} x ${unitPrice} = ${price}`,
      ...noteOf(additionId),
    ]),
    '',
    `Total ${total}`,
  ])
}
