/** The contents of one PRISM invoice: its id, and `-2`, `-3`… where PRISM gave the same id another content. */
import type { Invoice } from '#db/prism/invoices.ts'

const numberOf = (id: string, prismInvoiceId: string): number =>
  id === prismInvoiceId ? 1 : Number(id.slice(prismInvoiceId.length + 1))

/** In the order in which they came. */
export const versionsOf = (stored: readonly Invoice[], prismInvoiceId: string): Invoice[] =>
  stored
    .filter((each) => each.prismInvoiceId === prismInvoiceId)
    .sort((a, b) => numberOf(a.id, prismInvoiceId) - numberOf(b.id, prismInvoiceId))

export const nextId = (prismInvoiceId: string, versions: readonly Invoice[]): string => {
  const last = versions.at(-1)
  return last === undefined ? prismInvoiceId : `${prismInvoiceId}-${numberOf(last.id, prismInvoiceId) + 1}`
}
