/** Agreements and their additions. */
import type { Manage } from 'connectwise-rest'
import { z } from 'zod'
import type { UnreadableAddition } from '#lib/billing/types.ts'
import { fields } from './api-types.ts'
import { day, id as idOf, key as keyOf } from './api-values.ts'
import { amongIds, batches } from './conditions.ts'
import { isDenied } from './denied.ts'
import { agreedOn, namesOf, type OddRecord, type ReadList, readList } from './lists.ts'
import { additionBody, additionPatch } from './mapper.ts'
import * as kinds from './record-kinds.ts'
import type { Requests } from './requests.ts'
import type { LibraryOperations } from './transport.ts'
import type { AgreementRecord, ConnectWiseClient, Listed } from './values.ts'

type Part = Pick<
  ConnectWiseClient,
  | 'agreements'
  | 'agreement'
  | 'everyAgreement'
  | 'agreementsByIds'
  | 'agreementsOfCompanies'
  | 'additions'
  | 'invoiceTimes'
  | 'createAddition'
  | 'patchAddition'
  | 'deleteAddition'
>

const agreementsPerRequest = 100

export function agreementCalls(requests: Requests): Part {
  return { ...agreementReads(requests), ...additionCalls(requests) }
}

const listed = <T>({ records, odd }: ReadList<T>): Listed<T> => ({ records, unreadable: namesOf(odd) })

function agreementReads(
  requests: Requests,
): Pick<Part, 'agreements' | 'agreement' | 'everyAgreement' | 'agreementsByIds' | 'agreementsOfCompanies'> {
  const where = async (conditions: string) =>
    listed(
      await requests.all(
        '/finance/agreements',
        kinds.agreements,
        (api, page) => api.FinanceAPI.getFinanceAgreements(page),
        { conditions, fields: fields.agreement },
      ),
    )
  const inBatches = async (field: string, ids: readonly number[]): Promise<Listed<AgreementRecord>> => {
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
    everyAgreement: () => where('cancelledFlag = false'),
    agreementsByIds: (ids) => inBatches('id', ids),
    agreementsOfCompanies: (companyIds) => inBatches('company/id', companyIds),
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
        if (isDenied(error)) return []
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
