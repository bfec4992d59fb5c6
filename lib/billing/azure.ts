/** Azure usage: one addition for the agreement and month (F3), found again by its serial number `azure-YYYY-MM`. */
import { type CountedAddition, hold, isActiveWithin } from './additions.ts'
import { billHeld } from './bill.ts'
import { amount, decimal, isZeroPair, money, type Pair, quantity } from './decimal.ts'
import * as findings from './findings.ts'
import { subscriptionKey } from './keys.ts'
import type { AdditionProduct } from './step-rules.ts'
import { azureMustBe, mendedBy } from './still-wrong.ts'
import { isInvoicedWhole, type Window } from './timeline.ts'
import type { Agreement, Change, CreateChange, Finding, Lot, Period, UpdateChange } from './types.ts'

export const azureSerial = (period: Period): string => `azure-${period}`

export interface AzureInput {
  readonly window: Window
  readonly agreement: Agreement
  readonly product: AdditionProduct
  /** Sum of SubTotal and SubTotalRrp of the agreement's Azure lines. */
  readonly total: Pair
  /** Additions with an `azure-…` serial number, and those that carry an Azure subscription's id. */
  readonly held: readonly CountedAddition[]
}

export interface AzurePlan {
  readonly changes: readonly Change[]
  readonly findings: readonly Finding[]
  readonly held: readonly CountedAddition[]
  readonly billed: Pair
}

const one = decimal(1)

const lotsAt = (unit: Pair): Lot[] => [
  { quantity: quantity(one), origin: 'created', prism: amount(unit), set: amount(unit) },
]

/** The addition of the period: by our serial number, else a single one of Azure usage from the first day (adopted). */
export const existingAzure = ({
  held,
  window,
}: Pick<AzureInput, 'held' | 'window'>): CountedAddition | undefined => {
  const serialOf = (each: CountedAddition): string => subscriptionKey(each.addition?.serialNumber ?? '')
  return (
    held.find((each) => serialOf(each) === azureSerial(window.period)) ??
    held.find(
      (each) => each.start === window.first && each.quantity.eq(one) && !serialOf(each).startsWith('azure-'),
    )
  )
}

/** Those that bill Azure usage of the period beside that one, and that can still be ended. */
export const besideAzure = (input: Pick<AzureInput, 'held' | 'window'>): CountedAddition[] => {
  const { held, window } = input
  const its = existingAzure(input)?.id
  return held.filter(
    (each) =>
      each.id !== its &&
      each.writable &&
      !subscriptionKey(each.addition?.serialNumber ?? '').startsWith('azure-') &&
      isActiveWithin(each, window.first, window.last),
  )
}

const createAzure = ({ window, product, total }: AzureInput): CreateChange => ({
  kind: 'create',
  reason: { rule: 'azure', period: window.period },
  addition: {
    sku: product.sku,
    catalogItemId: product.catalogItemId,
    serialNumber: azureSerial(window.period),
    quantity: quantity(one),
    lessIncluded: quantity(decimal(0)),
    unitCost: money(total.cost),
    unitPrice: money(total.price),
    effectiveDate: window.first,
    cancelledDate: window.last,
    billCustomer: 'Billable',
    taxable: product.taxable,
    invoiceDescription: '',
    invoiceGrouping: null,
  },
  lots: lotsAt(total),
})

/** What a person says with them of what is billed of it stays: included licences, and a billing option. */
const updateAzure = (held: CountedAddition, { window, total }: AzureInput): UpdateChange | null => {
  const { addition } = held
  if (addition === null) return null
  const serialNumber = azureSerial(window.period)
  const set = {
    ...(subscriptionKey(addition.serialNumber) === serialNumber ? {} : { serialNumber }),
    ...(held.quantity.eq(one) ? {} : { quantity: quantity(one) }),
    ...(held.start === window.first ? {} : { effectiveDate: window.first }),
    ...(held.end === window.last ? {} : { cancelledDate: window.last }),
    ...(held.unit.cost.eq(total.cost) ? {} : { unitCost: money(total.cost) }),
    ...(held.unit.price.eq(total.price) ? {} : { unitPrice: money(total.price) }),
  }
  if (Object.keys(set).length === 0) return null
  return {
    kind: 'update',
    reason: { rule: 'azure', period: window.period },
    additionId: addition.id,
    before: addition,
    set,
    lots: lotsAt(total),
  }
}

const keepAzure = (held: CountedAddition, total: Pair): Change[] =>
  held.addition === null
    ? []
    : [
        {
          kind: 'keep',
          reason: { rule: 'unchanged' },
          additionId: held.id,
          addition: held.addition,
          ...(held.ours ? {} : { lots: lotsAt(total) }),
        },
      ]

/** The change that makes the month's Azure addition carry the invoice's amounts; `null` where there is neither. */
export const planAzure = (input: AzureInput): AzurePlan | null => {
  const { window, total, agreement } = input
  const held = existingAzure(input)
  if (held === undefined) {
    if (isZeroPair(total)) return null
    const create = createAzure(input)
    const after = hold(
      { ...create.addition, id: -1, catalogItemId: create.addition.catalogItemId ?? 0 },
      agreement,
      undefined,
    )
    return { changes: [create], findings: [], held: [after], billed: billHeld(after, window.period) }
  }
  const update = updateAzure(held, input)
  const billedNow = billHeld(held, window.period)
  if (update === null)
    return { changes: keepAzure(held, total), findings: [], held: [held], billed: billedNow }
  const { unitCost, unitPrice, quantity: seats, effectiveDate } = update.set
  const isBillSame = [unitCost, unitPrice, seats, effectiveDate].every((each) => each === undefined)
  if (isInvoicedWhole(agreement, window) && !isBillSame) {
    return {
      changes: [],
      findings: [
        mendedBy(
          findings.azureAlreadyInvoiced(window.period, held.id),
          azureMustBe(money(held.unit.price.times(held.quantity)), money(total.price)),
        ),
      ],
      held: [held],
      billed: billedNow,
    }
  }
  const after = { ...held, unit: total, quantity: one, start: window.first, end: window.last }
  return { changes: [update], findings: [], held: [after], billed: billHeld(after, window.period) }
}
