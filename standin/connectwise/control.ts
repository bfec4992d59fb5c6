import type { Clock } from '../http/clock.ts'
import { json, ReplyError } from '../http/reply.ts'
import type { Router } from '../http/router.ts'
import type { Callbacks } from './callbacks.ts'
import { deleteLastInvoice, invoicesOf, issueInvoice, issueProrated } from './invoices.ts'
import { areas, levels, type Role } from './roles.ts'
import type { Store } from './store.ts'

export interface Controls {
  readonly store: Store
  readonly clock: Clock
  readonly role: Role
  readonly callbacks: Callbacks
}

/** ConnectWise's own control calls: what a person does in its finance and security screens. */
export function addControl(router: Router, { store, clock, role, callbacks }: Controls): void {
  const roleNow = () => json({ denied: role.denied(), areas, levels })
  router
    .on('POST', '/control/agreements/:id/invoice', (_, { id }) =>
      json(issueInvoice(store, Number(id), clock.today()), 201),
    )
    .on('POST', '/control/agreements/:id/invoice-prorated', (_, { id }) =>
      json(issueProrated(store, Number(id), clock.today()), 201),
    )
    .on('GET', '/control/agreements/:id/invoices', (_, { id }) => json(invoicesOf(store, Number(id))))
    .on('DELETE', '/control/agreements/:id/invoices/last', (_, { id }) =>
      json(deleteLastInvoice(store, Number(id))),
    )
    .on('GET', '/control/callbacks', () => json(callbacks.deliveries))
    .on('GET', '/control/role', roleNow)
    .on('PUT', '/control/role', (incoming) => {
      const { denied } = incoming.json() as { denied?: unknown }
      if (!Array.isArray(denied))
        throw new ReplyError(json({ message: 'denied is a list of permissions.' }, 400))
      role.deny(denied)
      return roleNow()
    })
}
