import type { Database } from '#db/client.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'

/** Reading what ConnectWise invoiced only reads. */
export interface InvoicingContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly connectWise: Pick<
    ConnectWiseClient,
    'newInvoices' | 'invoicesOfAgreement' | 'invoiceProducts' | 'forecasts' | 'forecast' | 'nextInvoice'
  >
  readonly now: () => Date
}
