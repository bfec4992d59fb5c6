/**
 * Exact amounts (J10; docs/billing-rules.md, "Exact amounts"): one addition an agreement and month bills the rounding by which
 * ConnectWise's invoice differs from PRISM's, and nothing else. It is planned once nothing else of the month is left to write, and
 * stays as it was once ConnectWise has invoiced the month.
 */
import type { CountedAddition } from './additions.ts'
import type { Context, Group } from './context.ts'
import {
  amount,
  decimal,
  isZeroPair,
  mapPair,
  type Pair,
  pair,
  quantity,
  roundToCents,
  subtractPair,
  sumPairs,
  zero,
  zeroPair,
} from './decimal.ts'
import { monthName } from './format.ts'
import { isGood } from './held-back.ts'
import { type SubscriptionKey, subscriptionKey } from './keys.ts'
import type { Matching } from './matching.ts'
import { heldAfter, keepOwn, onceInMonth, patchTo } from './own-additions.ts'
import { reconcileAs } from './reconcile.ts'
import { billedBy, statusOf } from './subscription-row.ts'
import { isInvoicedWhole } from './timeline.ts'
import type { Addition, Change, CreateChange, Lot, Period, SubscriptionPlan, UpdateChange } from './types.ts'
import type { Untouched } from './unreadable.ts'

const serialNumbers = /^cents-\d{4}-\d{2}$/

/** The serial number of a month's correction. */
export const roundingSerial = (period: Period): string => `cents-${period}`

/** Whether a serial number is that of a correction, whatever month it is of. */
export const isRoundingSerial = (serial: SubscriptionKey): boolean => serialNumbers.test(serial)

/** What the row of a correction is called, by its serial number; `null`: it is none's. */
export const roundingName = (serial: SubscriptionKey): string | null =>
  isRoundingSerial(serial) ? `Rounding of ${monthName(serial.slice('cents-'.length) as Period)}` : null

const one = decimal(1)

/**
 * The month's correction as one row; none where there is none and none is to be written.
 * @param rows all others of the plan
 */
export const roundingRow = (
  context: Context,
  { corrections }: Matching,
  rows: readonly SubscriptionPlan[],
  untouched: Untouched,
): SubscriptionPlan[] => {
  const { situation, window, unfit } = context
  const isFrozen = isInvoicedWhole(situation.agreement, window) || corrections.some(({ billed }) => billed)
  const isStopped = isFrozen || unfit.length > 0 || untouched.everybody.length > 0
  const due = isStopped ? null : dueOf(context, rows)
  const change = due === null ? null : changeTo(context, corrections, due, rows)
  if (corrections.length === 0 && change === null) return []
  const held = change === null ? corrections : after(context, corrections, change)
  const changes = change === null ? corrections.flatMap(keep) : [change]
  const reconciliation = reconcileAs('exactAmounts', zeroPair, billedBy(held, window))
  const itemId =
    change?.kind === 'create' ? change.addition.catalogItemId : corrections[0]?.addition?.catalogItemId
  const item = context.lookup.item(itemId ?? 0)
  const product = item && context.lookup.productOf(item)
  return [
    {
      kind: 'addition',
      subscriptionId: roundingSerial(window.period),
      tenantId: '',
      product: {
        productId: product?.productId ?? '',
        sku: product?.sku ?? item?.vendorSku ?? '',
        name: roundingName(subscriptionKey(roundingSerial(window.period))) ?? '',
        catalogItemId: itemId ?? null,
      },
      status: statusOf([], changes),
      findings: [],
      changes,
      quantityBefore: quantity(zero),
      steps: [{ first: window.first, last: window.last, quantity: quantity(one) }],
      invoiced: reconciliation.invoiced,
      billed: reconciliation.billed,
      reconciliation,
    },
  ]
}

/** What corrections are to bill in all; `null`: that is not to be said yet. */
const dueOf = (context: Context, rows: readonly SubscriptionPlan[]): Pair | null => {
  if (context.situation.options.exactAmounts !== true) return zeroPair
  if (!isAllGood(context, rows)) return null
  return mapPair(sumPairs(rows.map(({ reconciliation }) => pair(reconciliation.rounding))), roundToCents)
}

/** Nothing of the month failed, waits, is skipped, is left out of the plan, or is still to be written. */
const isAllGood = (context: Context, rows: readonly SubscriptionPlan[]): boolean =>
  !context.isAnySkipped &&
  context.classified.unplaced.length === 0 &&
  context.groups.every((group) => isPlanned(context, group)) &&
  rows.every((row) => isGood(row) && row.changes.every(({ kind }) => kind === 'keep'))

/** False where it is good and an older month, so that the plan does not have it. */
const isPlanned = ({ situation, window, isDue, isBilled }: Context, { id }: Group): boolean =>
  isDue(id) || isBilled(id) || situation.goodElsewhere?.[id]?.includes(window.period) === true

/** What makes all corrections bill so much; `null`: nothing. */
const changeTo = (
  context: Context,
  corrections: readonly CountedAddition[],
  due: Pair,
  rows: readonly SubscriptionPlan[],
): CreateChange | UpdateChange | null => {
  const [first, ...others] = corrections.toSorted((a, b) => a.id - b.id)
  if (first === undefined) return isZeroPair(due) ? null : createOf(context, due, rows)
  const { addition } = first
  if (addition === null) return null
  const its = subtractPair(due, billedBy(others, context.window))
  if (isZeroPair(its) && isZeroPair(billedBy([first], context.window))) return null
  return updateOf(context, addition, its)
}

const createOf = (context: Context, due: Pair, rows: readonly SubscriptionPlan[]): CreateChange | null => {
  const { window } = context
  const rounded = rows.find(
    ({ product, reconciliation }) =>
      product.catalogItemId !== null && !isZeroPair(pair(reconciliation.rounding)),
  )
  const item = context.lookup.item(rounded?.product.catalogItemId ?? 0)
  if (item === undefined) return null
  return {
    kind: 'create',
    reason: { rule: 'rounding', period: window.period },
    addition: {
      ...termsOf(context, due),
      sku: item.vendorSku,
      catalogItemId: item.id,
      serialNumber: roundingSerial(window.period),
      taxable: item.taxable,
      invoiceDescription: descriptionOf(window.period),
      invoiceGrouping: null,
    },
    lots: lotsAt(due),
  }
}

const descriptionOf = (period: Period): string =>
  `Rounding of ${monthName(period)}, so that the invoice equals PRISM's`

/** What decides how it is billed. */
const termsOf = ({ window }: Context, due: Pair) =>
  ({ ...onceInMonth(window, one, due), billCustomer: 'Billable' }) as const

/** Whatever somebody changed of it is set, too: it bills the rounding and nothing else. */
const updateOf = (context: Context, before: Addition, due: Pair): UpdateChange | null => {
  const set = patchTo(before, termsOf(context, due))
  if (set === null) return null
  return {
    kind: 'update',
    reason: { rule: 'rounding', period: context.window.period },
    additionId: before.id,
    before,
    set,
    lots: lotsAt(due),
  }
}

const lotsAt = (due: Pair): Lot[] => [
  { quantity: quantity(one), origin: 'created', prism: amount(due), set: amount(due) },
]

const keep = ({ addition, writable }: CountedAddition): Change[] =>
  addition === null || !writable ? [] : [keepOwn(addition)]

/** The corrections once the change is made: none of them is billed yet. */
const after = (
  { situation }: Context,
  corrections: readonly CountedAddition[],
  change: CreateChange | UpdateChange,
): CountedAddition[] => {
  const additions = corrections.flatMap(({ addition }) => addition ?? [])
  return heldAfter(additions, [change], situation.agreement)
}
