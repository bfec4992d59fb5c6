/**
 * Additions that ConnectWise lists and that cannot be read (docs/billing-rules.md, "Unknown is never zero"):
 * whoever one of them may belong to is an Error and left untouched. Where nothing of it says whose it is,
 * that is the whole agreement.
 */

import * as findings from './findings.ts'
import { type SubscriptionKey, subscriptionKey } from './keys.ts'
import { azureSerial, type MatchInput } from './matching.ts'
import type { Standing } from './standing.ts'
import type { Finding, UnreadableAddition } from './types.ts'

export interface Untouched {
  /** Errors of every row of the agreement. */
  readonly everybody: readonly Finding[]
  readonly subscriptions: ReadonlyMap<SubscriptionKey, readonly Finding[]>
  /** By subscription, the catalog items of which one may be its; `null`: any. */
  readonly items: ReadonlyMap<SubscriptionKey, ReadonlySet<number | null>>
  /** Errors of the agreement's Azure row. */
  readonly azure: readonly Finding[]
  /** Warnings of those that belong to nobody who is planned. */
  readonly nobody: readonly Finding[]
}

type Owners = 'everybody' | 'azure' | readonly SubscriptionKey[]

/** @param isAzure whether a serial number or a catalog item is of the agreement's Azure usage */
export const untouchedBy = (
  additions: readonly UnreadableAddition[],
  input: MatchInput,
  isAzure: (addition: UnreadableAddition) => boolean,
): Untouched => {
  const everybody: Finding[] = []
  const azure: Finding[] = []
  const nobody: Finding[] = []
  const subscriptions = new Map<SubscriptionKey, Finding[]>()
  const items = new Map<SubscriptionKey, Set<number | null>>()
  for (const addition of additions) {
    if (addition.cancelledDate !== null && addition.cancelledDate < input.window.first) continue
    const owners = ownersOf(addition, input, isAzure)
    const finding = findings.additionUnreadable(addition)
    if (owners === 'everybody') everybody.push(finding)
    else if (owners === 'azure') azure.push(finding)
    else if (owners.length === 0) nobody.push({ ...finding, severity: 'warning' })
    else
      for (const id of owners) {
        subscriptions.set(id, [...(subscriptions.get(id) ?? []), finding])
        items.set(id, (items.get(id) ?? new Set()).add(addition.catalogItemId))
      }
  }
  return { everybody, subscriptions, items, azure, nobody }
}

/** As `match` does it: by a person's answer, the serial number, else the product. */
const ownersOf = (
  addition: UnreadableAddition,
  input: MatchInput,
  isAzure: (addition: UnreadableAddition) => boolean,
): Owners => {
  const { id, serialNumber, catalogItemId } = addition
  const serial = serialNumber === null ? null : subscriptionKey(serialNumber)
  if (isAzure(addition) || (serial !== null && azureSerial.test(serial))) return 'azure'
  const answer = input.answers.find((each) => each.additionId === id)
  if (answer !== undefined)
    return answer.answer === 'subscription' ? writtenOf([subscriptionKey(answer.subscriptionId)], input) : []
  if (serial !== null && serial !== '' && input.standingOf(serial) !== null) return writtenOf([serial], input)
  if (catalogItemId === null || !input.isKnownItem(catalogItemId)) return 'everybody'
  const owners = input.ownersOf(catalogItemId).map((owner) => owner.id)
  return writtenOf(owners, input)
}

/**
 * Whether one of a catalog item may be a subscription's: additions of the item without a serial number stay with it then, as
 * their quantities tell nothing.
 */
export const mayOwnOne =
  ({ everybody, items }: Untouched, input: MatchInput) =>
  (subscriptionId: SubscriptionKey, itemId: number): boolean => {
    const its = items.get(subscriptionId)
    if (its !== undefined && (its.has(null) || its.has(itemId))) return true
    return everybody.length > 0 && writtenOf([subscriptionId], input).length > 0
  }

/** Those of which something may be written. */
const writtenOf = (ids: readonly SubscriptionKey[], { standingOf }: MatchInput): SubscriptionKey[] =>
  ids.filter((id) => mayBeWritten.has(standingOf(id)?.is ?? 'unknown'))

const mayBeWritten: ReadonlySet<Standing['is']> = new Set(['planned', 'lapsed', 'moved', 'unknown'])
