/** The price list against the catalog: what every product needs (D1-D6). */
import { decimal } from '#lib/billing/decimal.ts'
import { skuKey } from '#lib/billing/keys.ts'
import { cutName, newCatalogItem } from '#lib/billing/products.ts'
import type { Money, Product, UnreadableItem } from '#lib/billing/types.ts'
import { itemsNaming } from './naming-items.ts'
import type {
  CatalogEntry,
  PlannedProduct,
  ProductChange,
  ProductPlan,
  ProductSituation,
  ProductState,
} from './types.ts'

export function planProducts(situation: ProductSituation): ProductPlan {
  const itemsBySku = grouped(
    situation.catalog.filter(({ vendorSku }) => skuKey(vendorSku) !== ''),
    ({ vendorSku }) => skuKey(vendorSku),
  )
  const naming = itemsNaming(situation.catalog)
  const bySku = grouped(situation.products, ({ sku }) => skuKey(sku))
  const wanted = [...bySku.values()].map((listed) => distinctOf(listed))
  const byCutName = grouped(wanted, ({ product }) => cutName(product.name))
  const products = wanted
    .map(({ product, isContradictory }) => {
      const linked = itemsBySku.get(skuKey(product.sku)) ?? []
      const inUse = situation.inUse.has(skuKey(product.sku))
      const unlinked = isContradictory ? 'contradictory' : stateOf(product, linked, inUse, situation.mode)
      const claiming = unlinked === 'create' ? (naming.get(skuKey(product.sku)) ?? []) : []
      const judged = claiming.length === 0 ? unlinked : claimOf(claiming)
      const items = claiming.length === 0 ? linked : [...claiming]
      const unreadable = unreadableOf(product, judged, situation.unreadable ?? [])
      const state = unreadable === null ? judged : 'unreadable'
      return {
        sku: product.sku,
        name: product.name,
        unitCost: product.unitCost,
        unitPrice: product.unitPrice,
        state,
        inUse,
        items,
        unreadable,
        change: changeOf(state, product, items[0], situation),
        sameWhenCut: othersOf(product, byCutName.get(cutName(product.name)) ?? []),
      } satisfies PlannedProduct
    })
    .sort((a, b) => (a.sku < b.sku ? -1 : a.sku > b.sku ? 1 : 0))
  return { products, counts: countStates(products) }
}

function stateOf(
  product: Product,
  items: readonly CatalogEntry[],
  inUse: boolean,
  mode: ProductSituation['mode'],
): ProductState {
  const [item, ...others] = items
  if (others.length > 0) return 'ambiguous'
  if (!product.current) return item === undefined ? 'retired-missing' : 'retired'
  if (item === undefined) return mode === 'all' || inUse ? 'create' : 'not-in-use'
  return isSame(item.unitCost, product.unitCost) && isSame(item.unitPrice, product.unitPrice)
    ? 'same'
    : 'change'
}

/** One item that is in use is taken over in place of a second one beside it. */
function claimOf([item, ...others]: readonly CatalogEntry[]): ProductState {
  return item === undefined || item.inactive || others.length > 0 ? 'claimed' : 'take-over'
}

/** An item of the product's SKU, or where it would be created one whose SKU cannot be read: a second would be made of it. */
function unreadableOf(
  { sku }: Product,
  state: ProductState,
  items: readonly UnreadableItem[],
): UnreadableItem | null {
  const own = items.find(({ vendorSku }) => vendorSku !== null && skuKey(vendorSku) === skuKey(sku))
  const anyone =
    state === 'create' || state === 'take-over'
      ? items.find(({ vendorSku }) => vendorSku === null)
      : undefined
  return own ?? anyone ?? null
}

function changeOf(
  state: ProductState,
  product: Product,
  item: CatalogEntry | undefined,
  { defaults }: ProductSituation,
): ProductChange | null {
  if (state === 'create') return newCatalogItem(product, { defaults })
  if ((state !== 'change' && state !== 'take-over') || item === undefined) return null
  return {
    kind: 'updateCatalogItem',
    sku: product.sku,
    catalogItemId: item.id,
    before: { unitCost: item.unitCost, unitPrice: item.unitPrice },
    after: { unitCost: product.unitCost, unitPrice: product.unitPrice },
    ...(state === 'take-over' ? { vendorSku: { before: item.vendorSku, after: product.sku } } : {}),
  }
}

const isSame = (a: Money, b: Money): boolean => decimal(a).eq(decimal(b))

interface Wanted {
  readonly product: Product
  /** The list has the SKU several times, and it cannot be said which price is meant. */
  readonly isContradictory: boolean
}

/** One product of a SKU: those of the current list win, and must agree on cost and price. */
function distinctOf(listed: readonly Product[]): Wanted {
  const current = listed.filter((product) => product.current)
  const candidates = current.length > 0 ? current : listed
  const [first] = candidates
  if (first === undefined) throw new Error('A group has at least one member')
  const agrees = (other: Product) =>
    isSame(other.unitCost, first.unitCost) && isSame(other.unitPrice, first.unitPrice)
  return { product: first, isContradictory: first.current && !candidates.every(agrees) }
}

function othersOf(product: Product, alike: readonly Wanted[]): string[] {
  return alike
    .map((other) => other.product)
    .filter((other) => other.sku !== product.sku && other.name !== product.name)
    .map((other) => other.sku)
}

export function countStates(products: readonly PlannedProduct[]): ProductPlan['counts'] {
  const counts: Record<ProductState, number> = {
    same: 0,
    change: 0,
    create: 0,
    'take-over': 0,
    claimed: 0,
    'not-in-use': 0,
    ambiguous: 0,
    contradictory: 0,
    unreadable: 0,
    retired: 0,
    'retired-missing': 0,
  }
  for (const { state } of products) counts[state] += 1
  return counts
}

function grouped<T, K>(values: readonly T[], key: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const value of values) {
    const name = key(value)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [value])
    else group.push(value)
  }
  return groups
}
