/** Which additions without a serial number belong to which owner of their product (docs/billing-rules.md, "Matching by product"). */
import { nextDay, previousDay } from './days.ts'
import { sum, zero } from './decimal.ts'
import type { SubscriptionKey } from './keys.ts'
import type { Candidate, MatchInput, MatchingInput, Owner } from './matching.ts'
import { isActive, type MatchingDraft, quantityOf } from './matching-draft.ts'

export const isPlanned = (input: MatchInput, id: SubscriptionKey): boolean =>
  input.standingOf(id)?.is === 'planned'

/** What is billed of it otherwise stands on another catalog item of the same product, so that this may be billed beside. */
export function hasAnotherItem(id: SubscriptionKey, itemId: number, input: MatchInput): boolean {
  const items = isPlanned(input, id) ? [...input.itemsOf(id)] : []
  return !items.includes(itemId) && items.some((each) => input.kindOf(each) === input.kindOf(itemId))
}

type Pairs = ReadonlyMap<Candidate, SubscriptionKey>

/** Which owner each addition of the pool belongs to; `null` where nothing tells. */
export function pairUp(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Candidate[],
  owners: readonly Owner[],
  input: MatchingInput,
): Pairs | null {
  if (pool.some(({ id }) => input.disputed.has(id))) return null
  const [only] = owners
  if (only === undefined || owners.length > 1) {
    const isUncertain = owners.some(({ id }) => input.refused.has(id) || input.mayOwnUnreadable(id, itemId))
    return isUncertain ? null : pairByQuantity(draft, itemId, pool, owners, input)
  }
  const isKnown = only.hasBeenGood && input.standingOf(only.id)?.is !== 'annual'
  return isKnown || input.mayOwnUnreadable(only.id, itemId) || sumsUp(draft, itemId, pool, only, input)
    ? new Map(pool.map((each) => [each, only.id]))
    : null
}

/** Whether, with those matched by serial number, they make the owner's quantity on some day of the period or the day before it. */
export function sumsUp(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Candidate[],
  owner: Owner,
  input: MatchingInput,
): boolean {
  const { window } = input
  for (let day = previousDay(window.first); day <= window.last; day = nextDay(day)) {
    const held = sum(pool.map((each) => quantityOf(each, day)))
    const wanted = owner.quantityOn(day)
    if (!wanted.eq(zero) && held.plus(draft.quantityOf(owner.id, itemId, day, input)).eq(wanted)) return true
  }
  return false
}

/** The pairs of additions and subscriptions whose quantities on the period's first day are each other's only match. */
function pairByQuantity(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Candidate[],
  owners: readonly Owner[],
  input: MatchingInput,
): Pairs | null {
  const { first } = input.window
  const pairs = new Map<Candidate, SubscriptionKey>()
  const taken = new Set<SubscriptionKey>()
  const missing = owners.map((owner) => ({
    id: owner.id,
    quantity: owner.quantityOn(first).minus(draft.quantityOf(owner.id, itemId, first, input)),
  }))
  for (const each of pool) {
    const fits = missing.filter((owner) => owner.quantity.eq(quantityOf(each, first)))
    const [owner] = fits
    if (!isActive(each, first) || fits.length !== 1 || owner === undefined || taken.has(owner.id)) return null
    pairs.set(each, owner.id)
    taken.add(owner.id)
  }
  return pairs
}
