/**
 * Additions of catalog items that no Vendor SKU links to PRISM, called as a product is that begins here: a clerk may have billed it
 * so (docs/billing-rules.md, "Each addition"). The subscription is not created beside them before a person said what they are.
 */
import { askedOf } from './asked.ts'
import * as findings from './findings.ts'
import type { SubscriptionKey } from './keys.ts'
import type { Candidate, MatchInput } from './matching.ts'
import { isWithin, type MatchingDraft } from './matching-draft.ts'

/** Asks of them, for each subscription that would be created: nothing of it was found on the agreement. */
export const askNamesakes = (
  draft: MatchingDraft,
  additions: readonly Candidate[],
  input: MatchInput,
): void => {
  const { namesakesOf, priceListSku, isKnownItem, standingOf, window } = input
  const unlinked = additions.filter(
    (each) =>
      !each.ours &&
      isKnownItem(each.itemId) &&
      priceListSku(each.itemId) === null &&
      each.pieces.some(({ addition }) => addition?.cancelledDate === null || isWithin(each, window)),
  )
  const isCreated = (id: SubscriptionKey): boolean =>
    standingOf(id)?.is === 'planned' && !draft.matched.has(id) && !draft.errors.has(id)
  const asked = new Map<SubscriptionKey, Candidate[]>()
  // With another subscription's id it is that one's, whatever it is called.
  const mayBe = ({ serial }: Candidate, id: SubscriptionKey): boolean =>
    serial === '' || serial === id || standingOf(serial) === null
  for (const each of unlinked)
    for (const id of namesakesOf(each))
      if (isCreated(id) && mayBe(each, id)) asked.set(id, [...(asked.get(id) ?? []), each])
  for (const [id, found] of asked) {
    const owners = [...asked].flatMap(([other, its]) =>
      found.some((each) => its.includes(each)) ? [other] : [],
    )
    const [first] = found
    if (first === undefined) continue
    const finding = findings.namesakeAdditions(
      input.itemName(first.itemId),
      found.map((each) => each.id),
    )
    draft.fail([id], { ...finding, asks: found.map((each) => ({ ...askedOf(each, input), owners })) })
  }
}
