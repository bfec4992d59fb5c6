/** Customers of a generated partner with terms that are billed at once: their orders, and PRISM's invoices of them. */
import { addDays, monthOf } from '../prism/calendar.ts'
import { type AnnualHistory, annualTermBilledAnnually, type Product } from '../prism/history.ts'
import type { InvoiceLine } from '../prism/lines.ts'
import type { ExtraInvoice, Partner } from '../prism/seed.ts'
import { type TermInvoice, type TermLife, type TermSubscription, termLife } from './annual-term.ts'
import { drawsFor } from './draws.ts'
import { idOf, placeOf } from './ids.ts'
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
  return [...partner.portfolio.tenants()].map(({ tenantId }, index) => {
    const tenant = placeOf(seed, 'tenant', tenantId)?.index ?? index
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

/** The partner with these terms: PRISM lists their subscriptions, and issues their invoices with the month that they are of. */
export function withAnnualTerms(partner: Partner, options: { seed: number; terms: number }): Partner {
  let made: readonly CustomerTerms[] | null = null
  const customers = () => {
    made ??= annualTerms(partner, options)
    return made
  }
  const { portfolio, programName } = partner
  const ofTenant = (tenantId: string) =>
    customers().find((each) => each.tenantId.toLowerCase() === tenantId.toLowerCase())
  return {
    ...partner,
    portfolio: {
      ...portfolio,
      histories: (tenantId) => [...portfolio.histories(tenantId), ...historiesOf(ofTenant(tenantId))],
      tenantOf(subscriptionId) {
        const place = placeOf(options.seed, 'term', subscriptionId)
        if (place === null) return portfolio.tenantOf(subscriptionId)
        return portfolio.tenant(idOf(options.seed, 'tenant', place.index))
      },
    },
    get extraInvoices() {
      return [...partner.extraInvoices, ...customers().flatMap((each) => invoicesOf(each, programName))]
    },
  }
}

function invoicesOf({ invoices }: CustomerTerms, programName: string): ExtraInvoice[] {
  return invoices.map(({ issuedOn, lines }) => ({
    usage: monthOf(issuedOn),
    programName: `${programName} Annual`,
    lines,
    issuedOn,
  }))
}

function historiesOf(customer: CustomerTerms | undefined): AnnualHistory[] {
  if (customer === undefined) return []
  const lines = customer.invoices.flatMap((invoice) => invoice.lines)
  return customer.lives.flatMap(({ subscriptions }) =>
    subscriptions.map((each) => historyOf(each, customer.tenantId, lines)),
  )
}

/** As it is once all that happens to it has happened. */
function historyOf(
  { subscriptionId, product }: TermSubscription,
  tenantId: string,
  all: readonly InvoiceLine[],
): AnnualHistory {
  const lines = all.filter((line) => line.subscriptionId === subscriptionId)
  const last = lines
    .map((line) => line.last)
    .sort()
    .at(-1)
  const current = lines.filter((line) => line.last === last)
  return {
    kind: 'annual',
    subscriptionId,
    tenantId,
    term: annualTermBilledAnnually,
    productId: product.productId,
    orderedOn: lines.map(({ first }) => first).sort()[0] ?? '9999-12-31',
    quantity: current.reduce((seats, { quantity }) => seats + Number(quantity), 0),
    cost: '0',
    rrp: '0',
    isInvoicedApart: true,
  }
}
