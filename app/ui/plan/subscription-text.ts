import { daysText } from '#app/ui/kit/day-text.ts'
import { isZero } from '#app/ui/kit/money.ts'
import { previousDay } from '#lib/billing/days.ts'
import { shortDay } from '#lib/billing/format.ts'
import type { Continuation } from '#lib/billing/stories.ts'
import type { Step } from '#lib/billing/types.ts'
import type { SubscriptionPlan } from './shown.ts'

export type Direction = 'same' | 'up' | 'down' | 'gone'
export interface ShownQuantity {
  readonly quantity: string
  readonly direction: Direction
}

function direction(from: string, to: string): Direction {
  if (Number(to) === Number(from)) return 'same'
  if (isZero(to)) return 'gone'
  return Number(to) > Number(from) ? 'up' : 'down'
}

/** Quantities through the month, starting with the one before it where the first day changed it: `5 -> 8 -> 6`. */
export function quantitiesThrough(before: string, steps: readonly Step[]): ShownQuantity[] {
  const all = steps.map((step) => step.quantity as string)
  const first = all[0]
  if (first === undefined) return [{ quantity: before, direction: 'same' }]
  const path = Number(first) === Number(before) ? all : [before, ...all]
  return path.map((quantity, index) => ({
    quantity,
    direction: index === 0 ? 'same' : direction(path[index - 1] ?? quantity, quantity),
  }))
}

/**
 * The quantities of a row. Nothing is said of the month before where it tells nothing: Azure's quantity is always 1, and of what was
 * there already, from the first day on, nothing rose from 0.
 */
export function quantitiesOf(plan: SubscriptionPlan): ShownQuantity[] {
  const { kind, quantityBefore, steps, changes, annualLines } = plan
  if (annualLines !== undefined)
    return annualLines.map(({ quantity }) => ({
      quantity,
      direction: Number(quantity) < 0 ? 'down' : 'same',
    }))
  const first = steps[0]?.quantity ?? quantityBefore
  const isThere = isZero(quantityBefore) && changes.every((change) => change.kind === 'keep')
  const isOfMonth = kind === 'azure' || kind === 'credit'
  return quantitiesThrough(isOfMonth || isThere ? first : quantityBefore, steps)
}

/** Long paths keep their ends: the first, a dot, the last two. */
export function shortened(path: readonly ShownQuantity[]): (ShownQuantity | null)[] {
  return path.length <= 4 ? [...path] : [...path.slice(0, 1), null, ...path.slice(-2)]
}

const creditState = ({ status, waits, steps }: SubscriptionPlan): string => {
  if (waits !== undefined) return 'waiting'
  if (status === 'Error') return 'not synced'
  const quantity = Number(steps[0]?.quantity ?? 0)
  return quantity < 0 ? 'given back' : quantity > 0 ? 'charged' : 'none left'
}

/** The quiet line under a subscription's name. */
export function summary(plan: SubscriptionPlan): string {
  if (plan.kind === 'closing') return 'moved away'
  if (plan.kind === 'leftover') return 'not on PRISM’s invoice'
  if (plan.kind === 'credit') return `credits and adjustments, ${creditState(plan)}`
  if (plan.status === 'Error' && plan.changes.length === 0) return 'not synced'
  const additions = plan.changes.filter(
    ({ kind }) => kind !== 'createCatalogItem' && kind !== 'delete',
  ).length
  const counted =
    additions === 0 ? 'no additions' : `${additions} ${additions === 1 ? 'addition' : 'additions'}`
  const first = plan.steps[0]
  const last = plan.steps.at(-1)
  if (first === undefined || last === undefined) return counted
  if (plan.kind === 'azure') return `usage of ${daysText(first.first, last.last)}`
  const ended = isZero(last.quantity) && plan.steps.length > 1
  return ended ? `${counted}, ended ${shortDay(previousDay(last.first))}` : counted
}

/** What a row goes on from and as: `9 continue as Microsoft 365 E3 from 17 Jun 2026`. */
export function storyText(
  row: SubscriptionPlan,
  continuations: readonly Continuation<SubscriptionPlan>[],
): string {
  const told = continuations.flatMap(({ from, to, on, seats, isWhole, how }) => {
    const day = shortDay(on)
    if (to === row) return how === 'renewed' ? `renewal from ${day}` : `from ${from.product.name} on ${day}`
    if (from !== row) return []
    const whose = isWhole ? 'continues' : `${seats} ${seats === 1 ? 'continues' : 'continue'}`
    return `${whose} as ${how === 'renewed' ? 'a new subscription' : to.product.name} from ${day}`
  })
  return told.join(', ')
}
