/**
 * A term that is billed for a year or three at once: what happens to it, and the invoices that PRISM makes of it beside the standard
 * one (docs/facts/microsoft.md, "Terms"). Each order, increase, reduction, upgrade and renewal makes one, a day or two later. The lines'
 * form is [inferred]; amounts by `prism/amounts.ts`, for the days that are left of the term.
 */
import { billableRatio, lineAmount, trimmed } from '../prism/amounts.ts'
import { addDays, type Day, daysBetween } from '../prism/calendar.ts'
import type { Product, Term } from '../prism/history.ts'
import type { InvoiceLine } from '../prism/lines.ts'
import type { Draws } from './draws.ts'
import { money } from './products.ts'

/** An invoice of its own. */
export interface TermInvoice {
  readonly issuedOn: Day
  readonly lines: readonly InvoiceLine[]
}

export interface TermSubscription {
  readonly subscriptionId: string
  /** Its last one. */
  readonly product: Product
}

export interface TermLife {
  readonly invoices: readonly TermInvoice[]
  /** Each id that it had. */
  readonly subscriptions: readonly TermSubscription[]
  /** What happened, so that a test can tell that it saw all of it. */
  readonly events: readonly TermEvent[]
}

export type TermEvent =
  | 'order'
  | 'increase'
  | 'refund'
  | 'upgrade'
  | 'partial upgrade'
  | 'renewal'
  | 'renewal with a new id'

interface Unit {
  readonly product: Product
  readonly cost: string
  readonly rrp: string
}

/** Seats that run under an id. */
interface Running {
  readonly subscriptionId: string
  readonly unit: Unit
  readonly quantity: number
}

export interface TermWorld {
  readonly draws: Draws
  readonly tenantId: string
  readonly products: readonly [Product, ...Product[]]
  /** Another id each time. */
  readonly newId: () => string
  /** The day of the order. */
  readonly orderedOn: Day
  /** Nothing happens after it. */
  readonly until: Day
}

/** One order and all that comes of it. */
export function termLife(world: TermWorld): TermLife {
  return new Life(world).live()
}

class Life {
  readonly #world: TermWorld
  readonly #years: 1 | 3
  readonly #term: Term
  readonly #invoices: TermInvoice[] = []
  readonly #events: TermEvent[] = []
  #running: Running[] = []
  #first: Day
  #last: Day

  constructor(world: TermWorld) {
    this.#world = world
    this.#years = world.draws.chance(20) ? 3 : 1
    this.#term = {
      billingCycle: this.#years === 3 ? 'Triennial' : 'Annual',
      number: `${this.#years}`,
      unit: 'YEARS',
    }
    this.#first = world.orderedOn
    this.#last = endOf(this.#first, this.#years)
  }

  live(): TermLife {
    const { draws, newId, until } = this.#world
    this.#running = [{ subscriptionId: newId(), unit: this.#unit(), quantity: draws.whole(1, 30) }]
    this.#issue('order', this.#first, [this.#charge(this.#running[0] as Running, this.#first, 1)])
    const ids = new Map([[this.#running[0]?.subscriptionId ?? '', this.#running[0]?.unit.product]])
    let day = this.#first
    for (let event = 0; event < 12; event += 1) {
      day = addDays(day, draws.whole(1, 90))
      if (day > until) break
      if (day > this.#last) this.#renew()
      else this.#happen(day)
      for (const { subscriptionId, unit } of this.#running) ids.set(subscriptionId, unit.product)
      day = day > this.#last ? this.#first : day
    }
    return {
      invoices: this.#invoices,
      events: this.#events,
      subscriptions: [...ids].flatMap(([subscriptionId, product]) =>
        product === undefined ? [] : [{ subscriptionId, product }],
      ),
    }
  }

  #happen(day: Day): void {
    const { draws } = this.#world
    const at = draws.whole(0, this.#running.length - 1)
    const one = this.#running[at]
    if (one === undefined) return
    switch (draws.weighted({ increase: 45, refund: 25, upgrade: 15, partial: 15 })) {
      case 'increase':
        return this.#increase(one, day)
      case 'refund':
        return this.#refund(one, day)
      case 'upgrade':
        return this.#upgrade(one, day)
      case 'partial':
        return this.#upgradePart(one, day)
    }
  }

  #increase(one: Running, day: Day): void {
    const more = this.#world.draws.whole(1, 9)
    this.#replace(one, { ...one, quantity: one.quantity + more })
    this.#issue('increase', day, [this.#charge({ ...one, quantity: more }, day, 1)])
  }

  /** Seats are added, and some of them given back within 7 days. */
  #refund(one: Running, day: Day): void {
    const { draws } = this.#world
    if (addDays(day, 7) > this.#last) return
    const more = draws.whole(2, 9)
    const back = draws.whole(1, more)
    this.#issue('increase', day, [this.#charge({ ...one, quantity: more }, day, 1)])
    const given = addDays(day, draws.whole(0, 6))
    this.#issue('refund', given, [this.#charge({ ...one, quantity: back }, given, -1)])
    this.#replace(one, { ...one, quantity: one.quantity + more - back })
  }

  /** Another product under the same id, for the rest of the term. */
  #upgrade(one: Running, day: Day): void {
    const to = { ...one, unit: this.#unit() }
    if (to.unit.product === one.unit.product) return
    this.#replace(one, to)
    this.#issue('upgrade', day, [this.#charge(one, day, -1), this.#charge(to, day, 1)])
  }

  /** Some seats get another product, and with it a second id with the same end. */
  #upgradePart(one: Running, day: Day): void {
    if (one.quantity < 2) return
    const quantity = this.#world.draws.whole(1, one.quantity - 1)
    const to = { subscriptionId: this.#world.newId(), unit: this.#unit(), quantity }
    this.#replace(one, { ...one, quantity: one.quantity - quantity })
    this.#running.push(to)
    this.#issue('partial upgrade', day, [
      this.#charge({ ...one, quantity }, day, -1),
      this.#charge(to, day, 1),
    ])
  }

  /** The next term begins the day after, dearer, under the same id or under a new one. */
  #renew(): void {
    const { draws, newId } = this.#world
    const isNew = draws.chance(40)
    this.#first = addDays(this.#last, 1)
    this.#last = endOf(this.#first, this.#years)
    this.#running = this.#running.map((one) => ({
      ...one,
      subscriptionId: isNew ? newId() : one.subscriptionId,
      unit: dearer(one.unit),
    }))
    this.#issue(
      isNew ? 'renewal with a new id' : 'renewal',
      this.#first,
      this.#running.map((one) => this.#charge(one, this.#first, 1)),
    )
  }

  #replace(one: Running, by: Running): void {
    this.#running = this.#running.map((each) => (each === one ? by : each))
  }

  #issue(event: TermEvent, day: Day, lines: readonly InvoiceLine[]): void {
    this.#events.push(event)
    this.#invoices.push({ issuedOn: addDays(day, this.#world.draws.whole(1, 2)), lines })
  }

  #unit(): Unit {
    const { draws, products } = this.#world
    const product = draws.pick(products)
    const cents = this.#years * draws.whole(900, 60_000)
    return { product, cost: money(cents), rrp: money(Math.round((cents * draws.whole(105, 135)) / 100)) }
  }

  /** For the days from `day` to the term's end. */
  #charge({ subscriptionId, unit, quantity }: Running, day: Day, sign: 1 | -1): InvoiceLine {
    const days = daysBetween(day, this.#last)
    const ofDays = daysBetween(this.#first, this.#last)
    return {
      subscriptionId,
      tenantId: this.#world.tenantId,
      offerName: `${unit.product.name}${unit.product.legacy ? '' : ' (NCE Product)'}`,
      first: day,
      last: this.#last,
      unitPrice: trimmed(unit.cost),
      unitPriceRrp: trimmed(unit.rrp),
      quantity: String(sign * quantity),
      billableRatio: billableRatio(days, ofDays),
      subTotal: lineAmount(unit.cost, sign * quantity, days, ofDays),
      subTotalRrp: lineAmount(unit.rrp, sign * quantity, days, ofDays),
      term: this.#term,
    }
  }
}

function dearer({ product, cost, rrp }: Unit): Unit {
  const raised = (amount: string) => money(Math.round(Number(amount) * 105))
  return { product, cost: raised(cost), rrp: raised(rrp) }
}

/** The last day of a term of whole years. */
function endOf(first: Day, years: number): Day {
  const year = String(Number(first.slice(0, 4)) + years)
  const day = first.slice(5) === '02-29' ? '03-01' : first.slice(5)
  return addDays(`${year}-${day}`, -1)
}
