/**
 * Which addition belongs to which subscription (F5), which are left over (F9), and which are left as they are
 * (docs/billing-rules.md, "Each addition" and "Matching by product").
 *
 * Each counted addition active on or after the period's first day is matched by itself, first hit wins: a reserved serial
 * number, a person's answer, its serial number, its product.
 */

import { leftByAnswer } from './answered.ts'
import { askedOf, asking } from './asked.ts'
import { isBilledAndOver } from './billed-days.ts'
import { nextDay, previousDay } from './days.ts'
import { sum, zero } from './decimal.ts'
import * as findings from './findings.ts'
import { type SubscriptionKey, subscriptionKey } from './keys.ts'
import type { Candidate, MatchInput, Matching, MatchingInput, Owner } from './matching.ts'
import { azureSerial } from './matching.ts'
import { candidatesOf, isActive, isWithin, MatchingDraft, quantityOf } from './matching-draft.ts'
import { mendedBy, piecesMustEnd, quantitiesMustBe, serialMustBe } from './still-wrong.ts'
import type { AdditionAnswer, Finding } from './types.ts'

/** Ours alone; never a subscription's (docs/billing-rules.md, "Reserved serial numbers"). */
const reservedSerial = /^(azure|adjust|credit|cents)-\d{4}-\d{2}$/

/** Matches every addition. @param input.held the counted additions active on or after the period's first day. */
export const match = (input: MatchingInput): Matching => {
  const draft = new MatchingDraft()
  const answers = new Map(input.answers.map((each) => [each.additionId, each]))
  const bySerial: Candidate[] = []
  const isKnown = ({ ours, serial }: Candidate) =>
    ours || (serial !== '' && input.standingOf(serial) !== null)
  for (const each of candidatesOf(input.held)) {
    const { id, serial } = each
    const answer = answers.get(id)
    if (azureSerial.test(serial)) draft.azure.push(...each.pieces)
    else if (reservedSerial.test(serial)) draft.leave(each, 'reserved', findings.additionReserved(id, serial))
    else if (answer?.answer === 'subscription')
      matchById(draft, each, subscriptionKey(answer.subscriptionId), input)
    else if (answer !== undefined && !isOverruled(answer, each, input))
      draft.leftAsIs.push(leftByAnswer(each.pieces, answer, input.earliestEnd))
    else if (!isKnown(each) && isBilledAndOver(each.pieces, input.window)) draft.leave(each, 'drift', null)
    else bySerial.push(each)
  }
  const byProduct = bySerial.filter((each) => !matchBySerial(draft, each, input))
  const pools = Map.groupBy(byProduct, ({ itemId }) => itemId)
  for (const [itemId, pool] of [...pools].sort(([a], [b]) => a - b))
    matchByProduct(draft, itemId, pool, input)
  return draft
}

/** An addition that this month's invoice explains is not ended: it would be created again. */
const isOverruled = (
  { answer }: AdditionAnswer,
  { serial, pieces }: Candidate,
  input: MatchInput,
): boolean => {
  if (answer !== 'ends' || serial === '' || !isWithin({ pieces }, input.window)) return false
  const standing = input.standingOf(serial)?.is
  return (
    standing === 'planned' || standing === 'billed' || standing === 'azure' || input.itemsOf(serial).size > 0
  )
}

// ───────────────────────────── by serial number ─────────────────────────────

/** False where it has no serial number, so that its product decides. */
function matchBySerial(draft: MatchingDraft, addition: Candidate, input: MatchInput): boolean {
  const { serial, itemId, ours } = addition
  if (serial === '') return false
  if (input.standingOf(serial) === null) matchUnknown(draft, addition, input)
  // Another item's addition may carry the id, too: a support fee, for example.
  else if (ours || input.itemsOf(serial).has(itemId) || input.priceListSku(itemId) !== null)
    matchById(draft, addition, serial, input)
  return true
}

function matchById(draft: MatchingDraft, addition: Candidate, id: SubscriptionKey, input: MatchInput): void {
  const standing = input.standingOf(id) ?? ({ is: 'unknown' } as const)
  const { serialNumber: serial, ours, created } = addition
  const ask = (finding: Finding): Finding => askingOf(addition, finding, input)
  switch (standing.is) {
    case 'planned':
    case 'billed':
    case 'skipped':
      return draft.match(id, addition)
    case 'settled':
      return
    case 'azure':
      draft.azure.push(...addition.pieces)
      return
    case 'annual':
      return draft.leave(addition, 'annualAddition', annualOf(addition, input), id)
    case 'aside':
      return draft.leave(addition, 'aside', findings.additionNotOurs(addition.id, serial), id)
    case 'moved':
      return ours
        ? draft.match(id, addition)
        : draft.leave(addition, 'unknown', ask(findings.additionMoved(addition.id, serial)), id)
    case 'lapsed':
      return ours || isActive(addition, standing.latest.last)
        ? draft.match(id, addition)
        : draft.leave(addition, 'unknown', ask(findings.additionUnknown(addition.id, 'later')), id)
    case 'unknown':
      return created
        ? draft.match(id, addition)
        : draft.leave(addition, 'unknown', ask(findings.additionUnknown(addition.id, 'never')), id)
  }
}

/** Ours was made while the subscription was monthly, so somebody has to say what becomes of it. */
const annualOf = (addition: Candidate, input: MatchInput): Finding => {
  const finding = findings.additionAnnual(addition.id, addition.ours)
  return addition.ours ? askingOf(addition, finding, input) : finding
}

/** It is not asked about any more where it ends before the period. */
const askingOf = (addition: Candidate, finding: Finding, input: MatchInput): Finding =>
  asking(mendedBy(finding, piecesMustEnd(addition.pieces, input.window.first)), [addition], input)

/** A serial number that says nothing we know: an Error where its product is invoiced, unknown where it is on the price list. */
function matchUnknown(draft: MatchingDraft, addition: Candidate, input: MatchInput): void {
  const { id, itemId, serialNumber, ours } = addition
  const planned = input.ownersOf(itemId).flatMap((owner) => (isPlanned(input, owner.id) ? [owner.id] : []))
  const [first] = planned
  if (input.invoicedItems().has(itemId) && first !== undefined) {
    const question = mendedBy(
      findings.unknownSerialNumber(serialNumber, id),
      serialMustBe(serialNumber, planned),
    )
    draft.fail(planned, asking(question, [addition], input))
    // It is billed, whoever's it is: the first one's row says so.
    draft.match(first, addition)
  } else if ((ours || input.priceListSku(itemId) !== null) && isWithin(addition, input.window))
    draft.leave(addition, 'unknown', askingOf(addition, findings.additionUnknown(id, 'serial'), input))
}

const isPlanned = (input: MatchInput, id: SubscriptionKey): boolean => input.standingOf(id)?.is === 'planned'

// ───────────────────────────── by product ─────────────────────────────

function matchByProduct(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Candidate[],
  input: MatchingInput,
): void {
  const owners = input.ownersOf(itemId)
  if (owners.length === 0) return leaveOver(draft, itemId, pool, input)
  const pairs = pairUp(draft, itemId, pool, owners, input)
  if (pairs === null) return askWhose(draft, itemId, pool, owners, input)
  for (const [addition, id] of pairs) {
    const standing = input.standingOf(id)?.is
    if (standing === 'planned' || standing === 'lapsed' || input.mayOwnUnreadable(id, itemId))
      draft.match(id, addition)
    else matchById(draft, addition, id, input)
  }
}

type Pairs = ReadonlyMap<Candidate, SubscriptionKey>

/** Which owner each addition of the pool belongs to; `null` where nothing tells. */
function pairUp(
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
function sumsUp(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Candidate[],
  owner: Owner,
  { window }: MatchingInput,
): boolean {
  for (let day = previousDay(window.first); day <= window.last; day = nextDay(day)) {
    const held = sum(pool.map((each) => quantityOf(each, day)))
    const wanted = owner.quantityOn(day)
    if (!wanted.eq(zero) && held.plus(draft.quantityOf(owner.id, itemId, day)).eq(wanted)) return true
  }
  return false
}

/** The pairs of additions and subscriptions whose quantities on the period's first day are each other's only match. */
function pairByQuantity(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Candidate[],
  owners: readonly Owner[],
  { window: { first } }: MatchingInput,
): Pairs | null {
  const pairs = new Map<Candidate, SubscriptionKey>()
  const taken = new Set<SubscriptionKey>()
  const missing = owners.map((owner) => ({
    id: owner.id,
    quantity: owner.quantityOn(first).minus(draft.quantityOf(owner.id, itemId, first)),
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

/** One question a product: an Error of the subscriptions that would be written; where there is none, the additions are unknown. */
function askWhose(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Candidate[],
  owners: readonly Owner[],
  input: MatchingInput,
): void {
  const isShown = (id: SubscriptionKey): boolean =>
    ['billed', 'skipped'].includes(input.standingOf(id)?.is ?? '')
  const isAsked = (id: SubscriptionKey): boolean =>
    isPlanned(input, id) || (draft.matched.has(id) && !isShown(id)) || input.mayOwnUnreadable(id, itemId)
  const planned = owners.flatMap(({ id }) => (isAsked(id) ? [id] : []))
  const [first] = planned
  if (first === undefined) {
    for (const each of pool)
      draft.leave(each, 'unknown', askingOf(each, findings.additionUnknown(each.id, 'whose'), input))
    return
  }
  const ids = pool.map(({ id }) => id)
  const question = findings.ambiguousAdditions(input.itemName(itemId), ids, owners.length)
  draft.fail(
    planned,
    asking(mendedBy(question, quantitiesOf(draft, itemId, pool, owners, input)), pool, input),
  )
  for (const each of pool) draft.match(first, each)
}

/** What the quantities are and would have to be, on the period's first day, or the first one that has a quantity. */
function quantitiesOf(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Candidate[],
  owners: readonly Owner[],
  { window: { first, last } }: MatchingInput,
): string {
  let day = first
  while (day < last && owners.every((owner) => owner.quantityOn(day).eq(zero))) day = nextDay(day)
  const held = pool.map((each) => quantityOf(each, day))
  const wanted = owners.map((owner) => owner.quantityOn(day).minus(draft.quantityOf(owner.id, itemId, day)))
  return quantitiesMustBe(held, wanted, day)
}

function leaveOver(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Candidate[],
  input: MatchingInput,
): void {
  const sku = input.priceListSku(itemId)
  if (sku === null) return
  for (const each of pool)
    if (isWithin(each, input.window))
      draft.leftovers.push({ held: each.pieces, sku, asks: [askedOf(each, input)] })
}
