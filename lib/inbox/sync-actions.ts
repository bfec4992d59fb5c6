/** Syncs that mend what waits. */
import { action, customer } from './actions.ts'
import type { ItemAction } from './item.ts'

export const sync = (program: string, tenantId: string): ItemAction =>
  action({
    id: 'sync',
    text: 'Sync again',
    endpoint: `POST ${customer}/sync`,
    path: { program, tenantId },
  })

/** Of all agreements that a cause is open of. @param whyNot left out: it can be asked for */
export const syncCause = (program: string, cause: string, whyNot?: string): ItemAction =>
  action({
    id: 'sync',
    text: 'Sync again',
    endpoint: 'POST /api/programs/{program}/customers/sync',
    path: { program },
    body: { cause },
    ...(whyNot === undefined ? {} : { whyNot }),
  })

/** Of annual invoices. */
export const syncOneTime = (program: string, agreementId: number): ItemAction =>
  action({
    id: 'sync',
    text: 'Sync again',
    endpoint: 'POST /api/programs/{program}/agreements/{agreementId}/sync',
    path: { program, agreementId },
  })

export const syncProducts = (program: string): ItemAction =>
  action({
    id: 'sync-products',
    text: 'Sync products again',
    endpoint: 'POST /api/programs/{program}/products/sync',
    path: { program },
  })
