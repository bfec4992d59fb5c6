/**
 * Terms of a year that are billed by the month, and what becomes of them: upgrades, whole and in part, and at their end a renewal under
 * the same id or a new one, or the paid extension with products of its own (docs/facts/microsoft.md, "Terms").
 */
import { addDays, type Day, nextMonth } from '../prism/calendar.ts'
import {
  annualTermBilledMonthly,
  type LicenceHistory,
  monthlyTerm,
  type Product,
  type SubscriptionEvent,
} from '../prism/history.ts'
import type { Partner } from '../prism/seed.ts'
import { type Draws, drawsFor } from './draws.ts'
import { idOf, placeOf } from './ids.ts'
import { dayIn, money } from './products.ts'

/** How many products such terms are sold of; each has one for its extension. */
const productsSold = 4
/** Of ids of such terms in a tenant; those before are of terms that are billed at once. */
const firstId = 1_000

/** The partner with such terms, and with the products of their extension on its price list. */
export function withLongTerms(partner: Partner, { seed, terms }: { seed: number; terms: number }): Partner {
  const { portfolio, products } = partner
  const sold = products.filter(({ unit, retiredFrom }) => unit !== 'Usage-based' && retiredFrom === undefined)
  const offers = sold
    .slice(0, productsSold)
    .map((product, index) => ({ product, extension: extensionOf(product, seed, products.length + index) }))
  const [first, ...others] = offers
  if (first === undefined) return partner
  const historiesOf = (tenantId: string): LicenceHistory[] => {
    const tenant = placeOf(seed, 'tenant', tenantId)?.index
    if (tenant === undefined) return []
    let ids = firstId
    return Array.from({ length: terms }, (_, within) => {
      const draws = drawsFor(seed, 'annualTerm', tenant, firstId + within)
      const newId = () => idOf(seed, 'term', tenant, ids++)
      const offer = () => draws.pick([first, ...others])
      return new LongTerm({ draws, tenantId, newId, offer }).live(partner.firstUsage)
    }).flat()
  }
  return {
    ...partner,
    products: [...products, ...offers.map(({ extension }) => extension)],
    portfolio: {
      ...portfolio,
      histories: (tenantId) => [...portfolio.histories(tenantId), ...historiesOf(tenantId)],
      tenantOf(subscriptionId) {
        const place = placeOf(seed, 'term', subscriptionId)
        if (place === null) return portfolio.tenantOf(subscriptionId)
        return portfolio.tenant(idOf(seed, 'tenant', place.index))
      },
    },
  }
}

interface Offer {
  readonly product: Product
  /** The same after the term's end, month by month and 3 % dearer. */
  readonly extension: Product
}

function extensionOf(product: Product, seed: number, index: number): Product {
  const dearer = (amount: string) => money(Math.round(Number(amount) * 103))
  const productId = idOf(seed, 'product', index)
  return {
    ...product,
    productId,
    sku: productId.toUpperCase(),
    name: `${product.name} Extended Service Term`,
    prices: product.prices.map(({ from, cost, rrp }) => ({ from, cost: dearer(cost), rrp: dearer(rrp) })),
  }
}

interface LongTermWorld {
  readonly draws: Draws
  readonly tenantId: string
  readonly newId: () => string
  readonly offer: () => Offer
}

interface Seats {
  readonly subscriptionId: string
  readonly events: SubscriptionEvent[]
  offer: Offer
  quantity: number
}

class LongTerm {
  readonly #world: LongTermWorld
  readonly #done: LicenceHistory[] = []

  constructor(world: LongTermWorld) {
    this.#world = world
  }

  /** The order is up to a year before the first invoice, so that the term ends while invoices come out. */
  live(firstUsage: string): LicenceHistory[] {
    const { draws } = this.#world
    const orderedOn = dayIn(nextMonth(firstUsage, -draws.whole(1, 11)), draws)
    const over = `${Number(orderedOn.slice(0, 4)) + 1}${orderedOn.slice(4)}`
    const all = [this.#begin(orderedOn, this.#world.offer(), draws.whole(2, 40))]
    // At most one upgrade, so that no seats are told apart that PRISM does not tell apart.
    const upgradedOn = addDays(orderedOn, draws.whole(30, 330))
    const [one] = all
    if (one !== undefined) all.push(...this.#upgrade(one, upgradedOn))
    for (const each of all) this.#end(each, over)
    return this.#done
  }

  #begin(on: Day, offer: Offer, quantity: number): Seats {
    const start = { kind: 'start', on, productId: offer.product.productId, quantity } as const
    return { subscriptionId: this.#world.newId(), events: [start], offer, quantity }
  }

  /** A whole one keeps the id; of a part there is a second id, with the same end. */
  #upgrade(seats: Seats, on: Day): Seats[] {
    const { draws, offer } = this.#world
    const to = offer()
    switch (draws.weighted({ none: 30, whole: 30, part: 40 })) {
      case 'none':
        return []
      case 'whole':
        seats.events.push({ kind: 'move', on, productId: to.product.productId })
        seats.offer = to
        return []
      case 'part': {
        const moved = draws.whole(1, seats.quantity - 1)
        seats.quantity -= moved
        seats.events.push({ kind: 'quantity', on, quantity: seats.quantity })
        return [this.#begin(on, to, moved)]
      }
    }
  }

  /** @param on the first day after the term */
  #end(seats: Seats, on: Day): void {
    const { draws } = this.#world
    const { offer, quantity } = seats
    const over = { kind: 'end', on } as const
    switch (draws.weighted({ renewed: 30, 'new id': 25, extended: 25, over: 20 })) {
      case 'renewed':
        return this.#keep(seats, annualTermBilledMonthly)
      case 'new id':
        this.#keep({ ...seats, events: [...seats.events, over] }, annualTermBilledMonthly)
        return this.#keep(this.#begin(on, offer, quantity), annualTermBilledMonthly)
      case 'extended': {
        // Whether the id stays is not known: both are made.
        this.#keep({ ...seats, events: [...seats.events, over] }, annualTermBilledMonthly)
        const extended = this.#begin(on, { ...offer, product: offer.extension }, quantity)
        const isSame = draws.chance(50)
        return this.#keep(
          isSame ? { ...extended, subscriptionId: seats.subscriptionId } : extended,
          monthlyTerm,
        )
      }
      case 'over':
        return this.#keep({ ...seats, events: [...seats.events, over] }, annualTermBilledMonthly)
    }
  }

  #keep({ subscriptionId, events }: Seats, term: LicenceHistory['term']): void {
    this.#done.push({ kind: 'licences', subscriptionId, tenantId: this.#world.tenantId, term, events })
  }
}
