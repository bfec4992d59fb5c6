/**
 * Which addition belongs to which subscription (F5), and which are left over (F9).
 *
 * Each addition active on or after the period's first day is matched by itself: by its serial number, else, where it has
 * none, by its product, else by a person's decision.
 */
import { type Held, isActiveOn, isActiveWithin } from './additions.ts'
import { normalise } from './classify.ts'
import { type Decimal, zero } from './decimal.ts'
import * as findings from './findings.ts'
import type { Window } from './timeline.ts'
import type { Day, Finding, OwnerDecision } from './types.ts'

/** What the plan does with a subscription's additions. */
export type Treatment = 'planned' | 'untouched'

export interface MatchInput {
  readonly held: readonly Held[]
  readonly window: Window
  readonly decisions: readonly OwnerDecision[]
  /** By id in lower case: every subscription that an invoice, our ledger or PRISM knows as this agreement's. */
  readonly subscriptions: ReadonlyMap<string, Treatment>
  /** By catalog item: the subscriptions of this or the last period that have it, ignored ones included. */
  readonly byItem: ReadonlyMap<number, ReadonlySet<string>>
  /** Catalog items on this period's lines, ignored ones included. */
  readonly invoicedItems: ReadonlySet<number>
  /** Subscriptions of which it is not known what the invoice has: no quantity tells which addition is theirs. */
  readonly refused: ReadonlySet<string>
  /** Quantity that the invoice has of the subscription's item on a day. */
  readonly invoiced: (subscriptionId: string, itemId: number, day: Day) => Decimal
  readonly foreign: ReadonlySet<string>
  /** The SKU of a product that is or was on the price list, where the item's Vendor SKU is one. */
  readonly priceListSku: (itemId: number) => string | null
  readonly itemName: (itemId: number) => string
  /** Whether it is known what the catalog item is. */
  readonly isKnownItem: (itemId: number) => boolean
}

export interface Matching {
  /** By subscription id, then by catalog item. */
  readonly matched: ReadonlyMap<string, ReadonlyMap<number, readonly Held[]>>
  /** Errors by subscription id. */
  readonly errors: ReadonlyMap<string, readonly Finding[]>
  /** Additions that could belong to several subscriptions in error. */
  readonly leftovers: readonly { readonly held: Held; readonly sku: string }[]
  /** Notes on additions that are only listed. */
  readonly listed: readonly Finding[]
  /** Serial numbers `azure-YYYY-MM`. */
  readonly azure: readonly Held[]
}

export const azureSerial = /^azure-\d{4}-\d{2}$/

const itemIdOf = (held: Held): number => held.addition?.catalogItemId ?? 0
const serialOf = (held: Held): string => normalise(held.addition?.serialNumber ?? '')

class MatchingDraft {
  readonly matched = new Map<string, Map<number, Held[]>>()
  readonly errors = new Map<string, Finding[]>()
  readonly leftovers: { held: Held; sku: string }[] = []
  readonly listed: Finding[] = []
  readonly azure: Held[] = []

  match(subscriptionId: string, held: Held): void {
    const items = this.matched.get(subscriptionId) ?? new Map<number, Held[]>()
    items.set(itemIdOf(held), [...(items.get(itemIdOf(held)) ?? []), held])
    this.matched.set(subscriptionId, items)
  }

  fail(subscriptionIds: Iterable<string>, finding: Finding): void {
    for (const id of subscriptionIds) this.errors.set(id, [...(this.errors.get(id) ?? []), finding])
  }

  quantityOf(subscriptionId: string, itemId: number, day: Day): Decimal {
    const all = this.matched.get(subscriptionId)?.get(itemId) ?? []
    return all
      .filter((held) => isActiveOn(held, day))
      .reduce((total, held) => total.plus(held.quantity), zero)
  }
}

/** An addition whose serial number says nothing we know: by decision, else an Error where its product is invoiced, else listed. */
const matchUnknown = (draft: MatchingDraft, held: Held, input: MatchInput): void => {
  const owners = input.byItem.get(itemIdOf(held))
  const serial = held.addition?.serialNumber ?? ''
  const planned = [...(owners ?? [])].filter((id) => input.subscriptions.get(id) === 'planned')
  if (!input.foreign.has(serialOf(held)) && input.invoicedItems.has(itemIdOf(held)) && planned.length > 0) {
    draft.fail(planned, findings.unknownSerialNumber(serial, held.id))
  } else draft.listed.push(findings.additionNotOurs(held.id, serial))
}

/** The pairs of additions and subscriptions whose quantities on the period's first day are each other's only match. */
const pairByQuantity = (
  pool: readonly Held[],
  owners: readonly string[],
  itemId: number,
  draft: MatchingDraft,
  input: MatchInput,
): Map<Held, string> | null => {
  const { first } = input.window
  const pairs = new Map<Held, string>()
  const missing = owners.map((id) => ({
    id,
    quantity: input.invoiced(id, itemId, first).minus(draft.quantityOf(id, itemId, first)),
  }))
  for (const held of pool) {
    const fits = missing.filter((owner) => owner.quantity.eq(held.quantity))
    const [owner] = fits
    if (!isActiveOn(held, first) || fits.length !== 1 || owner === undefined) return null
    if ([...pairs.values()].includes(owner.id)) return null
    pairs.set(held, owner.id)
  }
  return pairs
}

const matchByProduct = (
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Held[],
  input: MatchInput,
): void => {
  const owners = [...(input.byItem.get(itemId) ?? [])].sort()
  const [only] = owners
  if (only === undefined) {
    const sku = input.priceListSku(itemId)
    const { first, last } = input.window
    for (const held of pool) {
      if (sku !== null && isActiveWithin(held, first, last)) draft.leftovers.push({ held, sku })
    }
    return
  }
  if (owners.length === 1) {
    for (const held of pool) draft.match(only, held)
    return
  }
  const isUncertain = owners.some((id) => input.refused.has(id))
  const pairs = isUncertain ? null : pairByQuantity(pool, owners, itemId, draft, input)
  if (pairs) for (const [held, id] of pairs) draft.match(id, held)
  else {
    const planned = owners.filter((id) => input.subscriptions.get(id) === 'planned')
    draft.fail(
      planned,
      findings.ambiguousAdditions(
        input.itemName(itemId),
        pool.map((held) => held.id),
      ),
    )
    const [first] = planned
    if (first !== undefined) for (const held of pool) draft.match(first, held)
  }
}

/** Matches every addition. @param input.held the counted additions active on or after the period's first day. */
export const match = (input: MatchInput): Matching => {
  const draft = new MatchingDraft()
  const decided = new Map(input.decisions.map((each) => [each.additionId, each.subscriptionId]))
  const withoutSerial = new Map<number, Held[]>()
  for (const held of input.held) {
    const serial = serialOf(held)
    const decision = decided.get(held.id)
    if (azureSerial.test(serial)) draft.azure.push(held)
    else if (input.subscriptions.has(serial)) draft.match(serial, held)
    else if (decision === null)
      draft.listed.push(findings.additionNotOurs(held.id, held.addition?.serialNumber ?? ''))
    else if (decision !== undefined) draft.match(normalise(decision), held)
    else if (serial !== '') matchUnknown(draft, held, input)
    else withoutSerial.set(itemIdOf(held), [...(withoutSerial.get(itemIdOf(held)) ?? []), held])
  }
  for (const [itemId, pool] of withoutSerial) matchByProduct(draft, itemId, pool, input)
  return draft
}
