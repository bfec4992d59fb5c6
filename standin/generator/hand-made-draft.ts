/** A customer that was billed before the product came, while it is invented. */
import type { Row } from '../connectwise/records.ts'
import {
  annualTermBilledAnnually,
  type History,
  monthlyTerm,
  type Product,
  type Term,
} from '../prism/history.ts'
import type { Draws } from './draws.ts'
import { idOf } from './ids.ts'

/** Usage month of the first invoice that the product sees, and the last day before it. */
export const firstUsage = '2026-04'
export const lastBefore = '2026-03-31'

/** What an addition is in truth, where the product cannot find it out by itself. */
export type Truth =
  | { readonly is: 'subscription'; readonly subscriptionId: string }
  | { readonly is: 'nobody' }
  | { readonly is: 'ends'; readonly on: string }

/** One of a customer’s subscriptions. */
export interface Sold {
  readonly subscriptionId: string
  readonly product: Product
  readonly quantity: number
}

/** What all customers have in common. */
export interface BilledWorld {
  readonly seed: number
  readonly azure: Product
  /** The first is sold to nobody. */
  readonly licence: (index: number) => Product
  readonly plain: (product: Product) => Row
  readonly prefixed: (product: Product, motion: 'P1M:M' | 'P1Y:M' | 'P1Y:A') => Row
  readonly byHand: (product: Product) => Row
  readonly fee: Row
}

export interface AdditionSeed {
  readonly item: Row
  readonly quantity: number
  readonly price: number
  readonly cost: number
  readonly serialNumber?: string
  readonly from?: string
  readonly to?: string
  readonly truth?: Truth
}

/** A customer while it is invented. */
export class CustomerDraft {
  readonly histories: History[] = []
  readonly additions: AdditionSeed[] = []
  readonly draws: Draws
  readonly #world: BilledWorld
  readonly #index: number
  readonly #tenantId: string

  constructor(world: BilledWorld, index: number, tenantId: string, draws: Draws) {
    this.#world = world
    this.#index = index
    this.#tenantId = tenantId
    this.draws = draws
  }

  sell(which: number, term: Term = monthlyTerm, quantity = this.draws.whole(2, 40)): Sold {
    const subscriptionId = this.#nextId()
    const product = this.#world.licence(which)
    const { productId } = product
    const common = { subscriptionId, tenantId: this.#tenantId, term }
    if (term === annualTermBilledAnnually) {
      const ordered = { orderedOn: '2025-10-05', productId, quantity, cost: '900', rrp: '1100' }
      this.histories.push({ kind: 'annual', ...common, ...ordered })
    } else {
      const start = { kind: 'start', on: '2025-06-01', productId, quantity } as const
      const changed = this.draws.chance(40)
        ? [
            {
              kind: 'quantity',
              on: `${firstUsage}-${this.draws.whole(11, 28)}`,
              quantity: quantity + 3,
            } as const,
          ]
        : []
      this.histories.push({ kind: 'licences', ...common, events: [start, ...changed] })
    }
    return { subscriptionId, product, quantity }
  }

  sellAzure(): Sold {
    const subscriptionId = this.#nextId()
    const { azure } = this.#world
    const amount = this.draws.whole(10_000, 90_000)
    const usage = { [firstUsage]: { cost: `${amount / 100}`, rrp: `${(amount + 2_500) / 100}` } }
    const common = { subscriptionId, tenantId: this.#tenantId, term: monthlyTerm, startedOn: '2025-06-01' }
    this.histories.push({ kind: 'azure', ...common, productId: azure.productId, usage })
    return { subscriptionId, product: azure, quantity: 1 }
  }

  /** An addition as the subscription is billed; `over` is what of it is otherwise. */
  bill({ product, quantity }: Sold, over: Partial<AdditionSeed> = {}): void {
    const [price] = product.prices
    const item = this.#world.plain(product)
    this.additions.push({ item, quantity, price: Number(price?.rrp), cost: Number(price?.cost), ...over })
  }

  prefixed(product: Product, motion: 'P1M:M' | 'P1Y:M' | 'P1Y:A'): Row {
    return this.#world.prefixed(product, motion)
  }

  /** An item with the product's name, and no Vendor SKU. */
  byHand(product: Product): Row {
    return this.#world.byHand(product)
  }

  /** An item that was never on PRISM’s price list. */
  get fee(): Row {
    return this.#world.fee
  }

  /** A product of the price list that no customer has from PRISM. */
  unsold(quantity: number): Sold {
    return { subscriptionId: '', product: this.#world.licence(0), quantity }
  }

  #nextId(): string {
    return idOf(this.#world.seed, 'subscription', this.#index, this.histories.length)
  }
}
