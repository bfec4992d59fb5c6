/** The answers to what waits for a One-Time agreement (J9). Pure. */
import { action, customer } from './actions.ts'
import type { ItemAction } from './item.ts'

/** The One-Time agreement of a customer, one of its company's (J9). */
export const mapOneTime = (
  program: string,
  { tenantId, companyId }: { readonly tenantId: string; readonly companyId: number },
): ItemAction =>
  action({
    id: 'map-one-time',
    text: 'Choose the agreement',
    endpoint: `PUT ${customer}/one-time-mapping`,
    path: { program, tenantId },
    body: { companyId, syncEnabled: true },
    choose: { field: 'agreementId', from: 'one-time-agreements' },
    decides: true,
  })

export const switchOneTimeOn = (
  program: string,
  of: { readonly tenantId: string; readonly companyId: number; readonly agreementId: number },
): ItemAction =>
  action({
    id: 'sync-one-time',
    text: 'Switch Sync on',
    endpoint: `PUT ${customer}/one-time-mapping`,
    path: { program, tenantId: of.tenantId },
    body: { companyId: of.companyId, agreementId: of.agreementId, syncEnabled: true },
    decides: true,
  })
