/** Companies, agreements and their additions. */
import type { Manage } from 'connectwise-rest'
import { z } from 'zod'
import type { UnreadableAddition } from '#lib/billing/types.ts'
import { fields } from './api-types.ts'
import { day, id as idOf, key as keyOf } from './api-values.ts'
import { amongIds, batches, isQuotable, wider } from './conditions.ts'
import { ConnectWiseError } from './errors.ts'
import * as inferred from './inferred.ts'
import { agreedOn, namesOf, type OddRecord, type ReadList, readList } from './lists.ts'
import { additionBody, additionPatch } from './mapper.ts'
import * as kinds from './record-kinds.ts'
import type { Requests } from './requests.ts'
import type { LibraryOperations } from './transport.ts'
import type { AgreementRecord, Company, ConnectWiseClient, Listed } from './values.ts'

type Part = Pick<
  ConnectWiseClient,
  | 'companies'
  | 'companiesByWebsite'
  | 'everyCompany'
  | 'company'
  | 'agreements'
  | 'agreementsOfCompanies'
  | 'agreement'
  | 'agreementsByIds'
  | 'additions'
  | 'invoiceTimes'
  | 'createAddition'
  | 'patchAddition'
  | 'deleteAddition'
>

/** Companies shown by one search. */
const mostCompanies = 100
const agreementsPerRequest = 100
/** Of the recycle bin come back, too. */
const NOT_DELETED = 'deletedFlag = false'

export function agreementCalls(requests: Requests): Part {
  return { ...companyCalls(requests), ...agreementReads(requests), ...additionCalls(requests) }
}

function companyCalls(
  requests: Requests,
): Pick<Part, 'companies' | 'companiesByWebsite' | 'everyCompany' | 'company'> {
  const where = async (searched: readonly string[]): Promise<Listed<Company>> => {
    const conditions = [NOT_DELETED, ...searched].join(' and ')
    const parameters = { conditions, orderBy: 'name asc', fields: fields.company, pageSize: mostCompanies }
    const rows = await requests.rows({ method: 'GET', path: '/company/companies' }, (api) =>
      api.CompanyAPI.getCompanyCompanies(parameters),
    )
    return listed(readList(kinds.companies, rows))
  }
  return {
    async companies(search) {
      const text = search.trim()
      const { records, unreadable } = await where(searchConditions(text))
      const isMeant = (company: Company) => isQuotable(text) || containsText(company, text)
      return { records: records.filter(isMeant), unreadable }
    },
    async companiesByWebsite(domain) {
      try {
        return await where([inferred.websiteContains(domain)])
      } catch (error) {
        if (error instanceof ConnectWiseError && error.status === 400) return { records: [], unreadable: [] }
        throw error
      }
    },
    everyCompany: async () =>
      listed(
        await requests.all(
          '/company/companies',
          kinds.companies,
          (api, page) => api.CompanyAPI.getCompanyCompanies(page),
          { conditions: NOT_DELETED, fields: fields.company },
        ),
      ),
    company: (id) =>
      requests.maybe({ method: 'GET', path: `/company/companies/${id}` }, kinds.companies, (api) =>
        api.CompanyAPI.getCompanyCompaniesById(id, { fields: fields.company }),
      ),
  }
}

const listed = <T>({ records, odd }: ReadList<T>): Listed<T> => ({ records, unreadable: namesOf(odd) })

function searchConditions(text: string): string[] {
  if (text === '') return []
  const like = (field: string) => (isQuotable(text) ? `${field} like "%${text}%"` : wider(field, text))
  const either = [like('name'), like('identifier')].filter((condition) => condition !== '')
  return either.length === 0 ? [] : [`(${either.join(' or ')})`]
}

function containsText({ name, identifier }: Company, text: string): boolean {
  return [name, identifier].some((value) => value.toLowerCase().includes(text.toLowerCase()))
}

function agreementReads(
  requests: Requests,
): Pick<Part, 'agreements' | 'agreement' | 'agreementsByIds' | 'agreementsOfCompanies'> {
  const where = async (conditions: string) =>
    listed(
      await requests.all(
        '/finance/agreements',
        kinds.agreements,
        (api, page) => api.FinanceAPI.getFinanceAgreements(page),
        { conditions, fields: fields.agreement },
      ),
    )
  const among = async (field: string, ids: readonly number[]): Promise<Listed<AgreementRecord>> => {
    const condition = (batch: readonly number[]) => amongIds(field, batch)
    const parts = batches([...new Set(ids)], { most: agreementsPerRequest, longest: 1_200 }, condition)
    const found = await Promise.all(parts.map((batch) => where(condition(batch))))
    return {
      records: found.flatMap(({ records }) => records),
      unreadable: found.flatMap(({ unreadable }) => unreadable),
    }
  }
  return {
    agreements: (companyId) => where(`company/id = ${companyId}`),
    agreement: (id) =>
      requests.maybe({ method: 'GET', path: `/finance/agreements/${id}` }, kinds.agreements, (api) =>
        api.FinanceAPI.getFinanceAgreementsById(id, { fields: fields.agreement }),
      ),
    agreementsByIds: (ids) => among('id', ids),
    agreementsOfCompanies: (companyIds) => among('company/id', companyIds),
  }
}

type AdditionPart = Pick<
  Part,
  'additions' | 'invoiceTimes' | 'createAddition' | 'patchAddition' | 'deleteAddition'
>

function additionCalls(requests: Requests): AdditionPart {
  const path = (agreementId: number, id?: number) =>
    `/finance/agreements/${agreementId}/additions${id === undefined ? '' : `/${id}`}`
  return {
    async additions(agreementId) {
      const { records, odd } = await requests.all(
        path(agreementId),
        kinds.listedAdditions,
        (api, page) => api.FinanceAPI.getFinanceAgreementsByParentIdAdditions(agreementId, page),
        { fields: fields.addition },
      )
      return {
        additions: records.map(({ addition }) => addition),
        unreadable: odd.map(unreadableAddition),
        changedAt: new Map(
          records.flatMap(({ id, changedAt }) => (changedAt === null ? [] : [[id, changedAt] as const])),
        ),
      }
    },
    async invoiceTimes(agreementId, count) {
      const asked = {
        conditions: `agreement/id = ${agreementId} and type = 'Agreement'`,
        orderBy: 'id desc',
        pageSize: count,
        fields: fields.invoice,
      }
      try {
        const rows = await requests.rows({ method: 'GET', path: '/finance/invoices' }, (api) =>
          api.FinanceAPI.getFinanceInvoices(asked),
        )
        return readList(kinds.invoices, rows).records.map(({ madeAt }) => madeAt)
      } catch (error) {
        if (
          error instanceof ConnectWiseError &&
          inferred.probes.refused.some((each) => each === error.status)
        )
          return []
        throw error
      }
    },
    createAddition(agreementId, draft) {
      // The library's types are of an older model (2022.1); the body is ours.
      const body = additionBody(draft) as unknown as Manage.FinanceAPITypes.Addition
      return requests.one({ method: 'POST', path: path(agreementId) }, kinds.additions, (api) =>
        api.FinanceAPI.postFinanceAgreementsByParentIdAdditions(agreementId, body),
      )
    },
    patchAddition(agreementId, id, set) {
      // The library's type of an operation takes objects only as its value.
      const operations = additionPatch(set) as unknown as LibraryOperations
      return requests.one({ method: 'PATCH', path: path(agreementId, id) }, kinds.additions, (api) =>
        api.FinanceAPI.patchFinanceAgreementsByParentIdAdditionsById(id, agreementId, operations),
      )
    },
    deleteAddition: (agreementId, id) =>
      requests.done({ method: 'DELETE', path: path(agreementId, id) }, (api) =>
        api.FinanceAPI.deleteFinanceAgreementsByParentIdAdditionsById(id, agreementId),
      ),
  }
}

/** What can be said of an addition that cannot be read: whose it may be, and whether it is over. */
function unreadableAddition(odd: OddRecord): UnreadableAddition {
  const { id, record, reason } = odd
  const read =
    <S extends z.ZodType>(schema: S, of: (row: Record<string, unknown>) => unknown) =>
    (row: object) =>
      schema.safeParse(of(row as Record<string, unknown>)).data ?? null
  return {
    id,
    record,
    reason,
    serialNumber: agreedOn(
      odd,
      read(keyOf, (row) => row['serialNumber']),
    ),
    catalogItemId: agreedOn(
      odd,
      read(
        z.object({ id: idOf }).transform((product) => product.id),
        (row) => row['product'],
      ),
    ),
    cancelledDate: agreedOn(
      odd,
      read(day, (row) => row['cancelledDate']),
    ),
  }
}
