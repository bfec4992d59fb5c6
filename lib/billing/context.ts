/** What the rows of a month's plan are made from. */
import type { CountedAddition } from './additions.ts'
import type { AgreementFinding } from './agreement-rules.ts'
import type { Classified } from './classify.ts'
import type { Doubt } from './doubts.ts'
import type { SubscriptionKey } from './keys.ts'
import type { ProductLookup, ResolvedProduct } from './products.ts'
import type { Window } from './timeline.ts'
import type { Addition, Finding, InvoiceLine, Situation, Subscription, Usage } from './types.ts'

/** The lines of one subscription and product, with the additions matched to it. */
export interface Group {
  readonly id: SubscriptionKey
  /** As PRISM writes it. */
  readonly subscriptionId: string
  readonly tenantId: string
  /** `null` where it could not be resolved: the finding says why. */
  readonly product: ResolvedProduct | null
  readonly finding: Finding | null
  readonly name: string
  readonly lines: readonly InvoiceLine[]
}

/** Everything that the plan of one usage looks at, read once. */
export interface Context {
  readonly situation: Situation
  readonly usage: Usage
  readonly window: Window
  readonly isNewest: boolean
  /** Why the agreement cannot carry the period; empty where it can (F13). */
  readonly unfit: readonly AgreementFinding[]
  readonly lookup: ProductLookup
  readonly classified: Classified
  readonly groups: readonly Group[]
  readonly groupsOf: (id: SubscriptionKey) => readonly Group[]
  /** PRISM's subscriptions. */
  readonly stored: ReadonlyMap<SubscriptionKey, Subscription>
  readonly previousGroups: readonly Group[]
  /** The previous invoice's group of the same subscription and product. */
  readonly previousOf: (group: Group) => Group | undefined
  /** Whose each subscription is in the period (moving.ts). */
  readonly customers: ReadonlyMap<SubscriptionKey, string>
  /** The agreement's additions as ConnectWise holds them, by id. */
  readonly additions: ReadonlyMap<number, Addition>
  readonly held: readonly CountedAddition[]
  /** Days that ConnectWise billed in one of two ways, where nothing tells which. */
  readonly doubts: readonly Doubt[]
  /** Counted additions that end on the day before the period, by serial number and catalog item: they tell what was before it. */
  readonly endedBefore: ReadonlyMap<SubscriptionKey, ReadonlyMap<number, readonly CountedAddition[]>>
  /**
   * Whether the period is planned for a subscription: where it is not good yet, nor skipped; a good one again only where it is
   * the newest and days of it are not billed, so that edits show (docs/billing-rules.md, "Days billed").
   */
  readonly isDue: (id: SubscriptionKey) => boolean
  /** As what: as a month of the agreement's, or as the last one before the customer's first here; `null`: not at all. */
  readonly dueAs: (id: SubscriptionKey) => 'member' | 'takes-over' | null
  /**
   * Whether it is the newest period, good for a subscription, and invoiced: it is shown as it was billed, and not planned again
   * (docs/billing-rules.md, "Days billed").
   */
  readonly isBilled: (id: SubscriptionKey) => boolean
  /** Whether a person skipped the period for it: it is never planned, and shown with its amount. */
  readonly isSkipped: (id: SubscriptionKey) => boolean
  /** Whether that is so for any. */
  readonly isAnySkipped: boolean
  /** Whether a later period of the subscription is good already. */
  readonly isLate: (id: SubscriptionKey) => boolean
}
