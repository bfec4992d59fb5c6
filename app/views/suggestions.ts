/** Which customer may be which company (J7), decided here from all customers of the program. */
import type { SuggestedCustomer } from '#app/api/schemas/suggestions.ts'
import { connectWiseOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { type NamedTenant, namedTenants } from '#db/prism/tenant-names.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'
import type { Company, ConnectWiseClient } from '#lib/connectwise/values.ts'
import { type CompanyNames, type Suggestion, suggestTenants } from '#lib/matching/suggest.ts'
import { shownCustomers } from './customers.ts'

/** Where more have the name, a person has to search. */
const MOST = 20

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
