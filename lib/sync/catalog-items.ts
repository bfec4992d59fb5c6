/** Catalog items that a plan needs first (D2, D7, D8). */
import type { CreateCatalogItemChange } from '#lib/billing/types.ts'
import { checkSetup } from '#lib/connectwise/setup-ids.ts'
import { createOnce } from '#lib/ledger/create-once.ts'
import { productFailure } from '#lib/ledger/findings.ts'
import { noteCreation, type Writing } from '#lib/ledger/write.ts'

/**
 * Creates one, unless another sync did, or the catalog has one by now: what the plan was made from may be a minute old, and a
 * second item of a SKU makes the product ambiguous for good (D6). The ledger says what came of it.
 * @param position of the change in its round's plan
 * @returns the item's id; `null` where it could not be created, `unknown` where ConnectWise gave no answer
 */
export const createCatalogItem = async (
  writing: Writing,
  position: number,
  change: CreateCatalogItemChange,
): Promise<number | null | 'unknown'> => {
  const { connectWise } = writing.ctx
  const failed = async (message: string): Promise<null> => {
    await noteCreation(writing, position, change, { message })
    return null
  }
  const { items, unreadable } = await connectWise.catalogByVendorSku([change.sku])
  const [item, ...others] = items
  if (item !== undefined && others.length === 0 && !item.inactive && unreadable.length === 0) {
    await noteCreation(writing, position, change, { catalogItem: item })
    return item.id
  }
  if (item !== undefined || unreadable.length > 0)
    return failed(productFailure('the catalog has got one meanwhile that cannot be used'))
  const setup = checkSetup(await connectWise.setupRecords(change), change)
  if (!setup.usable) return failed(setup.message)
  const written = await createOnce(writing, position, change, () =>
    connectWise.createCatalogItem(change, setup.ids),
  )
  switch (written.outcome) {
    case 'done':
      return written.result.id
    case 'kept':
      await noteCreation(writing, position, change, { catalogItem: written.item })
      return written.item.id
    case 'open':
      return failed(productFailure('another sync is creating it and has no answer yet'))
    case 'refused':
      return null
    case 'unknown':
      return 'unknown'
  }
}
