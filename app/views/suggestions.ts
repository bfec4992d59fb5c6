/** Which customer may be which company (J7), decided here from all customers of the program. */
import type { CompanySuggestions, SuggestedCustomer } from '#app/api/schemas/suggestions.ts'
import { connectWiseOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { type NamedTenant, namedTenants } from '#db/prism/tenant-names.ts'
import { ProductError } from '#lib/base/errors.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'
import type { Company, ConnectWiseClient } from '#lib/connectwise/values.ts'
import { domainKey, searchWord } from '#lib/matching/names.ts'
import {
  type CompanyNames,
  type Suggestion,
  suggestCompanies,
  suggestTenants,
} from '#lib/matching/suggest.ts'
import { shownCustomers } from './customers.ts'

/** Where more have the name, a person has to search. */
const MOST = 20
/** Names, and domains, that are searched for in ConnectWise besides the word; each is a request. */
const MOST_SEARCHES = 3

/**
 * The customers that may be a company of ConnectWise: first those that are not mapped, and of both the likeliest first.
 * @param company its id, and the name by which alone it is told where ConnectWise does not give it
 */
export async function suggestedTenants(
  organisationId: string,
  program: string,
  company: { readonly id: number; readonly name: string },
): Promise<SuggestedCustomer[]> {
  const { client } = await connectWiseOf(organisationId)
  const found = await companyOrNone(client, company.id)
  const suggested = await tenantsLike(
    organisationId,
    program,
    found ?? { ...company, identifier: '', website: '' },
  )
  const ids = suggested.map(({ candidate }) => candidate.id)
  const customers = await shownCustomers(organisationId, program, ids)
  const byId = new Map(customers.map((each) => [each.tenantId, each]))
  return suggested
    .flatMap(({ candidate, evidence }) => {
      const customer = byId.get(candidate.id)
      return customer === undefined ? [] : [{ customer, evidence: [...evidence] }]
    })
    .toSorted((a, b) => Number(a.customer.mapping !== null) - Number(b.customer.mapping !== null))
    .slice(0, MOST)
}

/** The customers of the program whose names or domains are the company's, the likeliest first. */
export const tenantsLike = async (
  organisationId: string,
  program: string,
  company: CompanyNames,
): Promise<Suggestion<NamedTenant>[]> =>
  suggestTenants(company, await namedTenants(server().db, organisationId, program))

/** `null` also where ConnectWise refuses it or cannot be asked: what a company is called is known without it. */
async function companyOrNone(client: ConnectWiseClient, id: number): Promise<Company | null> {
  try {
    return await client.company(id)
  } catch (error) {
    if (error instanceof ConnectWiseError) return null
    throw error
  }
}

/** The companies of ConnectWise that may be a customer, and others with a word of its name. Throws `not-found`. */
export async function suggestedCompanies(
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<CompanySuggestions> {
  const [tenant] = await namedTenants(server().db, organisationId, program, tenantId)
  if (tenant === undefined) throw new ProductError('not-found', `There is no customer ${tenantId}.`)
  const { client } = await connectWiseOf(organisationId)
  const search = searchWord(tenant.name)
  const [byWord, ...more] = await Promise.all([
    client.companies(search),
    ...otherWords(tenant, search).map((word) => client.companies(word)),
    ...domainsOf(tenant).map((domain) => client.companiesByWebsite(domain)),
  ])
  const companies = [byWord, ...more].flatMap(({ records }) => records)
  const suggested = suggestCompanies(tenant, [...new Map(companies.map((each) => [each.id, each])).values()])
  const isSuggested = new Set(suggested.map(({ candidate }) => candidate.id))
  return {
    suggested: suggested
      .slice(0, MOST)
      .map(({ candidate, evidence }) => ({ company: candidate, evidence: [...evidence] })),
    others: byWord.records.filter(({ id }) => !isSuggested.has(id)),
    search,
    unreadable: [...byWord.unreadable],
  }
}

/** Besides the word: the whole name, which is among the first however many have the word, and what it was called before. */
const otherWords = ({ name, formerNames }: NamedTenant, word: string): string[] =>
  distinct([name.trim(), ...formerNames.map(searchWord)])
    .filter((each) => each !== '' && each.toLowerCase() !== word.toLowerCase())
    .slice(0, MOST_SEARCHES)

const domainsOf = ({ domain, formerDomains }: NamedTenant): string[] =>
  distinct([domain, ...formerDomains].flatMap((each) => domainKey(each) ?? [])).slice(0, MOST_SEARCHES)

const distinct = <V>(values: readonly V[]): V[] => [...new Set(values)]
