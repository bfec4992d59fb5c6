/**
 * Additions that ConnectWise lists and that cannot be read (design 2a, "Unknown is never zero"): whoever one of them may belong
 * to is an Error and left untouched. Where nothing of it says whose it is, that is the whole agreement.
 */

import { normalise } from './classify.ts'
import * as findings from './findings.ts'
import { azureSerial, type MatchInput } from './match.ts'
import type { Finding, UnreadableAddition } from './types.ts'

export interface Untouched {
  /** Errors of every row of the agreement. */
  readonly everybody: readonly Finding[]
  /** By subscription id in lower case. */
  readonly subscriptions: ReadonlyMap<string, readonly Finding[]>
  /** Errors of the agreement's Azure row. */
  readonly azure: readonly Finding[]
  /** Warnings of those that belong to nobody who is planned. */
  readonly nobody: readonly Finding[]
}

type Owners = 'everybody' | 'azure' | readonly string[]

/** @param isAzure whether a serial number or a catalog item is of the agreement's Azure usage */
export const untouchedBy = (
  additions: readonly UnreadableAddition[],
  input: MatchInput,
  isAzure: (addition: UnreadableAddition) => boolean,
): Untouched => {
  const everybody: Finding[] = []
  const azure: Finding[] = []
  const nobody: Finding[] = []
  const subscriptions = new Map<string, Finding[]>()
  for (const addition of additions) {
    if (addition.cancelledDate !== null && addition.cancelledDate < input.window.first) continue
    const owners = ownersOf(addition, input, isAzure)
    const finding = findings.additionUnreadable(addition)
    if (owners === 'everybody') everybody.push(finding)
    else if (owners === 'azure') azure.push(finding)
    else if (owners.length === 0) nobody.push({ ...finding, severity: 'warning' })
    else for (const id of owners) subscriptions.set(id, [...(subscriptions.get(id) ?? []), finding])
  }
  return { everybody, subscriptions, azure, nobody }
}

/** As `match` does it: by the serial number, else by a person's decision, else by the product. */
const ownersOf = (
  addition: UnreadableAddition,
  input: MatchInput,
  isAzure: (addition: UnreadableAddition) => boolean,
): Owners => {
  const { id, serialNumber, catalogItemId } = addition
  const serial = serialNumber === null ? null : normalise(serialNumber)
  if (isAzure(addition) || (serial !== null && azureSerial.test(serial))) return 'azure'
  if (serial !== null && input.subscriptions.has(serial)) return plannedOf([serial], input)
  const decision = input.decisions.find((each) => each.additionId === id)
  if (decision !== undefined)
    return decision.subscriptionId === null ? [] : plannedOf([normalise(decision.subscriptionId)], input)
  if (serial !== null && serial !== '' && input.foreign.has(serial)) return []
  if (catalogItemId === null || !input.isKnownItem(catalogItemId)) return 'everybody'
  return plannedOf([...(input.byItem.get(catalogItemId) ?? [])], input)
}

const plannedOf = (ids: readonly string[], { subscriptions }: MatchInput): string[] =>
  ids.filter((id) => subscriptions.get(id) === 'planned')
