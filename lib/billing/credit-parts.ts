/** The additions that carry a month's credits and adjustments, as the ledger and ConnectWise have them, and what is written of them. */
import { byStart, type CountedAddition, hold, isCounted } from './additions.ts'
import { chargeKey, type IdentifiedLine } from './annual/line-identity.ts'
import { billHeld } from './bill.ts'
import type { Context, Group } from './context.ts'
import {
  billOfCredit,
  type CreditStyle,
  createOfCredit,
  creditLots,
  creditMonth,
  creditTerms,
  isOfNothing,
} from './credit-lines.ts'
import { isZeroPair, money, zero } from './decimal.ts'
import { subscriptionKey } from './keys.ts'
import { keepOwn, patchTo } from './own-additions.ts'
import { productOf } from './plan-subscription.ts'
import { simulate } from './simulate.ts'
import { isInvoicedWhole } from './timeline.ts'
import type { Addition, AdditionPatch, CarriedLine, Change } from './types.ts'

/** An addition that we created for a line of the month. */
export interface CreditPart {
  readonly id: number
  readonly carries: CarriedLine
  readonly itemId: number
  /** As ConnectWise holds it; `null`: it is deleted. */
  readonly addition: Addition | null
  /** What is known to be billed of it. */
  readonly billed: readonly CountedAddition[]
}

/** All of the agreement, the oldest first. */
export const partsOf = ({ situation, additions, window, held }: Context): CreditPart[] => {
  return situation.owned
    .flatMap(({ additionId: id, created, carries }): CreditPart[] => {
      if (!created || carries === undefined || creditMonth(carries) !== window.period) return []
      const pieces = held.filter((each) => each.id === id)
      const addition = additions.get(id) ?? null
      const itemId = addition?.catalogItemId ?? pieces[0]?.addition?.catalogItemId ?? 0
      return [{ id, carries, itemId, addition, billed: pieces.filter(({ billed }) => billed) }]
    })
    .sort((a, b) => a.id - b.id)
}

/**
 * Whether ConnectWise has invoiced it, or that is not known: then it stays as it was billed. Where an invoice of the month is known
 * and does not have it, it is billed by a later one.
 */
export const isFrozen = ({ situation, window }: Context, { billed }: Pick<CreditPart, 'billed'>): boolean =>
  billed.length > 0 ||
  (isInvoicedWhole(situation.agreement, window) && !isInvoiceKnown(situation.invoices, window.last))

const isInvoiceKnown = (invoices: Context['situation']['invoices'], last: string): boolean =>
  invoices?.some(({ through }) => through >= last) === true

interface Credits extends Pick<Group, 'id' | 'product'> {
  readonly lines: readonly IdentifiedLine[]
  readonly parts: readonly CreditPart[]
  /** What is meant of the subscription's other additions. */
  readonly planned: readonly Change[]
}

/**
 * What makes each line billed once, and what is on the invoice no more not at all.
 * @param isLeft whether all is left as it is
 */
export const changesOfParts = (context: Context, credits: Credits, isLeft = false): Change[] => {
  const { product, lines, parts } = credits
  if (isLeft) return parts.flatMap(({ addition }) => (addition === null ? [] : [keepOwn(addition)]))
  const taken = new Set<CreditPart>()
  const ofLines = lines.flatMap((of): Change[] => {
    const own = parts.filter(({ carries }) => chargeKey(carries) === chargeKey(of.is))
    const part = own.find(({ billed }) => billed.length > 0) ?? own.find(({ addition }) => addition !== null)
    if (part !== undefined) taken.add(part)
    if (part !== undefined && (part.addition === null || isFrozen(context, part))) return keepsOf(part)
    if (part?.addition) return [updateOf(context, part.addition, of)]
    // It was there, and may have been billed before it was deleted.
    if (own.some((each) => isFrozen(context, each)) || isOfNothing(of.line) || product === null) return []
    return [
      createOfCredit(of, context.window, productOf(context, product), styleOf(context, credits, product)),
    ]
  })
  const over = parts.filter((part) => !taken.has(part))
  return [
    ...ofLines,
    ...over.flatMap((part) => (isFrozen(context, part) ? keepsOf(part) : takenBack(context, part))),
  ]
}

/** Additions of somebody else's that bill of the month what one of the lines does: it may be entered by hand already. */
export const byHand = ({ held, situation, window }: Context, lines: readonly IdentifiedLine[]): number[] => {
  const wanted = lines
    .map(({ line }) => billOfCredit(line, window, situation.agreement))
    .filter((each) => !isZeroPair(each))
  const others = held.filter(({ created, addition }) => !created && addition !== null)
  const bills = (each: CountedAddition): boolean => {
    const { price } = billHeld(each, window.period)
    return !price.eq(zero) && wanted.some((line) => line.price.eq(price))
  }
  return [...new Set(others.filter((each) => isWithinMonth(each, window) && bills(each)).map(({ id }) => id))]
}

/** It bills this month and no other, as a correction does. */
const isWithinMonth = (
  { startedOn, addition }: CountedAddition,
  { first, last }: Context['window'],
): boolean =>
  startedOn >= first &&
  startedOn <= last &&
  (addition?.cancelledDate ?? null) !== null &&
  (addition?.cancelledDate ?? '') <= last

const keepsOf = ({ addition }: CreditPart): Change[] => (addition === null ? [] : [keepOwn(addition)])

const updateOf = ({ window }: Context, before: Addition, { line }: IdentifiedLine): Change => {
  const set = patchTo(before, creditTerms(line, window))
  if (set === null) return keepOwn(before)
  return {
    kind: 'update',
    reason: { rule: 'credit', first: line.first, last: line.last },
    additionId: before.id,
    before,
    set,
    lots: creditLots(line),
  }
}

/** It bills nothing any more; all else stays as it is. */
const takenBack = ({ window }: Context, { addition }: CreditPart): Change[] => {
  if (addition === null) return []
  const nothing = money(zero)
  const isNothing = (value: string): boolean => Number(value) === 0
  if (isNothing(addition.unitCost) && isNothing(addition.unitPrice)) return [keepOwn(addition)]
  const set: AdditionPatch = { unitCost: nothing, unitPrice: nothing }
  const none = { cost: nothing, price: nothing }
  const lots = [{ quantity: addition.quantity, origin: 'created' as const, prism: none, set: none }]
  return [
    {
      kind: 'update',
      reason: { rule: 'credit-gone', period: window.period },
      additionId: addition.id,
      before: addition,
      set,
      lots,
    },
  ]
}

/**
 * As the addition of the subscription and product that began first is billed; without one as its catalog item says. Those count that the
 * plan leaves, as a part of it may be written already. Where the month has no lines of them, those that were there on the day before it:
 * the plan ends them then.
 */
const styleOf = (
  context: Context,
  { id, planned }: Pick<Credits, 'id' | 'planned'>,
  product: NonNullable<Group['product']>,
): CreditStyle => {
  const { situation, held, groupsOf, endedBefore, window } = context
  const itemId = product.item?.id ?? 0
  const isOwn = ({ catalogItemId, serialNumber }: Addition): boolean =>
    catalogItemId === itemId && subscriptionKey(serialNumber) === id
  const own = held.filter(({ addition, carries }) => carries === undefined && addition && isOwn(addition))
  const hasLines = groupsOf(id).some((group) => group.product?.key === product.key && group.lines.length > 0)
  const before = hasLines
    ? []
    : [...own.filter(({ start }) => start < window.first), ...(endedBefore.get(id)?.get(itemId) ?? [])]
  const after = leftBy(planned, own, situation.catalog)
    .filter(isOwn)
    .map((addition) => hold(addition, situation.agreement, undefined))
    .filter(isCounted)
  const [first] = (before.length > 0 ? before : after).toSorted(byStart)
  return {
    billCustomer: first?.billCustomer ?? 'Billable',
    taxable: first?.taxable ?? product.item?.taxable ?? situation.options.defaults.taxable,
    invoiceGrouping: first?.invoiceGrouping ?? null,
  }
}

/** The subscription's additions once its changes are made, with those that they adopt and create. */
const leftBy = (
  planned: readonly Change[],
  own: readonly CountedAddition[],
  catalog: Context['situation']['catalog'],
): readonly Addition[] => {
  const additions = new Map<number, Addition>()
  for (const { addition } of own) if (addition !== null) additions.set(addition.id, addition)
  for (const change of planned) if ('before' in change) additions.set(change.additionId, change.before)
  return simulate({ additions: [...additions.values()], owned: [], catalog }, planned).additions
}
