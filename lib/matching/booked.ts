/** What additions that were read say of whose they are: by subscriptions' ids, and by products and quantities (J7). */
import type { SkuKey, SubscriptionKey } from '#lib/billing/keys.ts'

/** What a tenant has, as PRISM lists or invoices it. */
export interface Bought {
  readonly subscription: SubscriptionKey
  readonly product: SkuKey
  /** Seats, or units. */
  readonly quantity: number
}

/** An agreement with its additions, as ConnectWise gave them. */
export interface AgreementRead {
  readonly id: number
  readonly companyId: number
  readonly name: string
  /** A month can be billed on it (A5). */
  readonly isFit: boolean
  readonly additions: readonly {
    /** `''` where it has none. */
    readonly serial: SubscriptionKey
    readonly product: SkuKey
    readonly quantity: number
  }[]
}

/** Of one agreement against what a tenant bought. */
export interface AgreementBooked {
  readonly agreement: AgreementRead
  /** Additions that carry the id of one of its subscriptions. */
  readonly serials: number
  /** Products with the quantity that the tenant has. */
  readonly equal: number
  /** How seldom customers have these, in natural logarithms. */
  readonly rarity: number
}

/** Of a company: its agreements that were read. */
export interface Booked {
  /** The one that says most first. */
  readonly agreements: readonly AgreementBooked[]
  /** Another company has an addition with one of the ids, too. */
  readonly isElsewhere: boolean
}

/** From here on, what was bought is no chance: one customer in about a thousand has the like. */
export const ENOUGH_RARITY = 7
/** Of several products together less is enough, since each had to meet. */
const ENOUGH_OF_SEVERAL = 5
const POINTS_OF_SERIALS = 100
const POINTS_OF_RARITY = 4
const MOST_POINTS = 36
/** How many more customers to think of where a partner has few, so that what only one of them has is not rare by that. */
const IMAGINED_CUSTOMERS = 100

type Quantities = ReadonlyMap<SkuKey, number>

export class Books {
  readonly #byCompany: ReadonlyMap<number, readonly AgreementRead[]>
  readonly #companiesOf = new Map<SubscriptionKey, Set<number>>()
  readonly #having = new Map<string, number>()
  #customers = 0

  /** Of all agreements that were read, and of what each tenant bought. */
  constructor(agreements: readonly AgreementRead[], tenants: Iterable<readonly Bought[]>) {
    this.#byCompany = Map.groupBy(agreements, ({ companyId }) => companyId)
    for (const { companyId, additions } of agreements)
      for (const { serial } of additions) {
        if (serial === '') continue
        const known = this.#companiesOf.get(serial)
        if (known === undefined) this.#companiesOf.set(serial, new Set([companyId]))
        else known.add(companyId)
      }
    for (const bought of tenants) {
      this.#customers += 1
      for (const [product, quantity] of quantitiesOf(bought)) {
        const key = keyOf(product, quantity)
        this.#having.set(key, (this.#having.get(key) ?? 0) + 1)
      }
    }
  }

  /** Companies with an addition that carries one of the ids. */
  companiesWith(bought: readonly Bought[]): readonly number[] {
    return [
      ...new Set(bought.flatMap(({ subscription }) => [...(this.#companiesOf.get(subscription) ?? [])])),
    ]
  }

  /** `null`: no agreement of the company was read. */
  of(bought: readonly Bought[], companyId: number): Booked | null {
    const read = this.#byCompany.get(companyId)
    if (read === undefined) return null
    const agreements = read
      .map((agreement) => this.#booked(bought, agreement))
      .toSorted((a, b) => b.serials - a.serials || b.rarity - a.rarity || a.agreement.id - b.agreement.id)
    return {
      agreements,
      isElsewhere: this.companiesWith(bought).some((id) => id !== companyId),
    }
  }

  #booked(bought: readonly Bought[], agreement: AgreementRead): AgreementBooked {
    const ids = new Set(bought.map(({ subscription }) => subscription))
    const written = quantitiesOf(agreement.additions)
    let [equal, rarity] = [0, 0]
    for (const [product, quantity] of quantitiesOf(bought)) {
      if (written.get(product) !== quantity) continue
      equal += 1
      const having = this.#having.get(keyOf(product, quantity)) ?? 0
      rarity += Math.log((this.#customers + IMAGINED_CUSTOMERS) / (having + 1))
    }
    const serials = agreement.additions.filter(({ serial }) => serial !== '' && ids.has(serial)).length
    return { agreement, serials, equal, rarity }
  }
}

const keyOf = (product: SkuKey, quantity: number): string => `${quantity} ${product}`

function quantitiesOf(all: readonly { readonly product: SkuKey; readonly quantity: number }[]): Quantities {
  const found = new Map<SkuKey, number>()
  for (const { product, quantity } of all)
    if (product !== '') found.set(product, (found.get(product) ?? 0) + quantity)
  return found
}

/** What a company's additions prove of a tenant. */
export interface BookedProof {
  /** What they add to the score. */
  readonly points: number
  readonly serials: number
  readonly equal: number
  readonly rarity: number
  /** Of the agreement, as it is called. */
  readonly agreement: string
  /** By itself no chance. */
  readonly isEnough: boolean
}

/** `null`: nothing. */
export function bookedProof(booked: Booked | null): BookedProof | null {
  const [first] = booked?.agreements ?? []
  if (booked === null || first === undefined || first.serials + first.equal === 0) return null
  const { serials, equal, rarity, agreement } = first
  const said = { serials, equal, rarity, agreement: agreement.name }
  if (serials > 0) {
    const isOnly = !booked.isElsewhere
    return { ...said, points: isOnly ? POINTS_OF_SERIALS : POINTS_OF_SERIALS / 2, isEnough: isOnly }
  }
  return {
    ...said,
    points: Math.min(MOST_POINTS, Math.round(POINTS_OF_RARITY * rarity)),
    isEnough: rarity >= (equal > 1 ? ENOUGH_OF_SEVERAL : ENOUGH_RARITY),
  }
}
