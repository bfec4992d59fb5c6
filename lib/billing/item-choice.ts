/**
 * Which of several catalog items of a product bills a subscription (docs/billing-rules.md, "Products"): one that its additions
 * have already, so that they are adopted and not replaced. What a plan writes itself never moves the choice.
 */

import { motionOf, type NamedProduct, namedProduct } from './item-names.ts'
import { type SkuKey, type SubscriptionKey, skuKey, subscriptionKey } from './keys.ts'
import type { Cycle, Motion } from './motion.ts'
import { once } from './once.ts'
import type { Addition, CatalogItem, Day, InvoiceLine, Situation } from './types.ts'

/** What decides. */
type Deciding = Pick<Situation, 'catalog' | 'additions' | 'owned' | 'answers'>

interface NamedItem extends NamedProduct {
  readonly item: CatalogItem
}

export interface ItemChoice {
  readonly named: (item: CatalogItem) => NamedProduct
  /** Whether an item is the product's by more than its Vendor SKU. */
  readonly hasOthers: (sku: string) => boolean
  /**
   * @param linked those whose Vendor SKU is the product's. `several`: nothing tells which of them it is (D6)
   */
  readonly choose: (
    sku: string,
    line: Pick<InvoiceLine, 'subscriptionId'> & Partial<Cycle>,
    linked: readonly CatalogItem[],
  ) => CatalogItem | undefined | 'several'
}

/** @param from additions that ended before this day tell nothing of a subscription */
export const itemChoice = (situation: Deciding, from: Day | null): ItemChoice => {
  const names = new Map(situation.catalog.map((item) => [item.id, namedProduct(item)]))
  const named = (item: CatalogItem): NamedProduct => names.get(item.id) ?? namedProduct(item)
  const others = once(() =>
    Map.groupBy(
      situation.catalog
        .map((item) => ({ item, ...named(item) }))
        .filter(({ item, sku }) => sku !== '' && sku !== skuKey(item.vendorSku)),
      ({ sku }) => sku,
    ),
  )
  const carried = once(() => carriedItems(situation, from))
  const customary = once(() => customaryItems(situation))

  const othersOf = (sku: SkuKey): readonly NamedItem[] => others().get(sku) ?? []
  return {
    named,
    hasOthers: (sku) => othersOf(skuKey(sku)).length > 0,
    choose(sku, line, linked) {
      if (linked.length > 1)
        return onlyOf(
          linked.map((item) => ({ item, ...named(item) })),
          motionOf(line),
        )
      const alike = othersOf(skuKey(sku))
      const [item] = linked
      if (alike.length === 0) return item
      const own = carried().get(subscriptionKey(line.subscriptionId)) ?? new Set()
      if (item && own.has(item.id)) return item
      const [kept] = alike.filter((each) => own.has(each.item.id)).sort(byId)
      if (kept) return kept.item
      const motion = motionOf(line)
      const usual = alike
        .filter((each) => customary().has(each.item.id) && (each.motion !== 'annual' || motion === 'annual'))
        .sort(byId)
      const fitting = usual.find((each) => motion !== null && each.motion === motion)
      if (fitting) return fitting.item
      return item && customary().has(item.id) ? item : (usual[0]?.item ?? item)
    },
  }
}

/** Those of one Vendor SKU are told apart by the motion that their Product IDs name. */
const onlyOf = (items: readonly NamedItem[], motion: Motion | null): CatalogItem | 'several' => {
  const fitting = motion === null ? [] : items.filter((each) => each.motion === motion)
  const [only, another] = fitting.length > 0 ? fitting : items.filter((each) => each.motion === null)
  const isTold = motion !== null && items.some((each) => each.motion !== null)
  return isTold && only && !another ? only.item : 'several'
}

const byId = (a: NamedItem, b: NamedItem): number => a.item.id - b.item.id

/** By subscription, the items of its additions: by a person's answer, else by serial number. */
const carriedItems = (
  { additions, answers = [] }: Deciding,
  from: Day | null,
): ReadonlyMap<SubscriptionKey, ReadonlySet<number>> => {
  const answered = new Map(answers.map((each) => [each.additionId, each]))
  const items = new Map<SubscriptionKey, Set<number>>()
  for (const each of additions) {
    const answer = answered.get(each.id)
    if (answer !== undefined && answer.answer !== 'subscription') continue
    if (from !== null && each.cancelledDate !== null && each.cancelledDate < from) continue
    const id = subscriptionKey(answer?.subscriptionId ?? each.serialNumber)
    items.set(id, (items.get(id) ?? new Set()).add(each.catalogItemId))
  }
  return items
}

/** Items that people billed with on the agreement. */
const customaryItems = ({ additions, owned, answers = [] }: Deciding): ReadonlySet<number> => {
  const created = new Set(owned.filter((each) => each.created).map(({ additionId }) => additionId))
  const nobodys = new Set(
    answers.filter(({ answer }) => answer !== 'subscription').map(({ additionId }) => additionId),
  )
  const isTheirs = ({ id }: Addition): boolean => !created.has(id) && !nobodys.has(id)
  return new Set(additions.filter(isTheirs).map(({ catalogItemId }) => catalogItemId))
}
