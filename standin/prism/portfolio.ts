/**
 * A partner's tenants with what happened to their subscriptions, read one tenant at a time: a seed may hold them in
 * lists, or invent each one when it is asked for. The same question has the same answer each time.
 */
import type { History, Tenant } from './history.ts'

export interface Portfolio {
  /** How many tenants there are. */
  readonly size: number
  /** Each tenant once, in the same order each time. */
  readonly tenants: () => Iterable<Tenant>
  /** Ids are compared without case, as PRISM's are. */
  readonly tenant: (tenantId: string) => Tenant | undefined
  /** All histories of a tenant; none where there is no such tenant. */
  readonly histories: (tenantId: string) => readonly History[]
  readonly tenantOf: (subscriptionId: string) => Tenant | undefined
}

/** A portfolio of lists. Throws where a history's tenant is missing or a tenant is there twice. */
export function listed(tenants: readonly Tenant[], histories: readonly History[]): Portfolio {
  const byId = new Map(tenants.map((tenant) => [key(tenant.tenantId), tenant]))
  if (byId.size !== tenants.length) throw new Error('A tenant is in the list twice')
  const byTenant = Map.groupBy(histories, (history) => key(history.tenantId))
  const bySubscription = new Map<string, Tenant>()
  for (const history of histories) {
    const tenant = byId.get(key(history.tenantId))
    if (tenant === undefined) throw new Error(`No tenant ${history.tenantId}`)
    bySubscription.set(key(history.subscriptionId), tenant)
  }
  return {
    size: tenants.length,
    tenants: () => tenants,
    tenant: (tenantId) => byId.get(key(tenantId)),
    histories: (tenantId) => byTenant.get(key(tenantId)) ?? [],
    tenantOf: (subscriptionId) => bySubscription.get(key(subscriptionId)),
  }
}

function key(id: string): string {
  return id.toLowerCase()
}
