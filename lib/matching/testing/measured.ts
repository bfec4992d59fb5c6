/** How good suggestions are on partners of `standin/misspelt`, which knows the truth. */

import { skuKey, subscriptionKey } from '#lib/billing/keys.ts'
import { type MisspeltPartner, misspeltPartner, type PartnerSize } from '#standin/misspelt/partner.ts'
import type { AgreementRead } from '../booked.ts'
import { suggestAll, type TenantSuggestions } from '../suggest-companies.ts'

/** Companies of a tenant of which the agreements are read. */
const READ = 3

/** Counted over the tenants of a partner. */
export interface Measured {
  readonly pairs: number
  /** Of the pairs, those of which the true company is the first, and those in which it is above the line. */
  readonly first: number
  readonly likely: number
  /** Above the line with another company, or without there being one. */
  readonly wrong: readonly string[]
  /** Above the line with an agreement that is likely, and those of them with another one. */
  readonly agreements: number
  readonly wrongAgreements: readonly string[]
  /** Readings of agreements that it took. */
  readonly readings: number
}

export function tenantsToMatch({ tenants }: Pick<MisspeltPartner, 'tenants'>) {
  return tenants.map(({ subscriptions, ...tenant }) => ({
    ...tenant,
    bought: subscriptions.map(({ id, product, quantity }) => ({
      subscription: subscriptionKey(id),
      product: skuKey(product),
      quantity,
    })),
  }))
}

/**
 * What was read before it is suggested: `all` agreements and contacts, by a full scan; or, with a request for each agreement, those of
 * the three `best` companies of each customer, found by names and websites alone.
 */
export type ReadFirst = 'all' | 'best'

export function suggestionsFor(partner: MisspeltPartner, reads: ReadFirst) {
  const tenants = tenantsToMatch(partner)
  const { companies } = partner
  if (reads === 'all') {
    const read = agreementsOf(companies)
    return { suggestions: suggestAll({ tenants, companies, read }), readings: read.length }
  }
  const unread = companies.map(({ contactDomains: _, ...company }) => company)
  const before = suggestAll({ tenants, companies: unread })
  const best = new Set(
    before.flatMap((each) => each.companies.slice(0, READ).map(({ company }) => company.id)),
  )
  const known = companies.map((each, at) => (best.has(each.id) ? each : (unread[at] ?? each)))
  const read = agreementsOf(companies.filter(({ id }) => best.has(id)))
  return { suggestions: suggestAll({ tenants, companies: known, read }), readings: read.length }
}

const agreementsOf = (companies: MisspeltPartner['companies']): AgreementRead[] =>
  companies.flatMap(({ id, agreements }) => agreements.map((agreement) => asRead(id, agreement)))

const asRead = (
  companyId: number,
  { additions, ...agreement }: MisspeltPartner['companies'][number]['agreements'][number],
): AgreementRead => ({
  ...agreement,
  companyId,
  additions: additions.map(({ serialNumber, product, quantity }) => ({
    serial: subscriptionKey(serialNumber),
    product: skuKey(product),
    quantity,
  })),
})

export function measure(size: PartnerSize, reads: ReadFirst): Measured {
  const partner = misspeltPartner(size)
  const { suggestions, readings } = suggestionsFor(partner, reads)
  const counted = { pairs: 0, first: 0, likely: 0, agreements: 0 }
  const wrong: string[] = []
  const wrongAgreements: string[] = []
  for (const each of suggestions) {
    const truth = partner.truth.get(each.tenant.id) ?? null
    const [first] = each.companies
    const isFirst = truth !== null && first?.company.id === truth.companyId
    if (truth !== null) counted.pairs += 1
    if (isFirst) counted.first += 1
    if (first?.isLikely !== true) continue
    if (!isFirst) wrong.push(`seed ${size.seed}: ${saidOf(each)}`)
    else {
      counted.likely += 1
      if (first.agreement?.isLikely !== true) continue
      counted.agreements += 1
      if (first.agreement.id !== truth.agreementId) wrongAgreements.push(`seed ${size.seed}: ${saidOf(each)}`)
    }
  }
  return { ...counted, wrong, wrongAgreements, readings }
}

/** A tenant and its first suggestion in words. */
const saidOf = ({
  tenant,
  companies: [first],
}: TenantSuggestions<
  { readonly name: string; readonly domain: string },
  { readonly name: string }
>): string =>
  `${tenant.name} (${tenant.domain}) as ${first?.company.name}: ${first?.score}, ${first?.evidence.map(({ reason }) => reason).join('; ')}; ${first?.agreement?.name} ${first?.agreement?.reason}`
