/**
 * What the company's other agreements bill already of a customer that begins here (docs/billing-rules.md,
 * "First sync"): asked once a customer, before the first write.
 */
import type { Context } from './context.ts'
import { amount, decimal, money, zeroPair } from './decimal.ts'
import * as findings from './findings.ts'
import { hasBeenSynced, waitingForAnswer } from './first-sync.ts'
import { skuKey, subscriptionKey } from './keys.ts'
import type {
  InvoiceLine,
  Money,
  OtherAddition,
  OtherAgreement,
  Period,
  Quantity,
  Situation,
  SubscriptionPlan,
} from './types.ts'

/** A subscription by what its additions on another agreement would be known by. */
export interface Beginner {
  readonly subscriptionId: string
  /** Of its product; `''` where that is not known. */
  readonly sku: string
}

export interface AlsoBilled {
  readonly agreementName: string
  readonly additionId: number
  readonly product: string
  readonly quantity: Quantity
  /** A month, at the addition's price. */
  readonly price: Money
}

/** The open additions of other agreements that carry the subscription's id, or have its product and nobody's id. */
export const alsoBilled = (others: readonly OtherAgreement[], of: Beginner): AlsoBilled[] =>
  others.flatMap(({ name, additions }) =>
    additions
      .filter((each) => isOf(each, of))
      .map(({ id, product, quantity, unitPrice }) => ({
        agreementName: name,
        additionId: id,
        product,
        quantity,
        price: money(decimal(quantity).times(decimal(unitPrice))),
      })),
  )

const isOf = (addition: OtherAddition, { subscriptionId, sku }: Beginner): boolean => {
  if (subscriptionKey(addition.serialNumber) === subscriptionKey(subscriptionId)) return true
  return !addition.isAnothers && sku !== '' && skuKey(addition.vendorSku) === skuKey(sku)
}

/** Whether the subscription begins in the period, and nobody said how its customer does. */
export const isToBeAsked = (
  situation: Pick<Situation, 'tenants' | 'starts' | 'good' | 'synced'>,
  period: Period,
  { subscriptionId, tenantId }: Pick<InvoiceLine, 'subscriptionId' | 'tenantId'>,
): boolean => {
  const { tenants, starts = {} } = situation
  const { syncs = false, firstSync } = tenants.find(({ id }) => id === tenantId) ?? {}
  if (!syncs || firstSync === undefined || firstSync.isChosen) return false
  const id = subscriptionKey(subscriptionId)
  const isNew = starts[id] === undefined && !hasBeenSynced(situation, id)
  return isNew && (firstSync.through === undefined || period <= firstSync.through)
}

/** Rows of customers that begin, and of which nobody said how: those that another agreement bills wait for that. */
export const askAlsoBilled = (context: Context, rows: readonly SubscriptionPlan[]): SubscriptionPlan[] => {
  const { otherAgreements = [] } = context.situation
  if (otherAgreements.length === 0) return [...rows]
  return rows.map((row) => {
    const { subscriptionId, product, tenantId, waits, changes } = row
    if (!isToBeAsked(context.situation, context.usage.period, { subscriptionId, tenantId })) return row
    const planned = waits?.question === 'first-sync' ? waits.changes : changes
    const isBeginning = planned.length > 0 && planned.every(({ kind }) => kind === 'create')
    const found = isBeginning ? alsoBilled(otherAgreements, { subscriptionId, sku: product.sku }) : []
    const [first] = found.map(findings.alsoBilledWaits)
    if (first === undefined) return row
    if (waits?.question === 'first-sync') return { ...row, findings: [...row.findings, first] }
    // Where all there is to do is to create, nothing bills it yet.
    const billed = row.begins === undefined ? amount(zeroPair) : row.billed
    return waitingForAnswer({ ...row, billed }, first)
  })
}
