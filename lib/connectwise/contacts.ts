/** Contacts of companies: the domains of their mail tell whose a company is. */
import { fields } from './api-types.ts'
import { amongIds, batches } from './conditions.ts'
import * as inferred from './inferred.ts'
import { namesOf } from './lists.ts'
import * as kinds from './record-kinds.ts'
import type { Requests } from './requests.ts'
import type { ConnectWiseClient } from './values.ts'

type Part = Pick<ConnectWiseClient, 'contactsOfCompanies' | 'everyContact'>

const perRequest = { most: 100, longest: 1_200 }

export function contactCalls(requests: Requests): Part {
  const where = (...conditions: readonly string[]) =>
    requests.all(
      '/company/contacts',
      kinds.contacts,
      (api, page) => api.CompanyAPI.getCompanyContacts(page),
      {
        conditions: [inferred.activeContacts, ...conditions].join(' and '),
        fields: fields.contact,
      },
    )
  return {
    async contactsOfCompanies(companyIds) {
      const condition = (batch: readonly number[]) => amongIds('company/id', batch)
      const parts = batches([...new Set(companyIds)], perRequest, condition)
      const lists = await Promise.all(parts.map((batch) => where(condition(batch))))
      return {
        records: lists.flatMap(({ records }) => records),
        unreadable: lists.flatMap(({ odd }) => namesOf(odd)),
      }
    },
    async everyContact() {
      const { records, odd } = await where()
      return { records, unreadable: namesOf(odd) }
    },
  }
}
