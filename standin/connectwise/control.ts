import type { Clock } from '../http/clock.ts'
import { json } from '../http/reply.ts'
import type { Router } from '../http/router.ts'
import { deleteLastInvoice, invoicesOf, issueInvoice } from './invoices.ts'
import type { Store } from './store.ts'

/** ConnectWise's own control calls: what a person does in its finance screens. */
export function addControl(router: Router, { store, clock }: { store: Store; clock: Clock }): void {
  router
    .on('POST', '/control/agreements/:id/invoice', (_, { id }) =>
      json(issueInvoice(store, Number(id), clock.today()), 201),
    )
    .on('GET', '/control/agreements/:id/invoices', (_, { id }) => json(invoicesOf(store, Number(id))))
    .on('DELETE', '/control/agreements/:id/invoices/last', (_, { id }) =>
      json(deleteLastInvoice(store, Number(id))),
    )
}
