/** Generated partners: each tenant is invented when it is asked for, so a million subscriptions take no memory. */
import { trimmed } from '../prism/amounts.ts'
import { addDays, firstDay, type Month, nextMonth } from '../prism/calendar.ts'
import { annualTermBilledAnnually, monthlyTerm, type Product, type Tenant } from '../prism/history.ts'
import type { InvoiceLine } from '../prism/lines.ts'
import type { Portfolio } from '../prism/portfolio.ts'
import type { ExtraInvoice, Partner, PrismSeed } from '../prism/seed.ts'
import { withAnnualTerms } from './annual-terms.ts'
import { drawsFor } from './draws.ts'
import { idOf, type Place, placeOf } from './ids.ts'
import { withLongTerms } from './long-terms.ts'
import { companyName, domainOf } from './names.ts'
import { type GeneratorOptions, generatorOptions } from './options.ts'
import { generateProducts, money } from './products.ts'
import { amongPartners, amongTenants, lengthOf, type Range, rangeOf } from './sizes.ts'
import { generateSubscription } from './subscription.ts'

const programName = 'Microsoft CSP Indirect'
const firstCustomerId = 1_000

/**
 * PRISM with generated partners, the largest first. Client ids are `partner-0`, `partner-1` and so on, their secrets
 * `secret-0`, `secret-1`. Throws a RangeError for options out of range.
 */
export function generatePrism(options: Partial<GeneratorOptions> = {}): PrismSeed {
  const chosen = generatorOptions(options)
  const products = generateProducts(chosen)
  const { seed, annualTerms, longTerms } = chosen
  return {
    partners: Array.from({ length: chosen.partners }, (_, index) => {
      const plain = partner(index, products, chosen)
      const long = longTerms === 0 ? plain : withLongTerms(plain, { seed, terms: longTerms })
      return annualTerms === 0 ? long : withAnnualTerms(long, { seed, terms: annualTerms })
    }),
  }
}

function partner(index: number, products: readonly Product[], options: GeneratorOptions): Partner {
  const draws = drawsFor(options.seed, 'partner', index)
  // One partner in twenty has a second Microsoft CSP contract agreement (F14).
  const agreements = draws.chance(5) ? [0, 1] : [0]
  const contractAgreements = agreements.map((which) => ({
    id: idOf(options.seed, 'agreement', index, which),
    number: String(1_000_001 + index * 2 + which),
  }))
  const portfolio = portfolioOf(
    index,
    contractAgreements.map(({ id }) => id),
    options,
  )
  return {
    customerId: firstCustomerId + index,
    name: `${companyName(draws).trim()} Managed Services ${index}`,
    email: `accounts@partner-${index}.example`,
    clients: [{ clientId: `partner-${index}`, clientSecret: `secret-${index}` }],
    contractAgreements,
    programName,
    products,
    portfolio,
    get extraInvoices() {
      return extraInvoices(index, portfolio, options)
    },
    firstUsage: options.firstUsage,
  }
}

function portfolioOf(partner: number, agreements: readonly string[], options: GeneratorOptions): Portfolio {
  const { seed, partners, tenants, subscriptions } = options
  const own = rangeOf(partner, partners, tenants, amongPartners)
  const size = lengthOf(own)
  const ofPartner = size === 0 ? 0 : lengthOf(rangeOf(partner, partners, subscriptions, amongPartners))

  function tenantAt(index: number): Tenant {
    const draws = drawsFor(seed, 'tenant', index)
    const which = agreements.length > 1 && draws.chance(30) ? 1 : 0
    return {
      tenantId: idOf(seed, 'tenant', index),
      customerId: firstCustomerId + partners + index,
      name: companyName(draws),
      domain: domainOf(index, draws),
      contractAgreementId: agreements[which] ?? '',
      ...(draws.chance(1) ? { isActive: false as const } : {}),
    }
  }

  function subscriptionsOf(index: number): number {
    return lengthOf(rangeOf(index - own.start, size, ofPartner, amongTenants))
  }

  /** The place that the id means, if it is this partner's. */
  function placeHere(kind: 'tenant' | 'subscription', id: string): Place | null {
    const place = placeOf(seed, kind, id)
    if (place === null || !holds(own, place.index)) return null
    return kind === 'tenant' || place.within < subscriptionsOf(place.index) ? place : null
  }

  return {
    size,
    *tenants() {
      for (let index = own.start; index < own.end; index++) yield tenantAt(index)
    },
    tenant(tenantId) {
      const place = placeHere('tenant', tenantId)
      return place === null ? undefined : tenantAt(place.index)
    },
    histories(tenantId) {
      const place = placeHere('tenant', tenantId)
      if (place === null) return []
      return Array.from({ length: subscriptionsOf(place.index) }, (_, within) =>
        generateSubscription(options, place.index, within),
      ).flat()
    },
    tenantOf(subscriptionId) {
      const place = placeHere('subscription', subscriptionId)
      return place === null ? undefined : tenantAt(place.index)
    },
  }
}

function holds({ start, end }: Range, place: number): boolean {
  return start <= place && place < end
}

/** What comes out beside the standard invoices: annual orders, credits, one-off orders [inferred: no form is known]. */
const extras = {
  nothing: 70,
  annual: 15,
  credit: 8,
  oneOff: 7,
}

const names = { annual: 'Annual', credit: 'Credit', oneOff: 'One-Time' } as const

function extraInvoices(partner: number, portfolio: Portfolio, options: GeneratorOptions): ExtraInvoice[] {
  const [tenant] = portfolio.tenants()
  if (tenant === undefined) return []
  return Array.from({ length: options.months }, (_, index) => nextMonth(options.firstUsage, index)).flatMap(
    (usage, index) => {
      const draws = drawsFor(options.seed, 'extra', partner, index)
      const kind = draws.weighted(extras)
      if (kind === 'nothing') return []
      const line = extraLine(kind, tenant, usage, draws.whole(1_000, 90_000), draws.whole(1, 9))
      return [{ usage, programName: `${programName} ${names[kind]}`, lines: [line] }]
    },
  )
}

function extraLine(
  kind: keyof typeof names,
  tenant: Tenant,
  usage: Month,
  cents: number,
  count: number,
): InvoiceLine {
  const quantity = kind === 'credit' ? -count : count
  const sign = quantity < 0 ? '-' : ''
  const first = firstDay(usage)
  return {
    subscriptionId: `${tenant.tenantId.slice(0, -6)}ffffff`,
    tenantId: tenant.tenantId,
    offerName: `${names[kind]} order`,
    first,
    last:
      kind === 'annual'
        ? addDays(firstDay(nextMonth(usage, 12)), -1)
        : addDays(firstDay(nextMonth(usage)), -1),
    unitPrice: trimmed(money(cents)),
    unitPriceRrp: trimmed(money(cents + 100)),
    quantity: String(quantity),
    billableRatio: '1',
    subTotal: trimmed(sign + money(cents * count)),
    subTotalRrp: trimmed(sign + money((cents + 100) * count)),
    term: kind === 'annual' ? annualTermBilledAnnually : monthlyTerm,
  }
}
