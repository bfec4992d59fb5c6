/** The customers that wait to be mapped, page by page, each with the companies that it may be (J7). */
import type { MappingSuggestions, MappingSuggestionsQuery } from '#app/api/schemas/suggestions.ts'
import { connectWiseOf, currencyOf } from '#app/process/clients.ts'
import { inTurns } from '#app/process/in-turns.ts'
import { server } from '#app/process/process.ts'
import { neverMappedOf } from '#db/mappings/accepted.ts'
import { mappingsOf } from '#db/mappings/mappings.ts'
import { boughtByTenants } from '#db/prism/bought.ts'
import { readyInvoices } from '#db/prism/invoices.ts'
import { namedTenants } from '#db/prism/tenant-names.ts'
import type { Company } from '#lib/connectwise/values.ts'
import { programOptions } from '#lib/intake/context.ts'
import { suggestInSteps } from '#lib/matching/suggest-companies.ts'
import type { Program } from '#lib/programs/registry.ts'
import { pricesOf } from '#lib/sync/missed.ts'
import { agreementsOfCandidates } from './candidate-agreements.ts'
import { contactDomainsOf, withContacts } from './contacts.ts'
import { type MatchOrder, MOST_CANDIDATES, orderOf } from './match-order.ts'
import { scannedEvidence } from './scanned-evidence.ts'
import { shownCompany } from './suggested-companies.ts'

/** Agreements of which the additions are read for a page; each is a request. */
const MOST_READ = 150
const PAGE_SIZE = 50

const NO_CONTACTS = { of: new Map<number, readonly string[]>() }
const NOTHING_BOUGHT: Awaited<ReturnType<typeof boughtByTenants>> = new Map()

/**
 * A page of the customers that wait, those first of which a company is likely. All companies are read, 1,000 a request, unless a
 * list is gone on with; then the agreements of the page's best ones, about 100 a request. What additions and contacts say comes
 * from the last full scan; where there is none, contacts of the page's candidates are read now, and with `additions` the additions
 * of the agreements of its three best, too, a request each.
 */
export async function mappingSuggestions(
  organisationId: string,
  program: Program,
  { page, after, additions: readsAdditions }: MappingSuggestionsQuery,
): Promise<MappingSuggestions> {
  const { db } = server()
  const { client } = await connectWiseOf(organisationId)
  const [named, mapped, never, scanned] = await Promise.all([
    namedTenants(db, organisationId, program.slug),
    mappingsOf(db, organisationId, program.slug),
    neverMappedOf(db, organisationId, program.slug),
    scannedEvidence(organisationId, program.slug),
  ])
  const additions = readsAdditions === 'yes' && scanned === null
  const bought =
    additions || scanned !== null ? await boughtByTenants(db, organisationId, program.slug) : NOTHING_BOUGHT
  const tenants = named.map((each) => ({ ...each, bought: bought.get(each.id) ?? [] }))
  const asScanned = (companies: readonly Company[]) => ({
    tenants,
    companies: withContacts(companies, scanned?.contacts ?? NO_CONTACTS),
    read: scanned?.read ?? [],
  })
  const order = await orderOf(`${organisationId}/${program.slug}`, after, async () => {
    const { records: companies, unreadable } = await client.everyCompany()
    return { suggested: await inTurns(suggestInSteps(asScanned(companies))), companies, unreadable }
  })
  const decided = new Set([...mapped, ...never].map(({ tenantId }) => tenantId))
  const waiting = order.tenantIds.filter((id) => !decided.has(id))
  const from = after === undefined ? (page - 1) * PAGE_SIZE : placeAfter(order, decided, after)
  const onPage = waiting.slice(from, from + PAGE_SIZE)
  const wanted = new Set(onPage)
  // The best of each, then the second ones: where not all can be read, those that matter most are.
  const best = (most: number): number[] => [
    ...new Set(
      Array.from({ length: most }, (_, rank) =>
        onPage.flatMap((id) => order.best.get(id)?.[rank] ?? []),
      ).flat(),
    ),
  ]
  const [{ read, withAdditions }, contacts] = await Promise.all([
    agreementsOfCandidates(
      { client, organisationId, program: program.slug },
      {
        tenantId: null,
        companyIds: best(readsAdditions === 'yes' ? MOST_CANDIDATES : 1),
        most: additions ? MOST_READ : 0,
        scanned,
      },
    ),
    scanned?.contacts ?? contactDomainsOf(client, best(MOST_CANDIDATES)),
  ])
  const companies = withContacts(order.companies, contacts)
  const suggested = await inTurns(suggestInSteps({ tenants, companies, read, wanted }))
  const found = new Map(suggested.map((each) => [each.tenant.id, each]))
  const invoiced = await latestInvoiced(organisationId, program, onPage)
  return {
    customers: onPage.flatMap((id) => {
      const of = found.get(id)
      if (of === undefined) return []
      const [first = null, second = null] = of.companies
      return [
        {
          tenantId: id,
          name: of.tenant.name,
          domain: of.tenant.domain,
          suggested: first === null ? null : shownCompany(first),
          second: second === null ? null : shownCompany(second),
          isAboveLine: first?.isLikely === true && first.agreement?.isLikely === true,
          invoiced: invoiced(id),
        },
      ]
    }),
    page,
    pageSize: PAGE_SIZE,
    total: waiting.length,
    left: Math.max(0, waiting.length - from - onPage.length),
    likely: waiting.filter((id) => order.likely.has(id)).length,
    companies: order.companies.length,
    agreements: { read: withAdditions, of: scanned === null ? read.length : withAdditions },
    currency: await currencyOf(organisationId),
    contacts: contacts.says,
    readAt: scanned?.readAt.toISOString() ?? null,
    unreadable: [...order.unreadable],
  }
}

/** How many that still wait stand before the place where a list is gone on with; of one that is not listed any more, all anew. */
function placeAfter({ tenantIds }: MatchOrder, decided: ReadonlySet<string>, after: string): number {
  const place = tenantIds.indexOf(after)
  return tenantIds.slice(0, place + 1).filter((id) => !decided.has(id)).length
}

/** What the newest invoice has of a customer, of what syncs, at RRP; `null`: it has nothing. */
async function latestInvoiced(
  organisationId: string,
  program: Program,
  tenantIds: readonly string[],
): Promise<(tenantId: string) => MappingSuggestions['customers'][number]['invoiced']> {
  const { db } = server()
  const latest = (await readyInvoices(db, organisationId, program.slug)).at(-1)
  if (latest === undefined) return () => null
  const options = await programOptions(db, organisationId, program)
  const prices = await pricesOf({ db, organisationId, program, options }, tenantIds, latest)
  return (tenantId) => {
    const price = prices.get(tenantId)
    return price === undefined ? null : { period: latest.period, price }
  }
}
