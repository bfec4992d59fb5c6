/** Which of an agreement's additions the plans count (docs/billing-rules.md, "Each addition"): the others are not looked at. */
import { pricedItems } from './moving.ts'
import type { Situation } from './types.ts'

/** Ids in ascending order: ours, those that a person answered for, and those whose product is or was on the price list. */
export const lookedAt = (
  situation: Pick<Situation, 'additions' | 'owned' | 'answers' | 'catalog' | 'products'>,
): number[] => {
  const known = new Set([
    ...situation.owned.map(({ additionId }) => additionId),
    ...(situation.answers ?? []).map(({ additionId }) => additionId),
  ])
  const isPriced = pricedItems(situation)
  const ids = situation.additions.flatMap((each) => (known.has(each.id) || isPriced(each) ? [each.id] : []))
  return [...new Set([...known, ...ids])].sort((a, b) => a - b)
}
