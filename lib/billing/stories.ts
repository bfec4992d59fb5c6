/**
 * What a row of a month goes on from, or goes on as (docs/facts/microsoft.md, "Terms"): an upgrade changes the product under an id or gives
 * some of its seats an id of their own, a renewal and a paid extension may come with a new id. PRISM says nothing of it, so days and
 * quantities tell it [inferred], in this file only. Nothing is planned by it.
 */
import { nextDay, previousDay } from './days.ts'
import { subscriptionKey } from './keys.ts'
import type { Day, Step, SubscriptionPlan } from './types.ts'

/** What a row tells of its story. */
export type StoryRow = Pick<
  SubscriptionPlan,
  'kind' | 'subscriptionId' | 'tenantId' | 'quantityBefore' | 'steps'
> & {
  readonly product: Pick<SubscriptionPlan['product'], 'name'>
}

/** `product`: upgraded, or extended with a product of its own. `renewed`: the same product under a new id. */
export interface Continuation<Row> {
  readonly from: Row
  readonly to: Row
  /** The first day of it. */
  readonly on: Day
  readonly seats: number
  /** Whether nothing is left of the row that it goes on from. */
  readonly isWhole: boolean
  readonly how: 'product' | 'renewed'
}

/** On a day a row rises or falls by so many. */
interface Turn<Row> {
  readonly row: Row
  readonly on: Day
  readonly by: number
  readonly left: number
}

/**
 * Which rows go on as which: on one day, of one customer, one falls by as many as another begins with. Where several could, by id first;
 * where it is still not clear, none.
 */
export const continuationsIn = <Row extends StoryRow>(rows: readonly Row[]): Continuation<Row>[] => {
  const turns = rows.filter(({ kind }) => kind === 'subscription').flatMap(turnsOf)
  const falls = turns.filter(({ by }) => by < 0)
  const begins = turns.filter(({ by, left }) => by > 0 && left === by)
  const isPair = (fall: Turn<Row>, begin: Turn<Row>): boolean =>
    fall.on === begin.on &&
    fall.by === -begin.by &&
    fall.row !== begin.row &&
    fall.row.tenantId === begin.row.tenantId
  const isOneId = ({ row: a }: Turn<Row>, { row: b }: Turn<Row>): boolean =>
    subscriptionKey(a.subscriptionId) === subscriptionKey(b.subscriptionId)
  const found: Continuation<Row>[] = []
  const taken = new Set<Turn<Row>>()
  const takeWhere = (mayBe: (fall: Turn<Row>, begin: Turn<Row>) => boolean): void => {
    for (const begin of begins.filter((each) => !taken.has(each))) {
      const own = falls.filter((each) => !taken.has(each) && isPair(each, begin) && mayBe(each, begin))
      const [fall] = own
      const rivals = begins.filter(
        (each) => fall !== undefined && !taken.has(each) && isPair(fall, each) && mayBe(fall, each),
      )
      if (fall === undefined || own.length > 1 || rivals.length > 1) continue
      taken.add(begin).add(fall)
      found.push(continuationOf(fall, begin))
    }
  }
  takeWhere(isOneId)
  // The same product under another id is a renewal, where nothing of the former is left.
  takeWhere((fall, begin) => !isOneId(fall, begin) && isOfOneProduct(fall, begin) && fall.left === 0)
  takeWhere((fall, begin) => !isOneId(fall, begin) && !isOfOneProduct(fall, begin))
  return found
}

const isOfOneProduct = ({ row: a }: Turn<StoryRow>, { row: b }: Turn<StoryRow>): boolean =>
  a.product.name === b.product.name

const continuationOf = <Row extends StoryRow>(fall: Turn<Row>, begin: Turn<Row>): Continuation<Row> => ({
  from: fall.row,
  to: begin.row,
  on: begin.on,
  seats: begin.by,
  isWhole: fall.left === 0,
  how: isOfOneProduct(fall, begin) ? 'renewed' : 'product',
})

const turnsOf = <Row extends StoryRow>(row: Row): Turn<Row>[] => {
  let before = Number(row.quantityBefore)
  return row.steps.flatMap(({ first, quantity }) => {
    const left = Number(quantity)
    const by = left - before
    before = left
    return by === 0 ? [] : [{ row, on: first, by, left }]
  })
}

/** Rows with those that they go on as behind them, a story as one; stories in the order of their first row. */
export const inStories = <Row>(rows: readonly Row[], continuations: readonly Continuation<Row>[]): Row[] => {
  const placed = new Set<Row>()
  const place = (row: Row): Row[] => {
    if (placed.has(row)) return []
    placed.add(row)
    const before = continuations.filter(({ to }) => to === row).flatMap(({ from }) => place(from))
    const after = continuations.filter(({ from }) => from === row).flatMap(({ to }) => place(to))
    return [...before, row, ...after]
  }
  return rows.flatMap(place)
}

/** A row's days together with those that are its story's: drawn as one picture. */
export const storySteps = <Row extends StoryRow>(
  row: Row,
  continuations: readonly Continuation<Row>[],
): readonly Step[] => {
  const others = continuations.flatMap(({ from, to }) => (from === row ? [to] : to === row ? [from] : []))
  if (others.length === 0) return row.steps
  const all = [row, ...new Set(others)].map(({ steps }) => steps).filter((steps) => steps.length > 0)
  const last = all[0]?.at(-1)?.last
  const starts = [...new Set(all.flatMap((steps) => steps.map(({ first }) => first)))].sort()
  return starts.map((first, at) => ({
    first,
    last: starts[at + 1] === undefined ? (last ?? first) : previousDay(starts[at + 1] ?? nextDay(first)),
    quantity: `${all.reduce((sum, steps) => sum + on(steps, first), 0)}` as Step['quantity'],
  }))
}

const on = (steps: readonly Step[], day: Day): number =>
  Number(steps.find(({ first, last }) => first <= day && day <= last)?.quantity ?? 0)
