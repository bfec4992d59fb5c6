/** The domains of the mail of companies' contacts, read now (J7). */
import { isDenied } from '#lib/connectwise/denied.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'
import { contactsArea } from '#lib/connectwise/permissions.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'

/** What is said once where suggestions go without them; `null`: nothing. */
export const contactsSay = {
  read: null,
  denied: `Contacts were not read: the API member’s role lacks “${contactsArea}: Inquire”.`,
  refused: 'Contacts were not read: ConnectWise did not give them.',
} as const

export interface ContactDomains {
  readonly of: ReadonlyMap<number, readonly string[]>
  readonly says: string | null
}

/** Of some companies; what ConnectWise refuses is evidence that is missing. */
export async function contactDomainsOf(
  client: ConnectWiseClient,
  companyIds: readonly number[],
): Promise<ContactDomains> {
  if (companyIds.length === 0) return { of: new Map(), says: contactsSay.read }
  try {
    const { records } = await client.contactsOfCompanies(companyIds)
    const of = new Map<number, string[]>()
    for (const { companyId, mailDomains } of records)
      if (companyId !== null) of.set(companyId, [...(of.get(companyId) ?? []), ...mailDomains])
    return { of, says: contactsSay.read }
  } catch (error) {
    if (!(error instanceof ConnectWiseError)) throw error
    return { of: new Map(), says: contactsSay[isDenied(error) ? 'denied' : 'refused'] }
  }
}

/** The companies with their contacts' domains, where these are known. */
export const withContacts = <C extends { readonly id: number }>(
  companies: readonly C[],
  { of }: Pick<ContactDomains, 'of'>,
): (C & { readonly contactDomains?: readonly string[] })[] =>
  companies.map((company) => {
    const contactDomains = of.get(company.id)
    return contactDomains === undefined ? company : { ...company, contactDomains }
  })
