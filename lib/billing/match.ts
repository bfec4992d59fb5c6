/**
 * Which addition belongs to which subscription (F5), which are left over (F9), and which are left as they are (design.md 2a,
 * "Each addition" and "Matching by product").
 *
 * Each counted addition active on or after the period's first day is matched by itself, first hit wins: a reserved serial
 * number, a person's answer, its serial number, its product.
 */
import { type Held, isActiveOn, isActiveWithin } from './additions.ts'
import { normalise } from './classify.ts'
import { nextDay, previousDay } from './days.ts'
import { type Decimal, sum, zero } from './decimal.ts'
import * as findings from './findings.ts'
import type { Standing } from './standing.ts'
import type { Window } from './timeline.ts'
import type { AdditionAnswer, Day, Finding, Term } from './types.ts'

/** A subscription of the agreement's customers that has a product. */
export interface Owner {
  /** In lower case. */
  readonly id: string
  /** Whether a period of it has been good on this agreement. */
  readonly hasBeenGood: boolean
  /** Its quantity on a day of the period or the one before: invoiced, or where it is on no line as PRISM lists it. */
  readonly quantityOn: (day: Day) => Decimal
}

export interface MatchInput {
  readonly held: readonly Held[]
  readonly window: Window
  readonly answers: readonly AdditionAnswer[]
  /** By id in lower case; `null`: no subscription. */
  readonly standingOf: (id: string) => Standing | null
  /** Subscriptions of the agreement's customers that have the catalog item's product, by id. */
  readonly ownersOf: (itemId: number) => readonly Owner[]
  /** Catalog items of the subscription's planned lines. */
  readonly itemsOf: (subscriptionId: string) => ReadonlySet<number>
  /** Catalog items on this period's lines, ignored ones included. */
  readonly invoicedItems: ReadonlySet<number>
  /** The SKU of a product that is or was on the price list, where the item's Vendor SKU is one. */
  readonly priceListSku: (itemId: number) => string | null
  readonly itemName: (itemId: number) => string
}

/** An addition that is left as it is, with the name of what it bills. */
export interface LeftAsIs {
  readonly held: Held
  readonly term: Term
  /** In lower case; `''` where it names none. */
  readonly subscriptionId: string
  readonly finding: Finding
}

export interface Matching {
  /** By subscription id, then by catalog item. */
  readonly matched: ReadonlyMap<string, ReadonlyMap<number, readonly Held[]>>
  /** Errors by subscription id. */
  readonly errors: ReadonlyMap<string, readonly Finding[]>
  readonly leftovers: readonly { readonly held: Held; readonly sku: string }[]
  readonly leftAsIs: readonly LeftAsIs[]
  /** Serial numbers `azure-YYYY-MM`, and ids of Azure subscriptions. */
  readonly azure: readonly Held[]
}

/** Ours alone; never a subscription's (design.md 2a, "Reserved serial numbers"). */
const reservedSerial = /^(azure|adjust|credit|cents)-\d{4}-\d{2}$/

const itemIdOf = (held: Held): number => held.addition?.catalogItemId ?? 0
const serialOf = (held: Held): string => normalise(held.addition?.serialNumber ?? '')

class MatchingDraft {
  readonly matched = new Map<string, Map<number, Held[]>>()
  readonly errors = new Map<string, Finding[]>()
  readonly leftovers: { held: Held; sku: string }[] = []
  readonly leftAsIs: LeftAsIs[] = []
  readonly azure: Held[] = []

  match(subscriptionId: string, held: Held): void {
    const items = this.matched.get(subscriptionId) ?? new Map<number, Held[]>()
    items.set(itemIdOf(held), [...(items.get(itemIdOf(held)) ?? []), held])
    this.matched.set(subscriptionId, items)
  }

  fail(subscriptionIds: Iterable<string>, finding: Finding): void {
    for (const id of subscriptionIds) this.errors.set(id, [...(this.errors.get(id) ?? []), finding])
  }

  leave(held: Held, term: Term, finding: Finding, subscriptionId = ''): void {
    this.leftAsIs.push({ held, term, finding, subscriptionId })
  }

  quantityOf(subscriptionId: string, itemId: number, day: Day): Decimal {
    const all = this.matched.get(subscriptionId)?.get(itemId) ?? []
    return sum(all.filter((held) => isActiveOn(held, day)).map((held) => held.quantity))
  }
}

/** Matches every addition. @param input.held the counted additions active on or after the period's first day. */
export const match = (input: MatchInput): Matching => {
  const draft = new MatchingDraft()
  const answers = new Map(input.answers.map((each) => [each.additionId, each]))
  const bySerial: Held[] = []
  for (const held of input.held) {
    const serial = serialOf(held)
    const answer = answers.get(held.id)
    if (serial.startsWith('azure-') && reservedSerial.test(serial)) draft.azure.push(held)
    else if (reservedSerial.test(serial))
      draft.leave(held, 'reserved', findings.additionReserved(held.id, serial))
    else if (answer?.answer === 'subscription')
      matchById(draft, held, normalise(answer.subscriptionId), input)
    else if (answer !== undefined)
      draft.leave(held, 'nobodys', findings.additionAnswered(held.id, answer.answer))
    else bySerial.push(held)
  }
  const byProduct: Held[] = []
  for (const held of bySerial) if (!matchBySerial(draft, held, input)) byProduct.push(held)
  const pools = Map.groupBy(byProduct, itemIdOf)
  for (const [itemId, pool] of [...pools].sort(([a], [b]) => a - b))
    matchByProduct(draft, itemId, pool, input)
  return draft
}

// ───────────────────────────── by serial number ─────────────────────────────

/** False where it has no serial number, so that its product decides. */
function matchBySerial(draft: MatchingDraft, held: Held, input: MatchInput): boolean {
  const serial = serialOf(held)
  const itemId = itemIdOf(held)
  const isProducts = input.itemsOf(serial).has(itemId) || input.priceListSku(itemId) !== null || held.ours
  if (serial !== '' && input.standingOf(serial) !== null) {
    if (isProducts || input.invoicedItems.has(itemId)) matchById(draft, held, serial, input)
    return true
  }
  if (serial === '') return false
  matchUnknown(draft, held, input)
  return true
}

function matchById(draft: MatchingDraft, held: Held, id: string, input: MatchInput): void {
  const standing = input.standingOf(id) ?? ({ is: 'unknown' } as const)
  const serial = held.addition?.serialNumber ?? ''
  switch (standing.is) {
    case 'planned':
      return draft.match(id, held)
    case 'settled':
      return
    case 'azure':
      draft.azure.push(held)
      return
    case 'annual':
      return draft.leave(held, 'annualAddition', findings.additionAnnual(held.id, held.ours), id)
    case 'aside':
      return draft.leave(held, 'aside', findings.additionNotOurs(held.id, serial), id)
    case 'moved':
      return held.ours
        ? draft.match(id, held)
        : draft.leave(held, 'unknown', findings.additionMoved(held.id, serial), id)
    case 'lapsed':
      return held.created || isActiveOn(held, standing.latest.last)
        ? draft.match(id, held)
        : draft.leave(held, 'unknown', findings.additionUnknown(held.id, 'later'), id)
    case 'unknown':
      return held.created
        ? draft.match(id, held)
        : draft.leave(held, 'unknown', findings.additionUnknown(held.id, 'never'), id)
  }
}

/** A serial number that says nothing we know: an Error where its product is invoiced, unknown where it is on the price list. */
function matchUnknown(draft: MatchingDraft, held: Held, input: MatchInput): void {
  const itemId = itemIdOf(held)
  const serial = held.addition?.serialNumber ?? ''
  const { first, last } = input.window
  const planned = input.ownersOf(itemId).flatMap(({ id }) => (isPlanned(input, id) ? [id] : []))
  if (input.invoicedItems.has(itemId) && planned.length > 0) {
    draft.fail(planned, findings.unknownSerialNumber(serial, held.id))
  } else if ((held.ours || input.priceListSku(itemId) !== null) && isActiveWithin(held, first, last)) {
    draft.leave(held, 'unknown', findings.additionUnknown(held.id, 'serial'))
  }
}

const isPlanned = (input: MatchInput, id: string): boolean => input.standingOf(id)?.is === 'planned'

// ───────────────────────────── by product ─────────────────────────────

function matchByProduct(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Held[],
  input: MatchInput,
): void {
  const owners = input.ownersOf(itemId)
  if (owners.length === 0) return leaveOver(draft, itemId, pool, input)
  const pairs = pairUp(draft, itemId, pool, owners, input)
  if (pairs === null) return askWhose(draft, itemId, pool, owners, input)
  for (const [held, id] of pairs) {
    const standing = input.standingOf(id)?.is
    if (standing === 'planned' || standing === 'lapsed') draft.match(id, held)
    else matchById(draft, held, id, input)
  }
}

/** Which owner each addition of the pool belongs to; `null` where nothing tells. */
function pairUp(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Held[],
  owners: readonly Owner[],
  input: MatchInput,
): ReadonlyMap<Held, string> | null {
  const [only] = owners
  if (only !== undefined && owners.length === 1) {
    const isKnown = only.hasBeenGood && input.standingOf(only.id)?.is !== 'annual'
    return isKnown || sumsUp(draft, itemId, pool, only, input)
      ? new Map(pool.map((held) => [held, only.id]))
      : null
  }
  return pairByQuantity(draft, itemId, pool, owners, input)
}

/** Whether, with those matched by serial number, they make the owner's quantity on some day of the period or the day before it. */
function sumsUp(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Held[],
  owner: Owner,
  { window }: MatchInput,
): boolean {
  const before = previousDay(window.first)
  for (let day = before; day <= window.last; day = nextDay(day)) {
    const held = sum(pool.filter((each) => isActiveOn(each, day)).map((each) => each.quantity))
    const wanted = owner.quantityOn(day)
    if (!wanted.eq(zero) && held.plus(draft.quantityOf(owner.id, itemId, day)).eq(wanted)) return true
  }
  return false
}

/** The pairs of additions and subscriptions whose quantities on the period's first day are each other's only match. */
function pairByQuantity(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Held[],
  owners: readonly Owner[],
  { window: { first } }: MatchInput,
): ReadonlyMap<Held, string> | null {
  const pairs = new Map<Held, string>()
  const taken = new Set<string>()
  const missing = owners.map((owner) => ({
    id: owner.id,
    quantity: owner.quantityOn(first).minus(draft.quantityOf(owner.id, itemId, first)),
  }))
  for (const held of pool) {
    const fits = missing.filter((owner) => owner.quantity.eq(held.quantity))
    const [owner] = fits
    if (!isActiveOn(held, first) || fits.length !== 1 || owner === undefined || taken.has(owner.id))
      return null
    pairs.set(held, owner.id)
    taken.add(owner.id)
  }
  return pairs
}

/** One question a product: an Error of the subscriptions that would be written; where there is none, the additions are unknown. */
function askWhose(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Held[],
  owners: readonly Owner[],
  input: MatchInput,
): void {
  const planned = owners.flatMap(({ id }) => (isPlanned(input, id) || draft.matched.has(id) ? [id] : []))
  const [first] = planned
  if (first === undefined) {
    if (owners.some(({ id }) => input.standingOf(id)?.is === 'settled')) return
    for (const held of pool) draft.leave(held, 'unknown', findings.additionUnknown(held.id, 'whose'))
    return
  }
  const ids = pool.map((held) => held.id)
  draft.fail(planned, findings.ambiguousAdditions(input.itemName(itemId), ids, owners.length))
  for (const held of pool) draft.match(first, held)
}

function leaveOver(draft: MatchingDraft, itemId: number, pool: readonly Held[], input: MatchInput): void {
  const sku = input.priceListSku(itemId)
  const { first, last } = input.window
  for (const held of pool)
    if (sku !== null && isActiveWithin(held, first, last)) draft.leftovers.push({ held, sku })
}
