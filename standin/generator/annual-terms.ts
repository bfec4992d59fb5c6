/** Customers of a generated partner with terms that are billed at once: their orders, and PRISM's invoices of them. */
import { addDays } from '../prism/calendar.ts'
import type { Product } from '../prism/history.ts'
import type { Partner } from '../prism/seed.ts'
import { type TermInvoice, type TermLife, termLife } from './annual-term.ts'
import { drawsFor } from './draws.ts'
import { idOf } from './ids.ts'
import { dayIn } from './products.ts'

export interface CustomerTerms {
  readonly tenantId: string
  readonly lives: readonly TermLife[]
  /** Of all of them, in the order in which PRISM issues them. */
  readonly invoices: readonly TermInvoice[]
}

/** The same seed gives the same terms, and they follow from the tenant's place alone. @param terms of each tenant */
export function annualTerms(
  partner: Partner,
  { seed, terms }: { seed: number; terms: number },
): CustomerTerms[] {
  const [first, ...others] = partner.products.filter(({ unit }) => unit !== 'Usage-based')
  if (first === undefined) return []
  const products: readonly [Product, ...Product[]] = [first, ...others]
  return [...partner.portfolio.tenants()].map(({ tenantId }, tenant) => {
    let ids = 0
    const lives = Array.from({ length: terms }, (_, within) => {
      const draws = drawsFor(seed, 'annualTerm', tenant, within)
      const orderedOn = dayIn(partner.firstUsage, draws)
      const newId = () => idOf(seed, 'term', tenant, ids++)
      return termLife({ draws, tenantId, products, newId, orderedOn, until: addDays(orderedOn, 800) })
    })
    const invoices = lives
      .flatMap((life) => life.invoices)
      .sort((one, other) => (one.issuedOn < other.issuedOn ? -1 : one.issuedOn > other.issuedOn ? 1 : 0))
    return { tenantId, lives, invoices }
  })
}
