/** Companies, agreements and their additions. */
import type { Manage } from 'connectwise-rest'
import { additionSchema, agreementSchema, companySchema, fields } from './api-types.ts'
import { amongIds, batches, isQuotable, wider } from './conditions.ts'
import { additionBody, additionPatch, toAddition, toAgreement, toCompany } from './mapper.ts'
import type { Requests } from './requests.ts'
import type { LibraryOperations } from './transport.ts'
import type { Company, ConnectWiseClient } from './values.ts'

type Part = Pick<
  ConnectWiseClient,
  | 'companies'
  | 'company'
  | 'agreements'
  | 'agreement'
  | 'agreementsByIds'
  | 'additions'
  | 'createAddition'
  | 'patchAddition'
  | 'deleteAddition'
>

/** Companies shown by one search. */
const mostCompanies = 100
const agreementsPerRequest = 100

export function agreementCalls(requests: Requests): Part {
  return { ...companyCalls(requests), ...agreementReads(requests), ...additionCalls(requests) }
}

function companyCalls(requests: Requests): Pick<Part, 'companies' | 'company'> {
  return {
    async companies(search) {
      const text = search.trim()
      const conditions = ['deletedFlag = false', ...searchConditions(text)].join(' and ')
      const parameters = { conditions, orderBy: 'name asc', fields: fields.company, pageSize: mostCompanies }
      const found = await requests.one(
        { method: 'GET', path: '/company/companies' },
        companySchema.array(),
        (rows) => rows.map(toCompany),
        (api) => api.CompanyAPI.getCompanyCompanies(parameters),
      )
      return isQuotable(text) ? found : found.filter((company) => containsText(company, text))
    },
    company: (id) =>
      requests.maybe({ method: 'GET', path: `/company/companies/${id}` }, companySchema, toCompany, (api) =>
        api.CompanyAPI.getCompanyCompaniesById(id, { fields: fields.company }),
      ),
  }
}

function searchConditions(text: string): string[] {
  if (text === '') return []
  const like = (field: string) => (isQuotable(text) ? `${field} like "%${text}%"` : wider(field, text))
  const either = [like('name'), like('identifier')].filter((condition) => condition !== '')
  return either.length === 0 ? [] : [`(${either.join(' or ')})`]
}

function containsText({ name, identifier }: Company, text: string): boolean {
  return [name, identifier].some((value) => value.toLowerCase().includes(text.toLowerCase()))
}

function agreementReads(requests: Requests): Pick<Part, 'agreements' | 'agreement' | 'agreementsByIds'> {
  const where = (conditions: string) =>
    requests.all(
      '/finance/agreements',
      agreementSchema,
      toAgreement,
      (api, page) => api.FinanceAPI.getFinanceAgreements(page),
      { conditions, fields: fields.agreement },
    )
  return {
    agreements: (companyId) => where(`company/id = ${companyId}`),
    agreement: (id) =>
      requests.maybe(
        { method: 'GET', path: `/finance/agreements/${id}` },
        agreementSchema,
        toAgreement,
        (api) => api.FinanceAPI.getFinanceAgreementsById(id, { fields: fields.agreement }),
      ),
    async agreementsByIds(ids) {
      const condition = (batch: readonly number[]) => amongIds('id', batch)
      const parts = batches([...new Set(ids)], { most: agreementsPerRequest, longest: 1_200 }, condition)
      return (await Promise.all(parts.map((batch) => where(condition(batch))))).flat()
    },
  }
}

type AdditionPart = Pick<Part, 'additions' | 'createAddition' | 'patchAddition' | 'deleteAddition'>

function additionCalls(requests: Requests): AdditionPart {
  const path = (agreementId: number, id?: number) =>
    `/finance/agreements/${agreementId}/additions${id === undefined ? '' : `/${id}`}`
  return {
    additions: (agreementId) =>
      requests.all(
        path(agreementId),
        additionSchema,
        toAddition,
        (api, page) => api.FinanceAPI.getFinanceAgreementsByParentIdAdditions(agreementId, page),
        { fields: fields.addition },
      ),
    createAddition(agreementId, draft) {
      // The library's types are of an older model (2022.1); the body is ours.
      const body = additionBody(draft) as unknown as Manage.FinanceAPITypes.Addition
      return requests.one({ method: 'POST', path: path(agreementId) }, additionSchema, toAddition, (api) =>
        api.FinanceAPI.postFinanceAgreementsByParentIdAdditions(agreementId, body),
      )
    },
    patchAddition(agreementId, id, set) {
      // The library's type of an operation takes objects only as its value.
      const operations = additionPatch(set) as unknown as LibraryOperations
      return requests.one(
        { method: 'PATCH', path: path(agreementId, id) },
        additionSchema,
        toAddition,
        (api) => api.FinanceAPI.patchFinanceAgreementsByParentIdAdditionsById(id, agreementId, operations),
      )
    },
    deleteAddition: (agreementId, id) =>
      requests.done({ method: 'DELETE', path: path(agreementId, id) }, (api) =>
        api.FinanceAPI.deleteFinanceAgreementsByParentIdAdditionsById(id, agreementId),
      ),
  }
}
