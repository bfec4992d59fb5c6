/**
 * What is one story across two months compared (J5): a product that was upgraded or extended, a subscription that was renewed under a new
 * id. They are told apart by lib/billing/stories.ts, which is [inferred]; no amount depends on it.
 */
import { addMonths, firstDay, lastDay, previousDay } from '#lib/billing/days.ts'
import { quantity, zero } from '#lib/billing/decimal.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { type Continuation, continuationsIn, inStories, type StoryRow } from '#lib/billing/stories.ts'
import type { Step } from '#lib/billing/types.ts'
import { type MonthLines, quantitiesThrough } from './compare.ts'

/** Lines of a subscription and product in both months. */
export interface ComparedLines {
  /** `''`: no customer's. */
  readonly tenantId: string
  readonly subscriptionId: string
  readonly product: string
  readonly earlier: MonthLines
  readonly later: MonthLines
}

interface Told<Group> extends StoryRow {
  readonly group: Group
}

/**
 * Each group once: those of one story together, what goes on before what it goes on as. The rest is alone. Between months that do not
 * follow each other nothing is known of the days between: there only an id tells that one goes on.
 */
export const storiesOf = <Group extends ComparedLines>(groups: readonly Group[]): readonly Group[][] => {
  const rows = groups.map(toldOf)
  const continuations = continuationsIn(rows).filter(isKnown)
  const left = new Set(rows)
  return rows.flatMap((row) => {
    if (!left.has(row)) return []
    const story = storyFrom(row, continuations)
    for (const each of story) left.delete(each)
    return [
      inStories(
        rows.filter((each) => story.has(each)),
        continuations,
      ).map(({ group }) => group),
    ]
  })
}

const isKnown = <Group extends ComparedLines>({ from, to, on }: Continuation<Told<Group>>): boolean => {
  const { earlier, later } = to.group
  return (
    addMonths(earlier.period, 1) === later.period ||
    on !== firstDay(later.period) ||
    subscriptionKey(from.subscriptionId) === subscriptionKey(to.subscriptionId)
  )
}

/** All that is connected with it. */
const storyFrom = <Row>(row: Row, continuations: readonly Continuation<Row>[]): ReadonlySet<Row> => {
  const found = new Set([row])
  for (const each of found)
    for (const { from, to } of continuations) if (from === each || to === each) found.add(from).add(to)
  return found
}

const toldOf = <Group extends ComparedLines>(group: Group): Told<Group> => {
  const { tenantId, subscriptionId, product, earlier, later } = group
  const steps = [...stepsOf(earlier), ...stepsOf(later)]
  return {
    group,
    // What no customer has is of many.
    kind: tenantId === '' ? 'leftover' : 'subscription',
    subscriptionId,
    tenantId,
    product: { name: product },
    // Nothing is known of the day before both.
    quantityBefore: steps[0]?.quantity ?? quantity(zero),
    steps,
  }
}

const stepsOf = (month: MonthLines): Step[] => {
  const all = quantitiesThrough(month)
  return all.map(({ first, quantity: of }, at) => {
    const next = all[at + 1]
    return {
      first,
      last: next === undefined ? lastDay(month.period) : previousDay(next.first),
      quantity: quantity(of),
    }
  })
}
