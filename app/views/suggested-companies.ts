/** The companies and the agreement that a customer may be mapped to (J7), with what speaks for each. */
import type { CompanySuggestions } from '#app/api/schemas/suggestions.ts'
import { connectWiseOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { boughtByTenants } from '#db/prism/bought.ts'
import { type NamedTenant, namedTenants } from '#db/prism/tenant-names.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Company } from '#lib/connectwise/values.ts'
import { domainKey, searchWord } from '#lib/matching/names.ts'
import { type SuggestedCompany, suggestAll } from '#lib/matching/suggest-companies.ts'
import { agreementsOfCandidates } from './candidate-agreements.ts'

/** Names, and domains, that are searched for in ConnectWise besides the word; each is a request. */
const MOST_SEARCHES = 3
/** The best candidates, of which the additions are read. */
const MOST_CANDIDATES = 3
/** Agreements of which the additions are read, so that a dialog opens in a second or two. */
const MOST_READ = 8

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
  // A company of which only a word is alike may hold the additions all the same.
  const candidates = distinct([
    ...(before?.companies ?? []).map(({ company }) => company.id),
    ...companies.map(({ id }) => id),
  ]).slice(0, MOST_CANDIDATES)
  const asked = { client, organisationId, program }
  const { read, withAdditions } = await agreementsOfCandidates(asked, {
    tenantId,
    companyIds: candidates,
    most: MOST_READ,
  })
  const [after] = suggestAll({ ...compared, read })
  const suggested = after?.companies ?? []
  const isSuggested = new Set(suggested.map(({ company }) => company.id))
  return {
    suggested: suggested.map(shownCompany),
    others: byWord.records.filter(({ id }) => !isSuggested.has(id)),
    search,
    agreements: { read: withAdditions, of: read.length },
    unreadable: [...byWord.unreadable],
  }
}

export const shownCompany = ({
  company,
  score,
  isLikely,
  evidence,
  agreement,
}: SuggestedCompany<Company>) => ({
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
