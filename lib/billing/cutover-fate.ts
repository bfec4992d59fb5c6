/** What becomes of one addition where a customer begins: it tells what the matching and the plan say of it. */
import type { CountedAddition } from './additions.ts'
import type { Context } from './context.ts'
import type { CutoverAction, CutoverFate } from './cutover-types.ts'
import { type SubscriptionKey, subscriptionKey } from './keys.ts'
import type { LeftAsIs, Matching } from './matching.ts'
import type { Addition, Change, Finding, PeriodPlan, SubscriptionPlan } from './types.ts'

export interface Fate {
  readonly fate: CutoverFate
  readonly subscriptionId: SubscriptionKey
  readonly reason: Finding | null
  /** Whether a row of the plan has what it bills. */
  readonly isInRow: boolean
}

/** @param changes of all planned months */
export const fatesIn = (
  { held, lookup }: Context,
  matching: Matching,
  { period, subscriptions: rows }: PeriodPlan,
  changes: readonly Change[],
): ((addition: Addition) => Fate) => {
  const counted = idsOf(held)
  const matchedTo = new Map(
    [...matching.matched].flatMap(([id, items]) =>
      [...items].flatMap(([itemId, all]) => all.map((each) => [each.id, { id, itemId }] as const)),
    ),
  )
  const leftOver = idsOf(matching.leftovers.flatMap((each) => each.held))
  const left = new Map(matching.leftAsIs.flatMap((each) => each.held.map(({ id }) => [id, each] as const)))
  const azure = idsOf(matching.azure)
  const azureRow = rows.find(({ kind }) => kind === 'azure')
  const changesFor = (id: number): Change[] =>
    changes.filter((change) => 'additionId' in change && change.additionId === id)

  const ofRow = (id: number, row: SubscriptionPlan, subscriptionId: SubscriptionKey): Fate => {
    const reason = stopOf(row, id)
    const fate = reason ? 'blocked' : written(changesFor(id), row, changes)
    return { fate, subscriptionId, reason, isInRow: true }
  }
  const ofAzure = (addition: Addition, subscriptionId: SubscriptionKey): Fate => {
    const isTold = changesFor(addition.id).length > 0 || (azureRow && stopOf(azureRow, addition.id) !== null)
    if (azureRow && (isTold || subscriptionId === subscriptionKey(`azure-${period}`)))
      return ofRow(addition.id, azureRow, subscriptionId)
    return { fate: 'left', subscriptionId, reason: null, isInRow: false }
  }

  return (addition) => {
    const { id, catalogItemId } = addition
    const subscriptionId = subscriptionKey(addition.serialNumber)
    const rest = { subscriptionId, reason: null, isInRow: false }
    if (!counted.has(id)) return { fate: 'over', ...rest }
    if (leftOver.has(id)) return { fate: 'blocked', ...rest, reason: namedIn(rows, id), isInRow: true }
    const match = matchedTo.get(id)
    if (match !== undefined) {
      const row = rowOf(rows, match)
      return row ? ofRow(id, row, match.id) : { fate: 'ours', ...rest, subscriptionId: match.id }
    }
    if (azure.has(id)) return ofAzure(addition, subscriptionId)
    const its = left.get(id)
    if (its !== undefined) return asLeft(its, subscriptionId)
    const asked = askedIn(rows, id)
    if (asked !== null) return { fate: 'blocked', ...rest, ...asked }
    const item = lookup.item(catalogItemId)
    return { fate: item && lookup.productOf(item) ? 'left' : 'other-product', ...rest }
  }
}

const idsOf = (held: readonly CountedAddition[]): ReadonlySet<number> => new Set(held.map(({ id }) => id))

const rowOf = (
  rows: readonly SubscriptionPlan[],
  match: { readonly id: SubscriptionKey; readonly itemId: number },
): SubscriptionPlan | undefined => {
  const own = rows.filter(
    ({ kind, subscriptionId }) =>
      (kind === 'subscription' || kind === 'closing') && subscriptionKey(subscriptionId) === match.id,
  )
  return own.find(({ product }) => product.catalogItemId === match.itemId) ?? own[0]
}

const asLeft = ({ finding, change, subscriptionId }: LeftAsIs, serial: SubscriptionKey): Fate => {
  const isAsked = (finding?.asks ?? []).length > 0
  const fate = change ? 'ended' : isAsked ? 'asked' : 'left'
  return {
    fate,
    subscriptionId: subscriptionId === '' ? serial : subscriptionId,
    reason: finding,
    isInRow: true,
  }
}

/** Why nothing of a row is written, best of all what names the addition; `null` where it is written. */
export const stopOf = (
  { findings, status, waits }: SubscriptionPlan,
  additionId?: number,
): Finding | null => {
  const stops = findings.filter(({ severity }) => severity === 'error')
  if (status !== 'Error' && waits === undefined) return null
  const naming = (stops.length > 0 ? stops : findings).filter(
    ({ additionIds }) => additionId !== undefined && additionIds.includes(additionId),
  )
  return naming[0] ?? stops[0] ?? findings[0] ?? null
}

const namedIn = (rows: readonly SubscriptionPlan[], additionId: number): Finding | null =>
  rows.flatMap(({ findings }) => findings).find(({ additionIds }) => additionIds.includes(additionId)) ?? null

/** One that nothing matches, and that somebody has to explain before what is called so is created. */
const askedIn = (
  rows: readonly SubscriptionPlan[],
  additionId: number,
): { readonly reason: Finding; readonly subscriptionId: SubscriptionKey } | null => {
  for (const { findings, subscriptionId } of rows) {
    const reason = findings.find(({ asks = [] }) => asks.some((each) => each.additionId === additionId))
    if (reason !== undefined) return { reason, subscriptionId: subscriptionKey(subscriptionId) }
  }
  return null
}

const written = (own: readonly Change[], row: SubscriptionPlan, all: readonly Change[]): CutoverFate => {
  if (own.some(({ kind }) => kind === 'end' || kind === 'delete')) {
    const id = subscriptionKey(row.subscriptionId)
    const follows = all.some(
      (change) => change.kind === 'create' && subscriptionKey(change.addition.serialNumber) === id,
    )
    return follows ? 'replaced' : 'ended'
  }
  return own.some((change) => 'lots' in change && change.lots !== undefined) ? 'adopted' : 'ours'
}

/** What a person can say of it, once it is known what becomes of it. */
export const actionsFor = ({ fate, reason, subscriptionId }: Fate): CutoverAction[] => {
  switch (fate) {
    case 'blocked':
      return (reason?.asks ?? []).length > 0 ? ['subscription', 'ends', 'nobody'] : []
    case 'asked':
      return ['subscription', 'ends', 'nobody', 'stays']
    case 'adopted':
    case 'replaced':
      return ['subscription', 'nobody', 'ends']
    case 'left':
      return ['subscription', 'ends']
    case 'other-product':
      return subscriptionId === '' ? [] : ['subscription']
    default:
      return []
  }
}
