/**
 * In which order the customers of a program wait to be mapped. It is made of all customers and all companies, so that it is kept for
 * who goes on with a list: neither is read again for each page, and nobody is passed over while others are mapped.
 */
import type { NamedTenant } from '#db/prism/tenant-names.ts'
import type { SetAside } from '#lib/base/records.ts'
import type { Company } from '#lib/connectwise/values.ts'
import type { TenantSuggestions } from '#lib/matching/suggest-companies.ts'

export interface MatchOrder {
  /** All customers, mapped ones among them: those first of which a company is likely. */
  readonly tenantIds: readonly string[]
  /** Those of which a company is. */
  readonly likely: ReadonlySet<string>
  /** Ids of the best companies of each, the likeliest first. */
  readonly best: ReadonlyMap<string, readonly number[]>
  readonly companies: readonly Company[]
  readonly unreadable: readonly SetAside[]
}

/** The best candidates of each customer, of which additions and contacts are read. */
export const MOST_CANDIDATES = 3
/** So long a list is gone on with as it was begun. */
const KEPT_MS = 15 * 60 * 1000
/** Lists of so many programs; the oldest one is made anew when somebody goes on with it. */
const MOST_KEPT = 10

interface Kept {
  readonly order: MatchOrder
  readonly at: number
}
const lists = new Map<string, Kept>()

/** @param after where a list is gone on with; left out: it begins, and is made of what is there now */
export async function orderOf(
  key: string,
  after: string | undefined,
  begin: () => Promise<{
    readonly suggested: readonly Suggestions[]
    readonly companies: readonly Company[]
    readonly unreadable: readonly SetAside[]
  }>,
): Promise<MatchOrder> {
  const kept = lists.get(key)
  if (after !== undefined && kept !== undefined && Date.now() - kept.at < KEPT_MS) return kept.order
  const { suggested, companies, unreadable } = await begin()
  const ordered = suggested.toSorted(byLikelihood)
  const order = {
    tenantIds: ordered.map(({ tenant }) => tenant.id),
    likely: new Set(ordered.flatMap((each) => (isLikely(each) ? [each.tenant.id] : []))),
    best: new Map(
      ordered.map(({ tenant, companies: found }) => [
        tenant.id,
        found.slice(0, MOST_CANDIDATES).map(({ company }) => company.id),
      ]),
    ),
    companies,
    unreadable,
  }
  lists.delete(key)
  lists.set(key, { order, at: Date.now() })
  for (const [oldest, { at }] of lists)
    if (lists.size > MOST_KEPT || Date.now() - at >= KEPT_MS) lists.delete(oldest)
  return order
}

type Suggestions = TenantSuggestions<NamedTenant, Company>

const isLikely = ({ companies: [first] }: Suggestions): boolean => first?.isLikely === true

/** The likely ones first, each by its score, then by name. */
const byLikelihood = (a: Suggestions, b: Suggestions): number =>
  Number(isLikely(b)) - Number(isLikely(a)) ||
  (b.companies[0]?.score ?? -1) - (a.companies[0]?.score ?? -1) ||
  a.tenant.name.localeCompare(b.tenant.name, 'en') ||
  (a.tenant.id < b.tenant.id ? -1 : 1)
