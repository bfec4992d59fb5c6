/** What all known annual invoices of the agreement's tenants say of a line: what it takes back, and where it was before. */
import { type AnnualSituation, inOrder } from './annual-situation.ts'
import { originsOf } from './credits.ts'
import { chargeKey, type IdentifiedLine, identified, identityKey } from './line-identity.ts'

export interface KnownLines {
  /** The lines that a credit takes back, the last one first. */
  readonly originsOf: (is: IdentifiedLine['is']) => readonly IdentifiedLine[]
  /** An invoice issued before that has the same line. */
  readonly earlierWith: (is: IdentifiedLine['is']) => string | null
}

export const knownLines = ({ invoices, others = [] }: AnnualSituation): KnownLines => {
  const all = inOrder([...invoices, ...others])
  const origins = originsOf(all)
  const first = new Map<string, string>()
  for (const invoice of all)
    for (const { is } of identified(invoice))
      if (!first.has(chargeKey(is))) first.set(chargeKey(is), invoice.invoiceId)
  return {
    originsOf: (is) => origins.get(identityKey(is)) ?? [],
    earlierWith: (is) => {
      const invoiceId = first.get(chargeKey(is))
      return invoiceId === undefined || invoiceId === is.invoiceId ? null : invoiceId
    },
  }
}
