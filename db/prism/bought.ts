/** What PRISM lists for each tenant: by which the additions of a company are told to be its (J7). */
import { and, eq } from 'drizzle-orm'
import { type SkuKey, type SubscriptionKey, skuKey } from '#lib/billing/keys.ts'
import type { Database } from '../client.ts'
import { prismSubscriptions } from './tables.ts'

export interface BoughtSubscription {
  readonly subscription: SubscriptionKey
  /** Its ProductId; `''` of one that PRISM lists no more. */
  readonly product: SkuKey
  readonly quantity: number
}

/** Of all tenants of a program, by their ids, subscriptions in the order of theirs. */
export const boughtByTenants = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<ReadonlyMap<string, readonly BoughtSubscription[]>> => {
  const rows = await db
    .select({
      id: prismSubscriptions.id,
      tenantId: prismSubscriptions.tenantId,
      productId: prismSubscriptions.productId,
      quantity: prismSubscriptions.listedQuantity,
      current: prismSubscriptions.current,
    })
    .from(prismSubscriptions)
    .where(
      and(eq(prismSubscriptions.organisationId, organisationId), eq(prismSubscriptions.program, program)),
    )
    .orderBy(prismSubscriptions.id)
  const found = new Map<string, BoughtSubscription[]>()
  for (const { id, tenantId, productId, quantity, current } of rows) {
    const isListed = current && quantity !== null
    const each = {
      subscription: id,
      product: skuKey(isListed ? productId : ''),
      quantity: isListed ? Number(quantity) : 0,
    }
    const known = found.get(tenantId)
    if (known === undefined) found.set(tenantId, [each])
    else known.push(each)
  }
  return found
}
