/**
 * Creating a catalog item only once, whoever needs it: ConnectWise takes a second item of the same Vendor SKU without a word,
 * and the product is ambiguous from then on (D6). Agreements are synced side by side, and the product sync beside them.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { creationOfItem } from '#db/ledger/created-items.ts'
import { releaseLease, takeLease } from '#db/ledger/leases.ts'
import { skuKey } from '#lib/billing/keys.ts'
import type { CatalogItem, CreateCatalogItemChange } from '#lib/billing/types.ts'
import type { CatalogRecord } from '#lib/connectwise/values.ts'
import { isItemShown, patienceMs } from './shown.ts'
import { type Writing, type Written, writeCatalogItem } from './write.ts'

const POLL_MS = 100
/** As many request timeouts as it may take another sync to learn what became of an unanswered creation, and some. */
const PATIENCE = 8

export type CreatedOnce =
  | Written<CatalogRecord>
  | { readonly outcome: 'kept'; readonly item: CatalogItem }
  /** Another sync does not know yet whether it has created the item. */
  | { readonly outcome: 'open' }

/**
 * Creates the item through `create`, or gives the one (`kept`) that another sync has created since this one began. An entry
 * of the ledger that is not settled holds everybody else back. @param position of the change in its round's plan
 */
export async function createOnce(
  writing: Writing,
  position: number | null,
  change: CreateCatalogItemChange,
  create: () => Promise<CatalogRecord>,
): Promise<CreatedOnce> {
  const { ctx, lease } = writing
  const { db, organisationId, program, settings } = ctx
  const resource = `${program.slug}/product/${skuKey(change.sku)}`
  const until = performance.now() + PATIENCE * settings.connectWiseTimeoutMs
  do {
    const key = { resource, token: randomUUID(), durationMs: 3 * settings.connectWiseTimeoutMs }
    if (await takeLease(db, organisationId, { ...key, holder: lease.resource })) {
      try {
        const since = { mark: lease.mark, unseenMs: 0 }
        const known = await creationOfItem(db, organisationId, program.slug, change.sku, since)
        if (known.item !== null) return { outcome: 'kept', item: known.item }
        if (!known.isOpen) {
          const unseen = await createdUnseen(writing, change.sku)
          if (unseen !== null) return { outcome: 'kept', item: unseen }
          return await writeCatalogItem(writing, position, change, create)
        }
      } finally {
        await releaseLease(db, organisationId, key)
      }
    }
    await wait(POLL_MS)
  } while (performance.now() < until)
  return { outcome: 'open' }
}

/**
 * The item of a sync that ended just before this one began, which the catalog may not have shown yet; `null` where there was
 * none, or it does not come to be seen: then somebody has deleted it since.
 */
const createdUnseen = async ({ ctx, lease }: Writing, sku: string): Promise<CatalogItem | null> => {
  const since = { mark: lease.mark, unseenMs: patienceMs(ctx) }
  const { item } = await creationOfItem(ctx.db, ctx.organisationId, ctx.program.slug, sku, since)
  return item !== null && (await isItemShown(ctx, item.id)) ? item : null
}
