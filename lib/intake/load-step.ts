/** A step of the load of a file: only as long as no other process has taken it further. */
import type { Database } from '#db/client.ts'
import { type InvoiceLoad, moveLoad } from '#db/prism/invoice-loads.ts'
import { ProductError } from '#lib/base/errors.ts'

export type BegunLoad = InvoiceLoad & { readonly invoiceId: string }
export const isBegun = (load: InvoiceLoad): load is BegunLoad => load.invoiceId !== null

/**
 * Changes the load, in the transaction of what belongs to the step. Throws `lease-lost`, so that nothing of the step is stored,
 * where the load is not as far any more as the caller knows it to be.
 */
export const takeStep = async (
  tx: Database,
  load: InvoiceLoad,
  set: Parameters<typeof moveLoad>[2],
): Promise<InvoiceLoad> => {
  const moved = await moveLoad(tx, load, set)
  if (moved !== null) return moved
  throw new ProductError('lease-lost', `Invoice ${load.prismInvoiceId} is being loaded by another process.`)
}
