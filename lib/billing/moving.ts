/**
 * Customers that move from one agreement to another (E5; docs/billing-rules.md, "Moving and clearing"): in
 * which months each is planned where, and what ends on the one that it leaves.
 *
 * A customer that left is planned up to its last month there, as on an agreement that ends with it. On the new agreement the
 * quantity of its last invoice runs on from the first month there, until that month's own invoice comes.
 */
import type { CountedAddition } from './additions.ts'
import { isAzure } from './classify.ts'
import { addMonths, firstDay, lastDay, nextDay, previousDay } from './days.ts'
import { namedProduct } from './item-names.ts'
import { type SubscriptionKey, skuKey, subscriptionKey } from './keys.ts'
import { subscriptionsById } from './products.ts'
import { invoicedThrough, type Window } from './timeline.ts'
import type { Addition, Change, Day, InvoiceLine, MappedTenant, Period, Situation, Usage } from './types.ts'

/** `takes-over`: nothing of the month is billed here, and what it ends with runs on here from a later one. */
export type Membership = 'member' | 'takes-over' | 'outside'

type Stay = Pick<MappedTenant, 'from' | 'until' | 'returns' | 'takesOver'>

/** It left and came back at once, so that it was here all the time. */
const neverLeft = ({ until, returns }: Stay): boolean =>
  !!until && !!returns && returns <= addMonths(until, 1)

/** What a month is to a customer on the agreement. */
export const membershipOf = (stay: Stay, period: Period): Membership => {
  const { from, until, returns, takesOver } = stay
  const before = takesOver ? 'takes-over' : 'outside'
  if (until && !neverLeft(stay)) {
    if (returns && period >= returns) return 'member'
    if (period > until) return returns ? before : 'outside'
    return from && period < from ? 'outside' : 'member'
  }
  if (from && period < from) return until ? 'outside' : before
  return 'member'
}

/** The first month of a customer that takes over, or comes back. */
const beginsWith = ({ from, until, returns }: Stay): Period | null => (until ? returns : from) ?? null

/** Whether what the month ends with may be the last that is known before the customer's first one here. */
export const mayTakeOver = (stay: Stay, period: Period): boolean => {
  const begins = beginsWith(stay)
  return stay.takesOver === true && begins !== null && period < begins
}

export const tenantOf = (situation: Situation, tenantId: string): MappedTenant | undefined =>
  situation.tenants.find(({ id }) => id === tenantId)

/** A usage without the lines of customers for which the month is none of the agreement's. */
export const ofMembers = (situation: Situation, usage: Usage, isNewest: boolean): Usage => {
  const tenants = new Map(situation.tenants.map((each) => [each.id, membershipOf(each, usage.period)]))
  if ([...tenants.values()].every((each) => each === 'member')) return usage
  const stored = subscriptionsById(situation)
  const isIn = ({ tenantId, subscriptionId, offerName }: InvoiceLineOwner): boolean => {
    const membership = tenants.get(tenantId) ?? 'member'
    if (membership !== 'takes-over') return membership === 'member'
    return isNewest && !isAzure(stored.get(subscriptionKey(subscriptionId)), offerName)
  }
  const { badLines } = usage
  return {
    ...usage,
    lines: usage.lines.filter(isIn),
    ...(badLines === undefined ? {} : { badLines: badLines.filter(isIn) }),
  }
}

type InvoiceLineOwner = Pick<InvoiceLine, 'tenantId' | 'subscriptionId' | 'offerName'>

/** The days that a plan of the month may touch for a customer. @param as whether the month is its here, or it takes over after it. */
export const windowOfTenant = (
  window: Window,
  tenant: MappedTenant | undefined,
  as: 'member' | 'takes-over',
): Window => {
  if (tenant === undefined) return window
  const begins = beginsWith(tenant)
  if (as === 'takes-over' && begins !== null) {
    const next = firstDay(begins)
    return { ...window, horizon: previousDay(next), next }
  }
  if (!tenant.until || neverLeft(tenant) || window.period > tenant.until) return window
  const closesOn = lastDay(tenant.until)
  const horizon = window.horizon < closesOn ? window.horizon : closesOn
  return {
    ...window,
    horizon,
    next: nextDay(horizon),
    endsWithin: window.endsWithin || horizon === closesOn,
    closesOn,
  }
}

// ───────────────────────────── what ends on the agreement that it leaves ─────────────────────────────

type Ending = Extract<Change, { kind: 'end' | 'delete' }>

/** The end of an addition of a customer that left. */
export interface Closing {
  readonly subscriptionId: SubscriptionKey
  readonly addition: Addition
  readonly change: Ending
}

/** What a person said of it is first: an addition that is nobody's, or stays, is none of the customer's. */
const ownerOf = (
  { answers = [], owned }: Situation,
  isPriced: (addition: Addition) => boolean,
): ((addition: Addition) => SubscriptionKey | null) => {
  const answered = new Map(answers.map((each) => [each.additionId, each]))
  const ours = new Set(owned.map(({ additionId }) => additionId))
  return (addition) => {
    const answer = answered.get(addition.id)
    if (answer !== undefined)
      return 'subscriptionId' in answer ? subscriptionKey(answer.subscriptionId) : null
    return ours.has(addition.id) || isPriced(addition) ? subscriptionKey(addition.serialNumber) : null
  }
}

/** Whether the addition's item has a product that is or was on the price list. */
export const pricedItems = ({
  catalog,
  products,
}: Pick<Situation, 'catalog' | 'products'>): ((addition: Addition) => boolean) => {
  const skus = new Set(products.flatMap(({ sku, productId }) => [skuKey(sku), skuKey(productId)]))
  const items = new Set(catalog.filter((item) => skus.has(namedProduct(item).sku)).map(({ id }) => id))
  return ({ catalogItemId }) => items.has(catalogItemId)
}

/** What tells whose a subscription is. */
export type Telling = Pick<Situation, 'subscriptions' | 'usages'> &
  Partial<Pick<Situation, 'latest' | 'previous'>>

/**
 * The customer whose a subscription is: of its last line up to a day, else the one under which PRISM lists it. A
 * list is of today: where a subscription goes to another customer, its months up to then are those of the one before.
 */
export const customersOf = (situation: Telling, through?: Day): Map<SubscriptionKey, string> => {
  const last = new Map<SubscriptionKey, InvoiceLine>()
  const take = (line: InvoiceLine): void => {
    const id = subscriptionKey(line.subscriptionId)
    if ((through === undefined || line.last <= through) && line.last > (last.get(id)?.last ?? ''))
      last.set(id, line)
  }
  Object.values(situation.latest ?? {}).forEach(take)
  situation.previous?.lines.forEach(take)
  for (const usage of situation.usages) usage.lines.forEach(take)
  const customers = new Map<SubscriptionKey, string>()
  for (const { id, tenantId } of situation.subscriptions) customers.set(subscriptionKey(id), tenantId)
  for (const [id, { tenantId }] of last) customers.set(id, tenantId)
  return customers
}

const idsOf = (situation: Situation, tenantId: string): Set<SubscriptionKey> =>
  new Set([...customersOf(situation)].filter(([, of]) => of === tenantId).map(([id]) => id))

/** The customer's additions on the agreement, by what their serial number or a person says. */
export const additionsOfTenant = (
  situation: Situation,
  tenantId: string,
): { readonly subscriptionId: SubscriptionKey; readonly addition: Addition }[] => {
  const ids = idsOf(situation, tenantId)
  const owner = ownerOf(situation, pricedItems(situation))
  return situation.additions.flatMap((addition) => {
    const subscriptionId = owner(addition)
    return subscriptionId !== null && ids.has(subscriptionId) ? [{ subscriptionId, addition }] : []
  })
}

/**
 * What has to end of a customer that left, so that nothing of it is billed after its last month: bounded additions too. One
 * that starts later is deleted where we made it, may delete, and ConnectWise has not invoiced it, else cancelled before it starts.
 */
export const closingsOf = (situation: Situation, tenant: MappedTenant): Closing[] => {
  const close = closingBy(situation, tenant)
  if (close === null) return []
  return additionsOfTenant(situation, tenant.id).flatMap(({ subscriptionId, addition }) => {
    const change = close(subscriptionId, addition)
    return change === null ? [] : [{ subscriptionId, addition, change }]
  })
}

/** How the plan ends an addition of the customer, where it does; `null`: it ends none. */
const closingBy = (
  situation: Situation,
  tenant: MappedTenant,
): ((subscriptionId: SubscriptionKey, addition: Addition) => Ending | null) | null => {
  const { until, returns } = tenant
  if (!until || tenant.leaves || neverLeft(tenant)) return null
  const { agreement } = situation
  if (returns && isInvoicedUpTo(agreement, returns)) return null
  const deletable = new Set(
    situation.mayDelete === false
      ? []
      : situation.owned.filter((each) => each.created).map(({ additionId }) => additionId),
  )
  return (subscriptionId, addition) => {
    const start = addition.effectiveDate ?? agreement.startDate
    const last = lastMonthHere(situation, tenant, subscriptionId, until)
    const isOver = !isActiveAfter(addition, start, lastDay(last)) || (returns && start >= firstDay(returns))
    return isOver ? null : closing(situation, addition, start, last, deletable.has(addition.id))
  }
}

/**
 * A subscription's additions as they are when its customer comes back: what the same plan ends of them, as it left, is not what
 * runs on then.
 */
export const asItReturns = (
  situation: Situation,
  tenant: MappedTenant | undefined,
  subscriptionId: SubscriptionKey,
  held: readonly CountedAddition[],
): readonly CountedAddition[] => {
  const close = tenant?.syncs ? closingBy(situation, tenant) : null
  if (close === null) return held
  return held.flatMap((piece) => {
    const change = piece.addition === null ? null : close(subscriptionId, piece.addition)
    return change === null ? [piece] : asClosed(piece, change)
  })
}

/** A piece of an addition that ends, as it bills once it has. */
export const asClosed = (piece: CountedAddition, change: Ending): CountedAddition[] => {
  if (piece.billed) return [piece]
  return change.kind === 'end' ? [{ ...piece, end: change.cancelledDate }] : []
}

/** Whether ConnectWise has invoiced all months before: what it billed of them is never changed. */
const isInvoicedUpTo = (agreement: Situation['agreement'], month: Period): boolean =>
  (invoicedThrough(agreement) ?? '') >= previousDay(firstDay(month))

/** The customer's last month here, or a later one that was good here while the subscription was another customer's. */
const lastMonthHere = (
  { good, goodElsewhere = {} }: Situation,
  { returns }: MappedTenant,
  id: SubscriptionKey,
  until: Period,
): Period => {
  const isAnothers = (month: Period): boolean =>
    month > until && !(returns && month >= returns) && !goodElsewhere[id]?.includes(month)
  return (good[id] ?? []).filter(isAnothers).reduce((last, month) => (month > last ? month : last), until)
}

const isActiveAfter = ({ cancelledDate, quantity }: Addition, start: Day, last: Day): boolean =>
  Number(quantity) !== 0 && (cancelledDate === null || (cancelledDate > last && cancelledDate >= start))

const closing = (
  { agreement }: Situation,
  before: Addition,
  start: Day,
  until: Period,
  mayDelete: boolean,
): Ending => {
  const reason = { rule: 'moved' as const, period: until }
  const last = lastDay(until)
  const common = { reason, additionId: before.id, before }
  if (start <= last) return { kind: 'end', ...common, cancelledDate: last }
  const through = invoicedThrough(agreement)
  if (mayDelete && through !== null && through < start) return { kind: 'delete', ...common }
  return { kind: 'end', ...common, cancelledDate: previousDay(start) }
}

/** Additions of the customer that cannot be read, so that it is not known whether something of it goes on. */
export const unreadableOf = (situation: Situation, tenant: MappedTenant): number =>
  (situation.unreadableAdditions ?? []).filter(
    ({ serialNumber, cancelledDate }) =>
      serialNumber !== null &&
      idsOf(situation, tenant.id).has(subscriptionKey(serialNumber)) &&
      (!tenant.until || cancelledDate === null || cancelledDate > lastDay(tenant.until)),
  ).length

/** Whether the month is none of a customer's that left. */
export const isOfLeft = (situation: Situation, tenantId: string | undefined, period: Period): boolean => {
  const tenant = tenantId === undefined ? undefined : tenantOf(situation, tenantId)
  return tenant?.until ? membershipOf(tenant, period) === 'outside' : false
}
