/** PRISM's side of a world: its subscriptions through the months, and the file that it has of each month. */
import { addMonths, daysIn } from '../days.ts'
import type { InvoiceLine, Period, Subscription } from '../types.ts'
import { line, product } from './factories.ts'
import { firstPeriod, type SubscriptionStory, type WorldStory, worldMonths } from './world-story.ts'

export const offers = ['Business Premium', 'Exchange Online (Plan 1)', 'Visio'] as const
/** Unit cost and price of each offer. */
export const units: readonly (readonly [number, number])[] = [
  [8.37, 10.05],
  [4.07, 5.2],
  [12, 15.5],
]
export const worldProducts = [...offers.map((name) => product(name)), product('Azure plan')]

type Kind = 'monthly' | 'annual' | 'azure'

export interface WorldSubscription {
  readonly id: string
  readonly kindIn: (month: number) => Kind
  readonly tenantIn: (month: number) => string
  readonly offerIn: (month: number) => number
  /** Quantity on each day of each month. */
  readonly quantities: readonly (readonly number[])[]
}

export const tenantId = (at: number): string => `tenant-${at}`
export const subscriptionIdOf = (tenant: number, at: number): string =>
  `a000000${tenant}-0000-4000-8000-00000000000${at}`

const quantitiesOf = (steps: SubscriptionStory['months']): number[][] => {
  let last = 3
  return steps.map((month, at) => {
    const days = daysIn(addMonths(firstPeriod, at))
    if (month === 'absent') {
      last = 0
      return Array.from({ length: days }, () => 0)
    }
    const changes = month === 'same' ? [] : [...month].sort((a, b) => a.day - b.day)
    return Array.from({ length: days }, (_, i) => {
      for (const change of changes) if (change.day === i + 1) last = change.quantity
      return last
    })
  })
}

const kindIn =
  ({ kind, annual }: SubscriptionStory) =>
  (month: number): Kind =>
    kind === 'monthly' && annual && month >= annual.month && month < annual.month + annual.months
      ? 'annual'
      : kind

export const subscriptionsOf = (story: WorldStory): WorldSubscription[] =>
  story.tenants.flatMap((tenant, at) =>
    tenant.subscriptions.map((each, i) => ({
      id: subscriptionIdOf(at, i),
      kindIn: kindIn(each),
      tenantIn: (month: number) =>
        tenantId(
          each.tenantFrom && month >= each.tenantFrom.month
            ? each.tenantFrom.tenant % story.tenants.length
            : at,
        ),
      offerIn: (month: number) =>
        each.offerFrom && each.kind === 'monthly' && month >= each.offerFrom.month
          ? each.offerFrom.offer
          : each.offer,
      quantities: quantitiesOf(each.months),
    })),
  )

/** As PRISM lists it in a month. @param ofMonth the month whose product is looked for: a listed product is taken for its lines'. */
export const listed = (each: WorldSubscription, month: number, ofMonth: number): Subscription => {
  const isAzure = each.kindIn(ofMonth) === 'azure'
  const name = isAzure ? 'Azure plan' : (offers[each.offerIn(ofMonth)] ?? '')
  return {
    id: each.id,
    tenantId: each.tenantIn(month),
    productId: `id-${name}`,
    productName: name,
    displayTemplate: isAzure ? 'Azure' : '',
  }
}

/** What one subscription has on a file. */
interface Invoiced {
  readonly id: string
  readonly tenant: string
  /** Of its lines. */
  readonly hash: string
}

export interface WorldFile {
  readonly period: Period
  readonly lines: readonly InvoiceLine[]
  readonly invoiced: readonly Invoiced[]
}

export const fileOf = (subscriptions: readonly WorldSubscription[], month: number): WorldFile => {
  const period = addMonths(firstPeriod, month)
  const all = subscriptions.map((each) => ({ each, lines: linesOf(each, month, period) }))
  return {
    period,
    lines: all.flatMap(({ lines }) => lines),
    invoiced: all.flatMap(({ each, lines }) =>
      lines.length === 0 ? [] : [{ id: each.id, tenant: each.tenantIn(month), hash: JSON.stringify(lines) }],
    ),
  }
}

const linesOf = (each: WorldSubscription, month: number, period: Period): InvoiceLine[] => {
  const offer = each.offerIn(month)
  const days = each.quantities[month] ?? []
  const kind = each.kindIn(month)
  const isAzure = kind === 'azure'
  const lines: InvoiceLine[] = []
  for (let from = 1; from <= days.length; ) {
    const quantity = days[from - 1] ?? 0
    let to = from
    while (to < days.length && days[to] === quantity) to += 1
    if (quantity > 0)
      lines.push(
        line(isAzure ? 1 : quantity, period, isAzure ? 1 : from, isAzure ? days.length : to, {
          tenantId: each.tenantIn(month),
          subscriptionId: each.id,
          offerName: isAzure ? 'Azure plan' : `${offers[offer]} (NCE Product)`,
          unit: isAzure ? [quantity, quantity * 1.5] : ([...(units[offer] ?? [1, 1])] as [number, number]),
          ...(kind === 'annual' ? { billingCycle: 'Annual', termUnit: 'YEARS' } : {}),
        }),
      )
    from = to + 1
  }
  return lines
}

/**
 * It goes from one customer to another, and one of them moves to another agreement or is cleared, too. On an agreement that one of
 * them leaves or takes over, the months of the two are not told apart, so that its days are not compared.
 */
export const goesToOneThatMoves = ({ tenants }: WorldStory, { tenantIn }: WorldSubscription): boolean => {
  const customers = new Set(Array.from({ length: worldMonths }, (_, month) => tenantIn(month)))
  const moves = tenants.some((each, index) => each.moves.length > 0 && customers.has(tenantId(index)))
  return customers.size > 1 && moves
}
