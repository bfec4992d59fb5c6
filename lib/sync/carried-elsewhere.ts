/** Lines of annual invoices that another One-Time agreement carries, which the customer was mapped to before (J9). */
import type { Database } from '#db/client.ts'
import { carriedLines } from '#db/ledger/carried-lines.ts'
import type { StoredAnnualInvoice } from '#db/prism/annual-invoices.ts'
import { identified, identityKey } from '#lib/billing/annual/line-identity.ts'
import type { InvoiceLine } from '#lib/billing/types.ts'

export interface CarriedElsewhere extends StoredAnnualInvoice {
  /** Its lines that another agreement carries: they are billed there once, and never here. */
  readonly elsewhere: readonly { readonly line: InvoiceLine; readonly agreementId: number }[]
}

/** The invoices without what other agreements carry. */
export const withoutCarriedElsewhere = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  invoices: readonly StoredAnnualInvoice[],
): Promise<CarriedElsewhere[]> => {
  const carried = await carriedLines(
    db,
    organisationId,
    program,
    invoices.map(({ invoiceId }) => invoiceId),
  )
  const onOther = new Map(
    carried.flatMap((each) =>
      each.agreementId === agreementId ? [] : [[identityKey(each), each.agreementId] as const],
    ),
  )
  return invoices.map((invoice) => {
    const elsewhere = identified(invoice).flatMap(({ line, is }) => {
      const other = onOther.get(identityKey(is))
      return other === undefined ? [] : [{ line, agreementId: other }]
    })
    const gone = new Set(elsewhere.map(({ line }) => line))
    return { ...invoice, lines: invoice.lines.filter((line) => !gone.has(line)), elsewhere }
  })
}
