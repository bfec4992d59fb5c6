/** Subscription histories -> the lines of a month's invoice. */
import { billableRatio, lineAmount, trimmed } from './amounts.ts'
import {
  addDays,
  type Day,
  daysBetween,
  daysInMonth,
  firstDay,
  lastDay,
  type Month,
  monthOf,
} from './calendar.ts'
import { type History, type LicenceHistory, type Product, priceOn, stateOn, type Term } from './history.ts'

/** One row of the invoice, money as the file writes it. */
export interface InvoiceLine {
  readonly subscriptionId: string
  readonly tenantId: string
  readonly offerName: string
  /** Left out: that of usage. */
  readonly description?: string
  /** First and last charged day, both inclusive. */
  readonly first: Day
  readonly last: Day
  readonly unitPrice: string
  readonly unitPriceRrp: string
  readonly quantity: string
  readonly billableRatio: string
  readonly subTotal: string
  readonly subTotalRrp: string
  readonly term: Term
}

export type Products = ReadonlyMap<string, Product>

/** All lines of a month, made one subscription at a time. */
export function* linesOfMonth(
  histories: Iterable<History>,
  products: Products,
  month: Month,
): Generator<InvoiceLine> {
  for (const history of histories) yield* linesOfHistory(history, products, month)
}

/** One line per stretch of days with the same product, quantity and price; nothing for days not charged. */
export function linesOfHistory(history: History, products: Products, month: Month): InvoiceLine[] {
  if (history.kind === 'licences') {
    return stretches(history, products, month).map((stretch) => licenceLine(history, products, stretch))
  }
  const { subscriptionId, tenantId, term } = history
  const identity = {
    subscriptionId,
    tenantId,
    term,
    offerName: offerName(productOf(products, history.productId)),
  }
  if (history.kind === 'azure') {
    const usage = history.usage[month]
    if (usage === undefined) return []
    const dates = { first: usage.first ?? firstDay(month), last: usage.last ?? lastDay(month) }
    return [{ ...identity, ...dates, ...wholeAmounts(usage.cost, usage.rrp, 1) }]
  }
  if (history.isInvoicedApart || monthOf(history.orderedOn) !== month) return []
  const dates = { first: history.orderedOn, last: lastDay(month) }
  return [{ ...identity, ...dates, ...wholeAmounts(history.cost, history.rrp, history.quantity) }]
}

interface Stretch {
  readonly first: Day
  last: Day
  readonly productId: string
  readonly quantity: number
  readonly cost: string
  readonly rrp: string
}

function stretches(history: LicenceHistory, products: Products, month: Month): Stretch[] {
  const found: Stretch[] = []
  const starts = daysOfChange(history, products, month)
  for (const [index, first] of starts.entries()) {
    const next = starts[index + 1]
    const last = next === undefined ? lastDay(month) : addDays(next, -1)
    const state = stateOn(history, first)
    if (state === null || state.status !== 'Active' || state.quantity === 0) continue
    const { cost, rrp } = priceOn(productOf(products, state.productId), first)
    const stretch = { first, last, productId: state.productId, quantity: state.quantity, cost, rrp }
    const before = found.at(-1)
    if (before !== undefined && continues(before, stretch)) before.last = last
    else found.push(stretch)
  }
  return found
}

/** The month's first day, and each later day of it on which the history or a price of its products changes. */
function daysOfChange(history: LicenceHistory, products: Products, month: Month): Day[] {
  const days = new Set([firstDay(month)])
  for (const event of history.events) {
    if (monthOf(event.on) === month) days.add(event.on)
    if (event.kind !== 'start' && event.kind !== 'move') continue
    for (const price of productOf(products, event.productId).prices)
      if (monthOf(price.from) === month) days.add(price.from)
  }
  return [...days].sort()
}

function continues(before: Stretch, next: Stretch): boolean {
  return (
    addDays(before.last, 1) === next.first &&
    before.productId === next.productId &&
    before.quantity === next.quantity &&
    before.cost === next.cost &&
    before.rrp === next.rrp
  )
}

function licenceLine(history: LicenceHistory, products: Products, stretch: Stretch): InvoiceLine {
  const { first, last, quantity, cost, rrp } = stretch
  const days = daysBetween(first, last)
  const ofDays = daysInMonth(monthOf(first))
  return {
    subscriptionId: history.subscriptionId,
    tenantId: history.tenantId,
    term: history.term,
    offerName: offerName(productOf(products, stretch.productId)),
    first,
    last,
    unitPrice: trimmed(cost),
    unitPriceRrp: trimmed(rrp),
    quantity: String(quantity),
    billableRatio: billableRatio(days, ofDays),
    subTotal: lineAmount(cost, quantity, days, ofDays),
    subTotalRrp: lineAmount(rrp, quantity, days, ofDays),
  }
}

function wholeAmounts(cost: string, rrp: string, quantity: number) {
  return {
    unitPrice: trimmed(cost),
    unitPriceRrp: trimmed(rrp),
    quantity: String(quantity),
    billableRatio: '1',
    subTotal: lineAmount(cost, quantity, 1, 1),
    subTotalRrp: lineAmount(rrp, quantity, 1, 1),
  }
}

function productOf(products: Products, productId: string): Product {
  const product = products.get(productId)
  if (product === undefined) throw new Error(`No product ${productId}`)
  return product
}

function offerName(product: Product): string {
  return product.legacy || product.unit === 'Usage-based' ? product.name : `${product.name} (NCE Product)`
}
