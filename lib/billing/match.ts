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
import { nextDay } from './days.ts'
import { zero } from './decimal.ts'
import { isRoundingSerial, roundingSerial } from './exact-amounts.ts'
import * as findings from './findings.ts'
import { noSubscription, type SubscriptionKey, subscriptionKey } from './keys.ts'
import { hasAnotherItem, isPlanned, pairUp, sumsUp } from './match-pairs.ts'
import type { Candidate, MatchInput, Matching, MatchingInput, Owner } from './matching.ts'
import { azureSerial } from './matching.ts'
import { candidatesOf, isActive, isWithin, MatchingDraft, quantityOf } from './matching-draft.ts'
import { askNamesakes } from './namesakes.ts'
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
    if (each.creditOf !== null) matchCredit(draft, each, input)
    else if (azureSerial.test(serial)) draft.azure.push(...each.pieces)
    else if (isCorrection(each)) matchCorrection(draft, each, input)
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
  // What an item says of the motion tells the subscription; the others are left for those that say nothing.
  const rank = (itemId: number): number =>
    isAnnualItem(itemId, input) ? 2 : Number(input.motionOf(itemId) === null)
  for (const [itemId, pool] of [...pools].sort(([a], [b]) => rank(a) - rank(b) || a - b))
    matchByProduct(draft, itemId, pool, input)
  askNamesakes(draft, bySerial, input)
  return draft
}

const isCorrection = ({ serial, created }: Candidate): boolean => created && isRoundingSerial(serial)

/** One of another month is of no concern, unless somebody made it bill in this one. */
const matchCorrection = (draft: MatchingDraft, each: Candidate, { window }: MatchInput): void => {
  const { id, serial, pieces } = each
  if (serial === roundingSerial(window.period)) draft.corrections.push(...pieces)
  else if (isWithin(each, window)) draft.leave(each, 'reserved', findings.additionReserved(id, serial))
}

/** The month's own have rows of their own (credits.ts); one of another month is of no concern, unless somebody made it bill in this one. */
const matchCredit = (draft: MatchingDraft, each: Candidate, { window }: MatchInput): void => {
  if (each.creditOf !== window.period && isWithin(each, window))
    draft.leave(each, 'reserved', findings.additionReserved(each.id, each.serialNumber))
}

/** An addition that this month's invoice explains is not ended: it would be created again; of Azure usage only its total would. */
const isOverruled = (
  { answer }: AdditionAnswer,
  { serial, pieces }: Candidate,
  input: MatchInput,
): boolean => {
  if (answer !== 'ends' || serial === '' || !isWithin({ pieces }, input.window)) return false
  const standing = input.standingOf(serial)?.is
  return standing === 'planned' || standing === 'billed' || input.itemsOf(serial).size > 0
}

// ───────────────────────────── by serial number ─────────────────────────────

/** False where it has no serial number, so that its product decides. */
function matchBySerial(draft: MatchingDraft, addition: Candidate, input: MatchInput): boolean {
  const { serial, itemId, ours } = addition
  if (serial === '') return false
  if (input.standingOf(serial) === null) {
    if (isAnnualItem(itemId, input)) return false
    matchUnknown(draft, addition, input)
  }
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
  if (input.isAzureItem(itemId)) return void draft.azure.push(...addition.pieces)
  const planned = input.ownersOf(itemId).flatMap((owner) => (isPlanned(input, owner.id) ? [owner.id] : []))
  const [first] = planned
  if (input.isInvoiced(itemId) && first !== undefined) {
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

// ───────────────────────────── by product ─────────────────────────────

function matchByProduct(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Candidate[],
  input: MatchingInput,
): void {
  if (input.isAzureItem(itemId)) return void draft.azure.push(...pool.flatMap(({ pieces }) => pieces))
  const owners = input.ownersOf(itemId)
  if (isAnnualItem(itemId, input)) return leaveAnnual(draft, itemId, pool, owners, input)
  if (owners.length === 0) return leaveOver(draft, itemId, pool, input)
  const pairs = pairUp(draft, itemId, pool, owners, input)
  if (pairs === null) return askWhose(draft, itemId, pool, owners, input)
  if ([...pairs.values()].some((id) => hasAnotherItem(id, itemId, input)))
    return askWhose(draft, itemId, pool, owners, input, serialOf(owners))
  for (const [addition, id] of pairs) {
    const standing = input.standingOf(id)?.is
    if (standing === 'planned' || standing === 'lapsed' || input.mayOwnUnreadable(id, itemId))
      draft.match(id, addition)
    else matchById(draft, addition, id, input)
  }
}

const isAnnualItem = (itemId: number, { motionOf, priceListSku }: MatchInput): boolean =>
  motionOf(itemId) === 'annual' && priceListSku(itemId) !== null

/** The item bills terms of a year at once. Where nothing else bills a subscription of the product by the month, a person is asked. */
function leaveAnnual(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Candidate[],
  owners: readonly Owner[],
  input: MatchingInput,
): void {
  const isOpen = (owner: Owner): boolean =>
    isPlanned(input, owner.id) && !sumsUp(draft, itemId, [], owner, input)
  if (owners.some(isOpen)) return askWhose(draft, itemId, pool, owners, input, serialOf(owners))
  const [only, another] = owners
  const id = only && !another ? only.id : noSubscription
  for (const each of pool) draft.leave(each, 'annualAddition', annualOf(each, input), id)
}

/** One question a product: an Error of the subscriptions that would be written; where there is none, the additions are unknown. */
function askWhose(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Candidate[],
  owners: readonly Owner[],
  input: MatchingInput,
  mended = quantitiesOf(draft, itemId, pool, owners, input),
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
  draft.fail(planned, asking(mendedBy(question, mended), pool, input))
  for (const each of pool) draft.match(first, each)
}

const serialOf = (owners: readonly Owner[]): string =>
  serialMustBe(
    '',
    owners.map(({ id }) => id),
  )

/** What the quantities are and would have to be, on the period's first day, or the first one that has a quantity. */
function quantitiesOf(
  draft: MatchingDraft,
  itemId: number,
  pool: readonly Candidate[],
  owners: readonly Owner[],
  input: MatchingInput,
): string {
  const { first, last } = input.window
  let day = first
  while (day < last && owners.every((owner) => owner.quantityOn(day).eq(zero))) day = nextDay(day)
  const held = pool.map((each) => quantityOf(each, day))
  const wanted = owners.map((owner) =>
    owner.quantityOn(day).minus(draft.quantityOf(owner.id, itemId, day, input)),
  )
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
