/**
 * What PRISM knows of a partner: products with their prices over time, tenants, and what happened to each
 * subscription. Values of these types never change; an edit makes a new value, so an issued invoice can keep the
 * histories that it was made from.
 */
import type { Day, Month } from './calendar.ts'

export interface Price {
  /** First day at this price. */
  readonly from: Day
  /** Partner buy price of one unit for a month, decimal string. */
  readonly cost: string
  /** Recommended retail price of one unit for a month, decimal string. */
  readonly rrp: string
}

export interface Product {
  readonly productId: string
  /** Upper-case form of the product id in the one sample seen; others have a GUID of their own. */
  readonly sku: string
  /** As on the price list; invoices add ` (NCE Product)` unless `legacy`. */
  readonly name: string
  readonly group: string
  readonly unit: 'Licenses' | 'User' | 'Usage-based'
  readonly legacy?: true
  /** First day on the price list; left out: always was. */
  readonly listedFrom?: Day
  /** First day no longer on the price list; still invoiced to who has it. */
  readonly retiredFrom?: Day
  /** In order of `from`. */
  readonly prices: readonly Price[]
}

export interface Tenant {
  readonly tenantId: string
  readonly customerId: number
  /** CustomerName on invoices and in the API. */
  readonly name: string
  readonly domain: string
  readonly contractAgreementId: string
  readonly isActive?: false
}

/** `on` is the first day on which it holds; an end's or a suspension's `on` is the first day not charged. */
export type SubscriptionEvent =
  | { readonly kind: 'start'; readonly on: Day; readonly productId: string; readonly quantity: number }
  | { readonly kind: 'quantity'; readonly on: Day; readonly quantity: number }
  | { readonly kind: 'move'; readonly on: Day; readonly productId: string; readonly quantity?: number }
  | { readonly kind: 'suspend'; readonly on: Day }
  | { readonly kind: 'resume'; readonly on: Day }
  | { readonly kind: 'end'; readonly on: Day }

export interface Term {
  readonly billingCycle: string
  readonly number: string
  readonly unit: string
}

export const monthlyTerm: Term = { billingCycle: 'Monthly', number: '1', unit: 'MONTHS' }
export const annualTermBilledMonthly: Term = { billingCycle: 'Monthly', number: '1', unit: 'YEARS' }
export const annualTermBilledAnnually: Term = { billingCycle: 'Annual', number: '1', unit: 'YEARS' }
/** Azure may come without cycle and term (docs/facts/prism.md, "Invoice CSV"; the form is assumed). */
export const noTerm: Term = { billingCycle: '', number: '', unit: '' }

interface Subscription {
  /** Two histories may share an id: two products under one subscription. */
  readonly subscriptionId: string
  readonly tenantId: string
  readonly term: Term
}

/** Licences, charged by the day. Events are in order of `on`, the first is the start. */
export interface LicenceHistory extends Subscription {
  readonly kind: 'licences'
  readonly events: readonly SubscriptionEvent[]
  /**
   * The API names the product by its SKU instead of its id (docs/facts/prism.md, "Price list": either is
   * seen).
   */
  readonly shownBySku?: true
}

/**
 * Licences paid for a year at once: one line, on the invoice of the month of the order [inferred: no form is known], or none there
 * where it has invoices of its own.
 */
export interface AnnualHistory extends Subscription {
  readonly kind: 'annual'
  readonly productId: string
  readonly orderedOn: Day
  readonly quantity: number
  /** Of one unit for the year. */
  readonly cost: string
  readonly rrp: string
  readonly isInvoicedApart?: true
  /** Seats that came later, or were given back; in order. */
  readonly changes?: readonly { readonly on: Day; readonly by: number }[]
}

/** Azure: the month's amounts; a month without an entry has no line. */
export interface AzureHistory extends Subscription {
  readonly kind: 'azure'
  readonly productId: string
  readonly startedOn: Day
  readonly usage: Readonly<Record<Month, AzureUsage>>
}

export interface AzureUsage {
  readonly cost: string
  readonly rrp: string
  /** Charged days where they are not the whole month; the amounts are the line's all the same. */
  readonly first?: Day
  readonly last?: Day
}

export type History = LicenceHistory | AnnualHistory | AzureHistory

/** A subscription's state on a day. */
export interface State {
  readonly productId: string
  readonly quantity: number
  readonly status: 'Active' | 'Suspended' | 'Deleted'
}

/** `null` before the subscription's start. */
export function stateOn(history: History, day: Day): State | null {
  if (history.kind === 'azure') {
    return history.startedOn <= day ? { productId: history.productId, quantity: 1, status: 'Active' } : null
  }
  if (history.kind === 'annual') {
    const { productId, changes = [] } = history
    const later = changes.filter(({ on }) => on <= day).reduce((sum, { by }) => sum + by, 0)
    const quantity = history.quantity + later
    return history.orderedOn <= day ? { productId, quantity, status: 'Active' } : null
  }
  return history.events.filter((event) => event.on <= day).reduce<State | null>(after, null)
}

function after(state: State | null, event: SubscriptionEvent): State | null {
  if (event.kind === 'start')
    return { productId: event.productId, quantity: event.quantity, status: 'Active' }
  if (state === null) return null
  switch (event.kind) {
    case 'quantity':
      return { ...state, quantity: event.quantity }
    case 'move':
      return { ...state, productId: event.productId, quantity: event.quantity ?? state.quantity }
    case 'suspend':
      return { ...state, status: 'Suspended' }
    case 'resume':
      return { ...state, status: 'Active' }
    case 'end':
      return { ...state, status: 'Deleted' }
  }
}

export function startOf(history: History): Day {
  if (history.kind === 'azure') return history.startedOn
  if (history.kind === 'annual') return history.orderedOn
  return history.events[0]?.on ?? '9999-12-31'
}

/**
 * A person sets the quantity from a day on. Changes of the quantity planned for later days fall away: what the person
 * said holds until a person says otherwise. Moves, suspensions and the end stay.
 */
export function withQuantity(history: LicenceHistory, quantity: number, from: Day): LicenceHistory {
  const kept = history.events
    .filter((event) => event.kind !== 'quantity' || event.on < from)
    .map((event): SubscriptionEvent => {
      if (event.on < from || event.kind !== 'move') return event
      return { kind: 'move', on: event.on, productId: event.productId }
    })
  const earlier = kept.filter((event) => event.on <= from)
  const later = kept.filter((event) => event.on > from)
  return { ...history, events: [...earlier, { kind: 'quantity', on: from, quantity }, ...later] }
}

/** The product's price on a day; the first known one before that. */
export function priceOn(product: Product, day: Day): Price {
  const price = product.prices.findLast((one) => one.from <= day) ?? product.prices[0]
  if (price === undefined) throw new Error(`${product.name} has no price`)
  return price
}

export function isListed(product: Product, day: Day): boolean {
  return (product.listedFrom ?? '') <= day && (product.retiredFrom === undefined || day < product.retiredFrom)
}
