/** What matching additions with subscriptions takes and gives. */
import type { CountedAddition } from './additions.ts'
import type { Decimal } from './decimal.ts'
import type { SubscriptionKey } from './keys.ts'
import type { Motion } from './motion.ts'
import type { Standing } from './standing.ts'
import type { Window } from './timeline.ts'
import type { AdditionAnswer, AskedAddition, Day, EndChange, Finding, Period, Term } from './types.ts'

/** A subscription of the agreement's customers that has a product. */
export interface Owner {
  readonly id: SubscriptionKey
  /** Whether a period of it has been good on this agreement. */
  readonly hasBeenGood: boolean
  /** How its term is billed; `null`: that is not known. */
  readonly motion: Motion | null
  /** Its quantity on a day of the period or the one before: invoiced, or where it is on no line as PRISM lists it. */
  readonly quantityOn: (day: Day) => Decimal
}

export interface MatchInput {
  readonly held: readonly CountedAddition[]
  readonly window: Window
  readonly answers: readonly AdditionAnswer[]
  /** The last day that ConnectWise has invoiced, where not known the period's last: nothing is ended before it. */
  readonly earliestEnd: Day
  /** `null`: no subscription. */
  readonly standingOf: (id: SubscriptionKey) => Standing | null
  /** Subscriptions of the agreement's customers that have the catalog item's product, by id; of its motion where one is. */
  readonly ownersOf: (itemId: number) => readonly Owner[]
  /** Catalog items of the subscription's planned lines. */
  readonly itemsOf: (id: SubscriptionKey) => ReadonlySet<number>
  /** Equal for catalog items of one product. */
  readonly kindOf: (itemId: number) => string
  readonly motionOf: (itemId: number) => Motion | null
  /** Whether the catalog item's product is on this period's lines, ignored ones included. */
  readonly isInvoiced: (itemId: number) => boolean
  /** Whether the catalog item's product is that of Azure usage on this period's lines: one total bills all of it. */
  readonly isAzureItem: (itemId: number) => boolean
  /**
   * Subscriptions of which it is not known what the invoice has, or what an earlier one left: no quantity tells which addition
   * is theirs.
   */
  readonly refused: ReadonlySet<SubscriptionKey>
  /** Additions of which an earlier period asks whose they are. */
  readonly disputed: ReadonlySet<number>
  /** The SKU of a product that is or was on the price list, where the item names one. */
  readonly priceListSku: (itemId: number) => string | null
  /** Subscriptions that begin here and are called as the addition or its catalog item is. */
  readonly namesakesOf: (addition: Candidate) => readonly SubscriptionKey[]
  readonly itemName: (itemId: number) => string
  /** Whether it is known what the catalog item is. */
  readonly isKnownItem: (itemId: number) => boolean
}

export interface MatchingInput extends MatchInput {
  /** Whether an addition of the item that cannot be read may be the subscription's: then no quantity tells which others are. */
  readonly mayOwnUnreadable: (id: SubscriptionKey, itemId: number) => boolean
}

/** An addition that is left as it is, with the name of what it bills. */
export interface LeftAsIs {
  /** Its pieces. */
  readonly held: readonly CountedAddition[]
  readonly term: Term
  /** `''` where it names none. */
  readonly subscriptionId: SubscriptionKey
  /** `null`: what was changed of it since it was billed says enough. */
  readonly finding: Finding | null
  /** Its end, where a person said it and it is still to be written. */
  readonly change?: EndChange
}

/** An addition that a person has to decide about (F9). */
export interface LeftOver {
  /** Its pieces. */
  readonly held: readonly CountedAddition[]
  readonly sku: string
  readonly asks: readonly AskedAddition[]
}

export interface Matching {
  /** By subscription id, then by catalog item. */
  readonly matched: ReadonlyMap<SubscriptionKey, ReadonlyMap<number, readonly CountedAddition[]>>
  /** Errors by subscription id. */
  readonly errors: ReadonlyMap<SubscriptionKey, readonly Finding[]>
  readonly leftovers: readonly LeftOver[]
  readonly leftAsIs: readonly LeftAsIs[]
  /** Serial numbers `azure-YYYY-MM`, ids of Azure subscriptions, and what else has the product of Azure usage. */
  readonly azure: readonly CountedAddition[]
  /** The period's own correction (exact-amounts.ts). */
  readonly corrections: readonly CountedAddition[]
}

/** An addition while it is matched: its pieces belong together. */
export interface Candidate {
  readonly id: number
  readonly itemId: number
  /** As ConnectWise has it, and as it is compared. */
  readonly serialNumber: string
  readonly serial: SubscriptionKey
  readonly ours: boolean
  readonly created: boolean
  /** The month whose credit it carries, whatever its serial number is now (credits.ts). */
  readonly creditOf: Period | null
  readonly pieces: readonly CountedAddition[]
}

export const azureSerial = /^azure-\d{4}-\d{2}$/
