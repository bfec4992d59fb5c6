/** What of a group's additions ended on the day before the period: it tells the quantity before it. */
import type { CountedAddition } from './additions.ts'
import type { Context, Group } from './context.ts'
import { heldOf } from './gone-groups.ts'

/**
 * By group: additions with its serial number and item, and what ConnectWise has invoiced of its own up to that day, which comes as
 * a piece that ends there, whatever serial number an addition has that is adopted only now.
 */
export const endedBefore = ({ endedBefore: ended }: Context) => {
  const pieces = Map.groupBy(
    [...ended.values()].flatMap((items) => [...items.values()].flat()),
    ({ id }) => id,
  )
  if (pieces.size === 0) return (): readonly CountedAddition[] => []
  return (
    matched: readonly CountedAddition[],
    group: Group,
    groups: readonly Group[],
  ): readonly CountedAddition[] => [
    ...new Set([...heldOf(ended, group, groups), ...matched.flatMap(({ id }) => pieces.get(id) ?? [])]),
  ]
}
