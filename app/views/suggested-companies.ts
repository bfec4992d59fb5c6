/** The companies and the agreement that a customer may be mapped to (J7), with what speaks for each. */
import type { CompanySuggestions } from '#app/api/schemas/suggestions.ts'
import { connectWiseOf } from '#app/process/clients.ts'
import { inTurns } from '#app/process/in-turns.ts'
import { server } from '#app/process/process.ts'
import { boughtByTenants } from '#db/prism/bought.ts'
import { type NamedTenant, namedTenants } from '#db/prism/tenant-names.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Company } from '#lib/connectwise/values.ts'
import { ownDomain } from '#lib/matching/domains.ts'
import { type DomainKey, domainKey, searchWord } from '#lib/matching/names.ts'
import { type SuggestedCompany, suggestInSteps } from '#lib/matching/suggest-companies.ts'
import { agreementsOfCandidates } from './candidate-agreements.ts'
import { contactDomainsOf, withContacts } from './contacts.ts'
import { type ScannedEvidence, scannedEvidence } from './scanned-evidence.ts'

/** Names, and domains, that are searched for in ConnectWise besides the word; each is a request. */
const MOST_SEARCHES = 3
/** The best candidates, of which the additions are read. */
const MOST_CANDIDATES = 3
/** Of which the contacts are read for one customer: one request, as long as they have fewer than 1,000. */
const MOST_WITH_CONTACTS = 10
/** Contacts of more companies with a customer's domain are a partner's, or a host's. */
const MOST_OF_A_DOMAIN = 12
/** Companies that a scan found, of one customer. */
const MOST_HOLDERS = 20
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
  const scanned = await scannedEvidence(organisationId, program)
  const search = searchWord(tenant.name)
  const own = bought.get(tenantId) ?? []
  const [byWord, ...more] = await Promise.all([
    client.companies(search),
    ...otherWords(tenant, search).map((word) => client.companies(word)),
    ...domainsOf(tenant).map((domain) => client.companiesByWebsite(domain)),
    ...(scanned === null
      ? []
      : [client.companiesNamed({ ids: scannedHolders(scanned, tenant, own), texts: [] })]),
  ])
  const found = [byWord, ...more].flatMap(({ records }) => records)
  const companies = [...new Map(found.map((each) => [each.id, each])).values()]
  const tenants = named.map((each) => ({ ...each, bought: bought.get(each.id) ?? [] }))
  const wanted = new Set([tenantId])
  const known = withContacts(companies, scanned?.contacts ?? NO_CONTACTS)
  const [before] = await inTurns(
    suggestInSteps({ tenants, companies: known, read: scanned?.read ?? [], wanted }),
  )
  // A company of which only a word is alike may hold the additions all the same.
  const candidates = distinct([
    ...(before?.companies ?? []).map(({ company }) => company.id),
    ...companies.map(({ id }) => id),
  ])
  const asked = { client, organisationId, program }
  const [{ read, withAdditions }, contacts] = await Promise.all([
    agreementsOfCandidates(asked, {
      tenantId,
      companyIds: candidates.slice(0, MOST_CANDIDATES),
      most: MOST_READ,
      scanned,
    }),
    scanned?.contacts ?? contactDomainsOf(client, candidates.slice(0, MOST_WITH_CONTACTS)),
  ])
  const [after] = await inTurns(
    suggestInSteps({ tenants, companies: withContacts(companies, contacts), read, wanted }),
  )
  const suggested = after?.companies ?? []
  const isSuggested = new Set(suggested.map(({ company }) => company.id))
  return {
    suggested: suggested.map(shownCompany),
    others: byWord.records.filter(({ id }) => !isSuggested.has(id)),
    search,
    agreements: { read: withAdditions, of: scanned === null ? read.length : withAdditions },
    contacts: contacts.says,
    readAt: scanned?.readAt.toISOString() ?? null,
    unreadable: [...byWord.unreadable],
  }
}

const NO_CONTACTS = { of: new Map<number, readonly string[]>() }

/** Companies that no search by name finds: their additions carry its ids, or their contacts have its domain. */
function scannedHolders(
  { read, contacts }: ScannedEvidence,
  { domain, formerDomains }: NamedTenant,
  own: readonly { readonly subscription: string }[],
): number[] {
  const ids = new Set(own.map(({ subscription }) => subscription))
  const domains = new Set([domain, ...formerDomains].flatMap((each) => ownDomain(each) ?? []))
  const bySerial = read
    .filter(({ additions }) => additions.some(({ serial }) => ids.has(serial)))
    .map(({ companyId }) => companyId)
  const byContact = [...contacts.of].flatMap(([companyId, of]) =>
    of.some((each) => domains.has(each as DomainKey)) ? [companyId] : [],
  )
  const isOwn = byContact.length <= MOST_OF_A_DOMAIN
  return distinct([...bySerial, ...(isOwn ? byContact : [])]).slice(0, MOST_HOLDERS)
}

export const shownCompany = ({
  company: { id, identifier, name, website },
  score,
  isLikely,
  evidence,
  agreement,
}: SuggestedCompany<Company>) => ({
  company: { id, identifier, name, website },
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
