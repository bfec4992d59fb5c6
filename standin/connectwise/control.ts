import type { Clock } from '../http/clock.ts'
import { json, noContent, ReplyError } from '../http/reply.ts'
import type { Router } from '../http/router.ts'
import { areas, levels } from './areas.ts'
import type { Callbacks } from './callbacks.ts'
import { changeLastInvoice, deleteLastInvoice, invoicesOf, issueInvoice, issueProrated } from './invoices.ts'
import { resources } from './resources.ts'
import { type Role } from './roles.ts'
import { offerScreens } from './screens.ts'
import type { StaleReads } from './stale-reads.ts'
import { readStaleness } from './stale-reads.ts'
import type { Snapshot, Store } from './store.ts'
import type { UnknownSwitches } from './unknowns.ts'

export interface Controls {
  readonly store: Store
  readonly clock: Clock
  readonly role: Role
  readonly callbacks: Callbacks
  readonly staleReads: StaleReads
  readonly unknowns: UnknownSwitches
}

const collections = [...new Set(resources.map(({ collection }) => collection))]

/** ConnectWise's own control calls: what a person does in its finance and security screens. */
export function addControl(
  router: Router,
  { store, clock, role, callbacks, staleReads, unknowns }: Controls,
): void {
  const roleNow = () => json({ denied: role.denied(), areas, levels })
  router
    .on('POST', '/control/agreements/:id/invoice', (_, { id }) =>
      json(issueInvoice(store, Number(id), clock.today(), unknowns.now()), 201),
    )
    .on('POST', '/control/agreements/:id/invoice-prorated', (_, { id }) =>
      json(issueProrated(store, Number(id), clock.today()), 201),
    )
    .on('GET', '/control/agreements/:id/invoices', (_, { id }) => json(invoicesOf(store, Number(id))))
    .on('DELETE', '/control/agreements/:id/invoices/last', (_, { id }) =>
      json(deleteLastInvoice(store, Number(id))),
    )
    .on('PATCH', '/control/agreements/:id/invoices/last', (incoming, { id }) =>
      json(changeLastInvoice(store, Number(id), incoming.json() as { by?: number; without?: number })),
    )
    .on('GET', '/control/snapshot', () => json(store.snapshot()))
    .on('PUT', '/control/snapshot', (incoming) => {
      store.restore(readSnapshot(incoming.json()))
      offerScreens(store, unknowns.now())
      // What was not seen yet of the records before is not missing from these.
      staleReads.set(staleReads.now())
      return noContent
    })
    .on('GET', '/control/callbacks', () => json(callbacks.deliveries))
    .on('GET', '/control/stale-reads', () => json(staleReads.now()))
    .on('PUT', '/control/stale-reads', (incoming) => {
      staleReads.set(readStaleness(incoming.json(), collections))
      return json(staleReads.now())
    })
    .on('GET', '/control/unknowns', () => json(unknowns.now()))
    .on('PUT', '/control/unknowns', (incoming) => {
      unknowns.set(incoming.json())
      offerScreens(store, unknowns.now())
      return json(unknowns.now())
    })
    .on('GET', '/control/role', roleNow)
    .on('PUT', '/control/role', (incoming) => {
      const { denied } = incoming.json() as { denied?: unknown }
      if (!Array.isArray(denied))
        throw new ReplyError(json({ message: 'denied is a list of permissions.' }, 400))
      role.deny(denied)
      return roleNow()
    })
}

function readSnapshot(body: unknown): Snapshot {
  const lists = ['collections', 'highest', 'billed', 'invoices']
  const fields = (body ?? {}) as Record<string, unknown>
  if (lists.every((name) => Array.isArray(fields[name]))) return body as Snapshot
  throw new ReplyError(json({ message: 'A snapshot is what GET /control/snapshot answers.' }, 400))
}
