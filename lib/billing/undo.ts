/**
 * Taking back what a run wrote on an agreement (J2; docs/billing-rules.md, "Undo"): whole subscriptions. What ConnectWise has not
 * invoiced becomes as it was before; what it has invoiced stays, and a dated adjustment gives back the difference. Pure, and by
 * what the agreement holds now: planned again after any part of it was written, it leads to the same end.
 */
import type { CountedAddition } from './additions.ts'
import { heldAdditions } from './billed-days.ts'
import { monthEnd, nextDay, periodOf } from './days.ts'
import {
  addPair,
  decimal,
  isZeroPair,
  mapPair,
  money,
  quantity,
  sumPairs,
  zero,
  zeroPair,
} from './decimal.ts'
import * as findings from './findings.ts'
import type { SubscriptionKey } from './keys.ts'
import { invoicedThrough } from './timeline.ts'
import type {
  Addition,
  AdditionDraft,
  AdditionPatch,
  AdditionWrite,
  CreateChange,
  Finding,
  Lot,
  Period,
} from './types.ts'
import {
  isSameEnd,
  type Restored,
  type Target,
  targetOf,
  type UndoInput,
  type UndoneKind,
  type WrittenAddition,
} from './undo-addition.ts'

/** What is undone of one subscription, or why nothing of it is. */
export interface UndoneSubscription {
  readonly kind: UndoneKind
  /** `''` where it is none's. */
  readonly subscriptionId: SubscriptionKey
  readonly changes: readonly AdditionWrite[]
  /** An error: nothing of it is undone. */
  readonly findings: readonly Finding[]
}

/** Serial numbers of adjustments: the month that bills them. */
export const adjustSerial = (period: Period): string => `adjust-${period}`

export const undo = (input: UndoInput): UndoneSubscription[] => {
  const { situation, invoicedBefore } = input
  const invoices = situation.invoices ?? []
  const billed = billedBy(situation)
  const before = billedBy({
    ...situation,
    invoices: invoices.filter(({ through }) => invoicedBefore !== null && through <= invoicedBefore),
  })
  const now = new Map(situation.additions.map((addition) => [addition.id, addition]))
  const together = Map.groupBy(input.written, ({ kind, subscriptionId, additionId }) =>
    kind === 'addition' ? `${kind} ${additionId}` : `${kind} ${subscriptionId}`,
  )
  return [...together.values()].map((written) => {
    const { kind, subscriptionId } = written[0] as WrittenAddition
    const parts = written.map((each) => ({
      ...each,
      now: now.get(each.additionId) ?? null,
      ...targetOf(input, each, { in: billed(each.additionId), before: before(each.additionId) }),
    }))
    return { kind, subscriptionId, ...undoneBy(input, subscriptionId, parts) }
  })
}

/** By addition, its pieces that ConnectWise has invoiced. */
const billedBy = (
  situation: UndoInput['situation'],
): ((additionId: number) => readonly CountedAddition[]) => {
  const pieces = Map.groupBy(
    heldAdditions(situation).filter((piece) => piece.billed),
    ({ id }) => id,
  )
  return (additionId) => pieces.get(additionId) ?? []
}

type Part = WrittenAddition & Target & { readonly now: Addition | null }

const undoneBy = (
  input: UndoInput,
  subscriptionId: SubscriptionKey,
  parts: readonly Part[],
): Pick<UndoneSubscription, 'changes' | 'findings'> => {
  const edited = parts.filter(isEdited).map(({ additionId }) => additionId)
  if (edited.length > 0) return refused(findings.undoEdited(edited))
  const adjustments = adjustmentsOf(input, parts)
  const drafts = [
    ...parts.flatMap(({ anew, additionId }) => (anew ? [createOf(input, anew, additionId)] : [])),
    ...adjustments,
  ]
  const changes = [...parts.flatMap(changeOf), ...withoutRestored(drafts, input.restored, subscriptionId)]
  const { agreement } = input.situation
  if (changes.length > 0 && invoicedThrough(agreement) !== input.invoicedThrough)
    return refused(findings.undoOvertaken())
  const [adjustment] = adjustments
  if (adjustment === undefined) return { changes, findings: noted(parts) }
  const { effectiveDate } = adjustment.addition
  if (agreement.endDate !== null && effectiveDate > agreement.endDate)
    return refused(findings.undoAfterEnd(effectiveDate))
  const { price } = sumPairs(parts.map(({ overbilled }) => overbilled))
  return {
    changes,
    findings: [...noted(parts), findings.undoAdjusted(periodOf(effectiveDate), money(price))],
  }
}

const refused = (finding: Finding): Pick<UndoneSubscription, 'changes' | 'findings'> => ({
  changes: [],
  findings: [finding],
})

/** As it is billed: the serial number stays as the run left it. */
const isBilledAlike = (a: Addition | null, b: Addition | null): boolean =>
  a === null || b === null
    ? a === b
    : a.catalogItemId === b.catalogItemId &&
      decimal(a.quantity).eq(b.quantity) &&
      decimal(a.lessIncluded).eq(b.lessIncluded) &&
      decimal(a.unitCost).eq(b.unitCost) &&
      decimal(a.unitPrice).eq(b.unitPrice) &&
      a.effectiveDate === b.effectiveDate &&
      a.cancelledDate === b.cancelledDate &&
      a.billCustomer === b.billCustomer

/** Somebody changed or deleted it since: it is neither as the run left it nor as this undo does. */
const isEdited = ({ now, after, target }: Part): boolean =>
  !isBilledAlike(now, after) && !isBilledAlike(now, target)

const reason = { rule: 'undone' } as const

const changeOf = ({ now, target, additionId }: Part): AdditionWrite[] => {
  if (now === null || isBilledAlike(now, target)) return []
  if (target === null) return [{ kind: 'delete', reason, additionId, before: now }]
  const isRepriced =
    !decimal(now.unitCost).eq(target.unitCost) || !decimal(now.unitPrice).eq(target.unitPrice)
  const set: AdditionPatch = {
    ...(isSameEnd(now, target) ? {} : { cancelledDate: target.cancelledDate }),
    ...(isRepriced ? { unitCost: target.unitCost, unitPrice: target.unitPrice } : {}),
  }
  return [
    { kind: 'update', reason, additionId, before: now, set, ...(isRepriced ? { lots: lotsOf(target) } : {}) },
  ]
}

const lotsOf = ({
  quantity: of,
  unitCost,
  unitPrice,
}: Pick<Addition, 'quantity' | 'unitCost' | 'unitPrice'>): Lot[] => {
  const unit = { cost: unitCost, price: unitPrice }
  return [{ quantity: of, origin: 'created', prism: unit, set: unit }]
}

/** @param id of the addition that it stands for, whose prices of PRISM are known */
const createOf = ({ situation, skuOf }: UndoInput, addition: Addition, id: number): CreateChange => {
  const { id: _, catalogItemId, effectiveDate, ...fields } = addition
  const known = situation.owned.find(({ additionId }) => additionId === id)
  return {
    kind: 'create',
    reason,
    addition: {
      ...fields,
      catalogItemId,
      sku: skuOf(catalogItemId),
      effectiveDate: effectiveDate ?? situation.agreement.startDate,
    },
    lots: known && known.lots.length > 0 ? [...known.lots] : lotsOf(addition),
  }
}

/** Of each item what was billed too much or too little, as one addition of the first month that is not invoiced. */
const adjustmentsOf = (
  { invoicedThrough: through, skuOf }: UndoInput,
  parts: readonly Part[],
): CreateChange[] => {
  if (through === null) return []
  const first = nextDay(through)
  const ofItem = Map.groupBy(
    parts.flatMap((part) => {
      const of = part.after ?? part.before
      return of === null ? [] : [{ of, overbilled: part.overbilled }]
    }),
    ({ of }) => of.catalogItemId,
  )
  return [...ofItem].flatMap(([catalogItemId, all]): CreateChange[] => {
    const total = all.map(({ overbilled }) => overbilled).reduce(addPair, zeroPair)
    const [sample] = all
    if (sample === undefined || isZeroPair(total)) return []
    const isCredit = total.price.gt(zero) || (total.price.eq(zero) && total.cost.gt(zero))
    const unit = isCredit ? total : mapPair(total, (value) => zero.minus(value))
    const addition: AdditionDraft = {
      sku: skuOf(catalogItemId),
      catalogItemId,
      serialNumber: adjustSerial(periodOf(first)),
      quantity: quantity(decimal(isCredit ? '-1' : '1')),
      lessIncluded: quantity(zero),
      unitCost: money(unit.cost),
      unitPrice: money(unit.price),
      effectiveDate: first,
      cancelledDate: monthEnd(first),
      billCustomer: 'Billable',
      taxable: sample.of.taxable,
      invoiceDescription: '',
      invoiceGrouping: sample.of.invoiceGrouping,
    }
    return [{ kind: 'create', reason: { rule: 'adjusted', through }, addition, lots: lotsOf(addition) }]
  })
}

/** Without those that this undo has created already. */
const withoutRestored = (
  creates: readonly CreateChange[],
  restored: readonly Restored[],
  subscriptionId: SubscriptionKey,
): CreateChange[] => {
  const keyOf = (draft: AdditionDraft): string =>
    JSON.stringify(Object.entries(draft).sort(([a], [b]) => (a < b ? -1 : 1)))
  const there = restored
    .filter((each) => each.subscriptionId === subscriptionId)
    .map(({ draft }) => keyOf(draft))
  return creates.filter(({ addition }) => {
    const at = there.indexOf(keyOf(addition))
    if (at !== -1) there.splice(at, 1)
    return at === -1
  })
}

/** What does not become as it was. */
const noted = (parts: readonly Part[]): Finding[] => {
  const adopted = parts.flatMap(({ before, after, additionId }) =>
    before && after && before.serialNumber !== after.serialNumber ? [additionId] : [],
  )
  const deleted = parts.flatMap(({ after, anew, additionId }) => (after === null && anew ? [additionId] : []))
  return [
    ...(adopted.length === 0 ? [] : [findings.undoKeepsSerial(adopted)]),
    ...(deleted.length === 0 ? [] : [findings.undoGivesNewId(deleted)]),
  ]
}
