import type { Invoice } from '#db/queries/invoices.ts'

/** An invoice as the API shows it: its state, and why it is in it. */
export const shownInvoice = (invoice: Invoice) => ({
  id: invoice.id,
  prismInvoiceId: invoice.prismInvoiceId,
  programName: invoice.programName,
  period: invoice.period,
  invoicedOn: invoice.invoicedOn,
  state: invoice.state,
  reasonCode: invoice.reasonCode,
  reason: invoice.reason,
  row: invoice.row,
  column: invoice.column,
  lineCount: invoice.lineCount,
  totalCost: invoice.totalCost,
  totalPrice: invoice.totalPrice,
  detectedAt: invoice.detectedAt.toISOString(),
  decidedBy: invoice.decidedBy,
})
