/** Additions of people's that may bill a line already, so that it is not billed twice. */
import { type CountedAddition, hold, isEverActive } from '../additions.ts'
import { type SubscriptionKey, subscriptionKey } from '../keys.ts'
import type { ProductLookup } from '../products.ts'
import type { AnnualSituation } from './annual-situation.ts'
import { amountOf, type IdentifiedLine, isCredit } from './line-identity.ts'
import { billOnce } from './one-time-bill.ts'

export interface ByHand {
  /** The one that bills exactly what the line charges; each of them is one line's. */
  readonly bills: (of: IdentifiedLine) => CountedAddition | null
  /** Others that may bill the line. */
  readonly mayBill: (of: IdentifiedLine) => readonly CountedAddition[]
}

/**
 * A person's addition may bill a line where it has the subscription's id, or a person said that it is the subscription's, and it
 * starts on the line's first day or later.
 * @param lines those that nothing was written of, in order
 */
export const byHandFor = (
  situation: AnnualSituation,
  lines: readonly IdentifiedLine[],
  lookup: ProductLookup,
): ByHand => {
  const bySubscription = Map.groupBy(peoplesAdditions(situation, lookup), ([id]) => id)
  const billing = new Map<IdentifiedLine, CountedAddition>()
  const taken = new Set<number>()
  const of = ({ is, line }: IdentifiedLine): CountedAddition[] =>
    (bySubscription.get(subscriptionKey(is.subscriptionId)) ?? [])
      .map(([, held]) => held)
      .filter((held) => held.startedOn >= line.first)
  for (const each of lines) {
    const charged = amountOf(each.line)
    const found = of(each).find((held) => {
      const billed = billOnce(held)
      return !taken.has(held.id) && billed.cost.eq(charged.cost) && billed.price.eq(charged.price)
    })
    if (found === undefined) continue
    taken.add(found.id)
    billing.set(each, found)
  }
  return {
    bills: (each) => billing.get(each) ?? null,
    mayBill: (each) => (isCredit(each.line) ? [] : of(each).filter(({ id }) => !taken.has(id))),
  }
}

/** Of items that are no product of PRISM's, a support fee with the subscription's id is none. */
const peoplesAdditions = (
  situation: AnnualSituation,
  lookup: ProductLookup,
): [SubscriptionKey, CountedAddition][] => {
  const { agreement, additions, owned, answers = [] } = situation
  const ours = new Set(owned.map(({ additionId }) => additionId))
  const answered = new Map(answers.map((each) => [each.additionId, each]))
  return additions
    .filter(({ id, catalogItemId }) => !ours.has(id) && mayBeProduct(lookup, catalogItemId))
    .map((addition): [SubscriptionKey, CountedAddition] => {
      const answer = answered.get(addition.id)
      const is =
        answer === undefined
          ? addition.serialNumber
          : answer.answer === 'subscription'
            ? answer.subscriptionId
            : ''
      return [subscriptionKey(is), hold(addition, agreement, undefined)]
    })
    .filter(([id, held]) => id !== '' && isEverActive(held) && !held.quantity.eq(0))
    .sort(([, a], [, b]) => a.id - b.id)
}

const mayBeProduct = (lookup: ProductLookup, itemId: number): boolean => {
  const item = lookup.item(itemId)
  return item === undefined || lookup.productOf(item) !== undefined
}
