/** Additions while they are matched (match.ts): each whole, with its pieces, and what came of it so far. */
import { type CountedAddition, isActiveOn, isActiveWithin, quantityOn } from './additions.ts'
import { creditMonth } from './credit-lines.ts'
import { type Decimal, sum } from './decimal.ts'
import { noSubscription, type SubscriptionKey, subscriptionKey } from './keys.ts'
import type { Candidate, LeftAsIs, LeftOver, MatchInput } from './matching.ts'
import type { Window } from './timeline.ts'
import type { Day, Finding, Term } from './types.ts'

export const candidatesOf = (held: readonly CountedAddition[]): Candidate[] =>
  [...Map.groupBy(held, ({ id }) => id)].map(([id, pieces]) => {
    const [first] = pieces
    const serialNumber = first?.addition?.serialNumber ?? ''
    return {
      id,
      itemId: first?.addition?.catalogItemId ?? 0,
      serialNumber,
      serial: subscriptionKey(serialNumber),
      ours: first?.ours ?? false,
      created: first?.created ?? false,
      creditOf: first?.carries === undefined ? null : creditMonth(first.carries),
      pieces,
    }
  })

export const isActive = ({ pieces }: Candidate, day: Day): boolean =>
  pieces.some((held) => isActiveOn(held, day))
export const quantityOf = ({ pieces }: Candidate, day: Day): Decimal => quantityOn(pieces, day)
export const isWithin = ({ pieces }: Pick<Candidate, 'pieces'>, { first, last }: Window): boolean =>
  pieces.some((held) => isActiveWithin(held, first, last))

export class MatchingDraft {
  readonly matched = new Map<SubscriptionKey, Map<number, CountedAddition[]>>()
  readonly errors = new Map<SubscriptionKey, Finding[]>()
  readonly leftovers: LeftOver[] = []
  readonly leftAsIs: LeftAsIs[] = []
  readonly azure: CountedAddition[] = []
  readonly corrections: CountedAddition[] = []

  match(subscriptionId: SubscriptionKey, { itemId, pieces }: Candidate): void {
    const items = this.matched.get(subscriptionId) ?? new Map<number, CountedAddition[]>()
    items.set(itemId, [...(items.get(itemId) ?? []), ...pieces])
    this.matched.set(subscriptionId, items)
  }

  fail(subscriptionIds: Iterable<SubscriptionKey>, finding: Finding): void {
    for (const id of subscriptionIds) this.errors.set(id, [...(this.errors.get(id) ?? []), finding])
  }

  leave({ pieces }: Candidate, term: Term, finding: Finding | null, subscriptionId = noSubscription): void {
    this.leftAsIs.push({ held: pieces, term, finding, subscriptionId })
  }

  /** Of one product, whatever catalog item. */
  quantityOf(
    subscriptionId: SubscriptionKey,
    itemId: number,
    day: Day,
    { kindOf }: Pick<MatchInput, 'kindOf'>,
  ): Decimal {
    const items = [...(this.matched.get(subscriptionId) ?? [])]
    const alike = items.filter(([id]) => id === itemId || kindOf(id) === kindOf(itemId))
    return sum(alike.map(([, held]) => quantityOn(held, day)))
  }
}
