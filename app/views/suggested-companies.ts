/** The companies and the agreement that a customer may be mapped to (J7), with what speaks for each. */
import type { CompanySuggestions, MappingSuggestions } from '#app/api/schemas/suggestions.ts'
import { connectWiseOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { mappingsOf } from '#db/mappings/mappings.ts'
import { boughtByTenants } from '#db/prism/bought.ts'
import { type NamedTenant, namedTenants } from '#db/prism/tenant-names.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Company } from '#lib/connectwise/values.ts'
import { likelyAgreementAmong } from '#lib/matching/likely-agreement.ts'
import { domainKey, searchWord } from '#lib/matching/names.ts'
import { type SuggestedCompany, suggestAll } from '#lib/matching/suggest-companies.ts'
import { agreementsOfCandidates, agreementsOfMany } from './candidate-agreements.ts'

/** Names, and domains, that are searched for in ConnectWise besides the word; each is a request. */
const MOST_SEARCHES = 3
/** The best candidates, of which the additions are read. */
const MOST_CANDIDATES = 3
const PAGE_SIZE = 50

/** The companies of ConnectWise that may be a customer, and others with a word of its name. Throws `not-found`. */
export async function suggestedCompanies(
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<CompanySuggestions> {
  const { db } = server()
  const [named, bought] = await Promise.all([
    namedTenants(db, organisationId, program),
    boughtByTenants(db, organisationId, program),
  ])
  const tenant = named.find(({ id }) => id === tenantId)
  if (tenant === undefined) throw new ProductError('not-found', `There is no customer ${tenantId}.`)
  const { client } = await connectWiseOf(organisationId)
  const search = searchWord(tenant.name)
  const [byWord, ...more] = await Promise.all([
    client.companies(search),
    ...otherWords(tenant, search).map((word) => client.companies(word)),
    ...domainsOf(tenant).map((domain) => client.companiesByWebsite(domain)),
  ])
  const found = [byWord, ...more].flatMap(({ records }) => records)
  const companies = [...new Map(found.map((each) => [each.id, each])).values()]
  const tenants = named.map((each) => ({ ...each, bought: bought.get(each.id) ?? [] }))
  const compared = { tenants, companies, wanted: new Set([tenantId]) }
  const [before] = suggestAll(compared)
  const candidates = (before?.companies ?? []).slice(0, MOST_CANDIDATES).map(({ company }) => company.id)
  const asked = { client, organisationId, program }
  const { read, withAdditions } = await agreementsOfCandidates(asked, tenantId, candidates)
  const [after] = suggestAll({ ...compared, read })
  const suggested = after?.companies ?? []
  const isSuggested = new Set(suggested.map(({ company }) => company.id))
  return {
    suggested: suggested.map(shown),
    others: byWord.records.filter(({ id }) => !isSuggested.has(id)),
    search,
    agreements: { read: withAdditions, of: read.length },
    unreadable: [...byWord.unreadable],
  }
}

const shown = ({ company, score, isLikely, evidence, agreement }: SuggestedCompany<Company>) => ({
  company,
  score,
  isLikely,
  evidence: [...evidence],
  agreement,
})

/** Besides the word: the whole name, which is among the first however many have the word, and what it was called before. */
const otherWords = ({ name, formerNames }: NamedTenant, word: string): string[] =>
  distinct([name.trim(), ...formerNames.map(searchWord)])
    .filter((each) => each !== '' && each.toLowerCase() !== word.toLowerCase())
    .slice(0, MOST_SEARCHES)

const domainsOf = ({ domain, formerDomains }: NamedTenant): string[] =>
  distinct([domain, ...formerDomains].flatMap((each) => domainKey(each) ?? [])).slice(0, MOST_SEARCHES)

const distinct = <V>(values: readonly V[]): V[] => [...new Set(values)]

/**
 * A page of the customers that are mapped nowhere, each with its best suggestion by names and domains: those above the line first.
 * All companies are read, 1,000 a request, and the agreements of the page's best ones; additions only where one customer is opened.
 */
export async function mappingSuggestions(
  organisationId: string,
  program: string,
  page: number,
): Promise<MappingSuggestions> {
  const { db } = server()
  const { client } = await connectWiseOf(organisationId)
  const [tenants, mapped, companies] = await Promise.all([
    namedTenants(db, organisationId, program),
    mappingsOf(db, organisationId, program),
    client.everyCompany(),
  ])
  const isMapped = new Set(mapped.map(({ tenantId }) => tenantId))
  const all = suggestAll({ tenants, companies: companies.records })
    .filter(({ tenant }) => !isMapped.has(tenant.id))
    .map(({ tenant, companies: [first = null] }) => ({ tenant, first }))
    .toSorted(
      (a, b) =>
        Number(b.first?.isLikely ?? false) - Number(a.first?.isLikely ?? false) ||
        (b.first?.score ?? -1) - (a.first?.score ?? -1) ||
        a.tenant.name.localeCompare(b.tenant.name, 'en') ||
        (a.tenant.id < b.tenant.id ? -1 : 1),
    )
  const onPage = all.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
  const asked = { client, organisationId, program }
  const read = await agreementsOfMany(asked, distinct(onPage.flatMap(({ first }) => first?.company.id ?? [])))
  const byCompany = Map.groupBy(read, ({ companyId }) => companyId)
  return {
    customers: onPage.map(({ tenant: { id, name, domain }, first }) => {
      const agreement = first === null ? null : likelyAgreementAmong(byCompany.get(first.company.id) ?? [])
      return {
        tenantId: id,
        name,
        domain,
        suggested: first === null ? null : shown({ ...first, agreement }),
        isAboveLine: first?.isLikely === true && agreement?.isLikely === true,
      }
    }),
    page,
    pageSize: PAGE_SIZE,
    total: all.length,
    likely: all.filter(({ first }) => first?.isLikely).length,
    companies: companies.records.length,
    unreadable: [...companies.unreadable],
  }
}
