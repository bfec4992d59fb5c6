/** What finance answers beside lists and records: the forecast's parameters, an invoice's info and its paper. */
import { json } from '../http/reply.ts'
import type { Handler, Router } from '../http/router.ts'
import type { ApiContext } from './context.ts'
import { notFound } from './errors.ts'
import type { Collection } from './fields.ts'
import { recurringParameters } from './forecast.ts'
import { invoiceInfo, invoicePdf } from './invoice-answers.ts'
import type { Row } from './records.ts'
import { tableOf } from './resources.ts'
import { type ShowContext, show } from './show.ts'
import type { Invoice } from './store.ts'

export function addFinanceRoutes(
  router: Router,
  base: string,
  context: ApiContext,
  seenBy: (...from: Parameters<Handler>) => ShowContext,
): void {
  const { store, clock, role, unknowns } = context
  const on = (pattern: string, collection: Collection, handle: Handler) =>
    router.on('GET', base + pattern, (incoming, params) => {
      role.require(collection, 'Inquire')
      return handle(incoming, params)
    })
  const invoiceOf = (id: string | undefined): { invoice: Invoice; agreement: Row; header: Row } => {
    const invoice = store.invoices.find((one) => String(one.id) === id)
    const agreement = store.get('agreements', invoice?.agreementId ?? -1)
    const header = store.get('invoices', invoice?.id ?? -1)
    if (!invoice || !agreement || !header) throw notFound(`invoice ${id}`)
    return { invoice, agreement, header }
  }

  on('/finance/agreements/:id/recurringParameters/:podId', 'agreements', (_, { id }) => {
    const agreement = store.get('agreements', Number(id))
    if (agreement === undefined) throw notFound(`agreement ${id}`)
    return json(recurringParameters(agreement, { store, today: clock.today(), unknowns: unknowns.now() }))
  })
  on('/finance/info/invoice/:id', 'invoices', (incoming, params) => {
    const { invoice, agreement, header } = invoiceOf(params.id)
    const shown = show(tableOf('invoices'), header, seenBy(incoming, params))
    return json(invoiceInfo(invoice, agreement, shown, store, unknowns.now()))
  })
  on('/finance/invoices/:id/pdf', 'invoices', (_, { id }) => {
    const { invoice, agreement } = invoiceOf(id)
    const headers = {
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="${invoice.number}.pdf"`,
    }
    return { status: 200, headers, body: invoicePdf(invoice, agreement, store) }
  })
}
