/** The rules of catalog items beyond their table. */
import { invalidObject } from './errors.ts'
import * as inferred from './inferred.ts'
import { referenceId } from './show.ts'
import type { Store } from './store.ts'
import type { Draft } from './write.ts'

/** An item's category is its sub-category's. Throws the 400 where the client names another. */
export function completeCatalogItem(draft: Draft, store: Store): Draft {
  const subcategory = store.get('subcategories', referenceId(draft.subcategory) ?? -1)
  const category = referenceId(subcategory?.category)
  if (subcategory === undefined || category === null) return draft
  const named = referenceId(draft.category)
  if (named === null || named === category) return { ...draft, category: { id: category } }
  const message = inferred.foreignSubcategory(subcategory.id, named)
  throw invalidObject('catalogItem', [
    { code: 'NotFound', message, resource: 'catalogItem', field: 'subcategory/id' },
  ])
}
