/** What ConnectWise says that it invoiced and is going to invoice (docs/facts/connectwise.md, "Forecast" and "What was invoiced"). */
import { z } from 'zod'
import type { Money } from '#lib/billing/types.ts'
import { decimal, id as idOf, maybeDecimal } from './api-values.ts'
import { isDenied } from './denied.ts'
import * as inferred from './inferred.ts'
import { namesOf, type OddRecord, readList } from './lists.ts'
import * as kinds from './record-kinds.ts'
import type { Requests } from './requests.ts'
import type { ConnectWiseClient, InvoiceHeader, InvoiceProduct, NextInvoice } from './values.ts'

type Part = Pick<
  ConnectWiseClient,
  'newInvoices' | 'invoicesOfAgreement' | 'invoiceProducts' | 'forecasts' | 'forecast' | 'nextInvoice'
>

const perPage = 1_000
/** Of them the first look at an instance reads no more; later ones read what came since. */
const mostPages = 20
const path = '/finance/invoices'
const fields = 'id,invoiceNumber,agreement/id,date,agreementAmount,productTotal,subtotal,_info/dateEntered'
const ofAgreements = "type = 'Agreement'"

export function invoiceCalls(requests: Requests): Part {
  const headers = async (asked: { conditions: string; pageSize: number; page?: number }) => {
    const rows = await requests.rows({ method: 'GET', path }, (api) =>
      api.FinanceAPI.getFinanceInvoices({ ...asked, orderBy: 'id desc', fields }),
    )
    return { count: rows.length, ...readList(kinds.invoiceHeaders, rows) }
  }
  return {
    newInvoices: ({ after, since }) =>
      unlessDenied(async () => {
        const records: InvoiceHeader[] = []
        const odd: OddRecord[] = []
        for (let page = 1; page <= mostPages; page += 1) {
          const read = await headers({
            conditions: `${ofAgreements} and id > ${after}`,
            pageSize: perPage,
            page,
          })
          records.push(...read.records)
          odd.push(...read.odd)
          const oldest = read.records.at(-1)?.date ?? null
          if (read.count < perPage || (oldest !== null && oldest < since)) break
        }
        return { records, unreadable: namesOf(odd) }
      }),
    invoicesOfAgreement: (agreementId, count) =>
      unlessDenied(async () => {
        const conditions = `agreement/id = ${agreementId} and ${ofAgreements}`
        const { records, odd } = await headers({ conditions, pageSize: count })
        return { records, unreadable: namesOf(odd) }
      }),
    async invoiceProducts(invoiceId) {
      const called = { method: 'GET', path: `/finance/info/invoice/${invoiceId}` } as const
      const { products } = await requests.other(called, infoSchema, (api) =>
        api.FinanceAPI.getFinanceInfoInvoiceById(invoiceId),
      )
      return products === null || products.length === 0 ? null : products
    },
    async forecasts() {
      // The slash at the end is part of the path.
      const list = '/finance/agreementrecap/'
      const { records, odd } = await requests.all(list, kinds.forecasts, (api, params) =>
        api.FinanceAPI.request({ path: list, method: 'get', params: { ...params } }),
      )
      return { records, unreadable: namesOf(odd) }
    },
    forecast(agreementId) {
      const one = `/finance/agreementrecap/${agreementId}`
      return requests.maybe({ method: 'GET', path: one }, kinds.forecasts, (api) =>
        api.FinanceAPI.request({ path: one, method: 'get', params: {} }),
      )
    },
    nextInvoice(agreementId) {
      const one = `/finance/agreements/${agreementId}/recurringParameters/${inferred.anyPodId}`
      return requests.other({ method: 'GET', path: one }, parametersSchema, (api) =>
        api.FinanceAPI.request({ path: one, method: 'get', params: {} }),
      )
    },
  }
}

const unlessDenied = async <T>(read: () => Promise<T>): Promise<T | null> => {
  try {
    return await read()
  } catch (error) {
    if (isDenied(error)) return null
    throw error
  }
}

const productSchema = z
  .object({
    catalogItem: z.object({ id: idOf }),
    quantity: decimal,
    price: decimal,
  })
  .transform(
    ({ catalogItem, quantity, price }): InvoiceProduct => ({
      catalogItemId: catalogItem.id,
      quantity,
      unitPrice: price as Money,
    }),
  )

/** Products that cannot be understood tell nothing: the invoice is then taken to show none. */
const infoSchema = z.object({
  products: z
    .array(productSchema)
    .nullish()
    .catch(null)
    .transform((all) => all ?? null),
})

const parametersSchema = z
  .object({ additionsAmount: maybeDecimal, aGRAmount: maybeDecimal, childrenAmount: maybeDecimal })
  .transform(
    ({ additionsAmount, aGRAmount, childrenAmount }): NextInvoice => ({
      additions: additionsAmount as Money | null,
      own: aGRAmount as Money | null,
      children: childrenAmount as Money | null,
    }),
  )
