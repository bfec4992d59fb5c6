/** All that a plan is made of. */
import { z } from 'zod'
import type { Finding, PriceOffer } from './finding-types.ts'
import type { BySubscription, SubscriptionKey } from './keys.ts'
import type { WaitQuestion } from './plan-types.ts'
import type {
  Addition,
  AdditionAnswer,
  Agreement,
  BadLine,
  CatalogItem,
  InvoiceLine,
  OwnedAddition,
  Product,
  Subscription,
  UnreadableAddition,
  UnreadableItem,
} from './records.ts'
import type { PriceRule } from './rule-types.ts'
import type { Day, Money, Period, Quantity } from './values.ts'

/** One month's picked invoice, cut down to the agreement's tenants. */
export interface Usage {
  readonly period: Period
  readonly invoiceId: string
  readonly lines: readonly InvoiceLine[]
  /** Those of the tenants, and those of which the tenant is not known. */
  readonly badLines?: readonly BadLine[]
  /** Subscriptions with lines on it that are not this agreement's, as far as an addition or a tenant here names them. */
  readonly elsewhere?: readonly LineElsewhere[]
  /** By subscription, the customers that have a claim to its lines and are not all on this agreement: untouched. */
  readonly contested?: BySubscription<readonly string[]>
  /** By subscription, the domain on its lines, which PRISM never gave its customer: shown. */
  readonly learnedDomains?: BySubscription<string>
  /** Subscriptions of which a guard holds what the invoice would write, and why (F18). */
  readonly guarded?: BySubscription<GuardReason>
}

/** Why a guard holds a subscription: many end at once, the total moves, its customer is on no line (F18). */
export const guardReasonSchema = z.enum(['many-end', 'total-moves', 'customer-absent'])
export type GuardReason = z.infer<typeof guardReasonSchema>

/** Where the lines of a subscription are counted that are not counted here. */
export interface LineElsewhere {
  readonly subscriptionId: SubscriptionKey
  /** `mapped`: on another agreement that is synced for the month; `aside`: contested, unclaimed, or of a customer that does not sync. */
  readonly where: 'mapped' | 'aside'
}

/** An invoice that ConnectWise made of the agreement. */
export interface AgreementInvoice {
  /** The last day of the last month that it covers. */
  readonly through: Day
  /** All additions in the last reading before it. */
  readonly additions: readonly Addition[]
  /** Those of which nothing tells whether it billed them like that. */
  readonly doubts?: readonly BilledDoubt[]
}

/**
 * An addition that differs between the readings around an invoice of ConnectWise's, where nothing tells whether it was changed
 * before the invoice was made or after (docs/billing-rules.md, "Days billed").
 */
export interface BilledDoubt {
  readonly additionId: number
  /** As it was read after the invoice; `null`: it was deleted. */
  readonly after: Addition | null
  /** The stored reading that has it; left out where it is not stored yet. */
  readonly readingId?: number
}

/** A person's answer to it: it was billed as in the reading before the invoice, or as in the one after. */
export interface BilledAnswer extends Required<Omit<BilledDoubt, 'after'>> {
  /** Of the invoice. */
  readonly through: Day
  readonly billed: BilledAs
}
export const billedAsSchema = z.enum(['before', 'after'])
export type BilledAs = z.infer<typeof billedAsSchema>

/** Days that ConnectWise invoiced in a way that is not known (docs/billing-rules.md, "Fit for P"). */
export interface UnfitSpan {
  /** The first day that was not invoiced when the agreement was first seen unfit; `null`: not known, so any. */
  readonly from: Day | null
  /** The first day that was not invoiced when it was fit again; `null`: not known, or still unfit. */
  readonly until: Day | null
}

/** Another active agreement of the company, with its open additions that are not ours. */
export interface OtherAgreement {
  readonly id: number
  readonly name: string
  readonly additions: readonly OtherAddition[]
}

export interface OtherAddition {
  readonly id: number
  /** What its catalog item is called. */
  readonly product: string
  readonly vendorSku: string
  readonly serialNumber: string
  readonly quantity: Quantity
  readonly unitPrice: Money
  /** Whether it is known to bill another subscription than one that is recognised by its product. */
  readonly isAnothers: boolean
}

/** A person's yes to a plan that waited: it is sent. */
export interface Confirmation {
  readonly subscriptionId: SubscriptionKey
  readonly period: Period
  readonly question: WaitQuestion
}

/** Names of the set-up records a new catalog item gets (A4). */
export const catalogDefaultsSchema = z.object({
  category: z.string(),
  subcategory: z.string(),
  productType: z.string(),
  unitOfMeasure: z.string(),
  taxable: z.boolean(),
})
export type CatalogDefaults = Readonly<z.infer<typeof catalogDefaultsSchema>>

export interface MappedTenant {
  readonly id: string
  readonly name: string
  /** One that does not is left out of everything. */
  readonly syncs: boolean
  /** The first month that it is planned for; left out or `null`: any. */
  readonly from?: Period | null
  /** How it begins on the agreement. */
  readonly firstSync?: {
    readonly begin: FirstSync
    /** Whether a person chose it for this customer; else it is the program's default. */
    readonly isChosen: boolean
    /** The last month that its first sync is about; left out while no period of it is good on the agreement: any. */
    readonly through?: Period
    /** The month that the customer begins with, where that is decided. */
    readonly starts?: Period
  }
  /** The last month that it is planned for here, where it moved away or was cleared: it ends with that month (moving.ts). */
  readonly until?: Period | null
  /** Where it came back since: the month from which it is planned for here again. */
  readonly returns?: Period | null
  /** What it has here after `until` is left as it is, as a person said. */
  readonly leaves?: boolean
  /** It came from another agreement: from its first month here on, what it had on its last invoice there runs on. */
  readonly takesOver?: boolean
}

/** What a subscription still has on the agreement that its customer left, after the last month there. */
export interface StillBilled {
  readonly agreementName: string
  readonly additionIds: readonly number[]
  /** What they bill a month. */
  readonly price: Money
  /** How they end now, and by when they must. */
  readonly stillWrong?: string
}

/**
 * How a customer begins where ConnectWise has invoiced the first usage month already and a subscription has no addition
 * (docs/billing-rules.md, "First sync"): at the next month, with that month as catch-up, or not at all as it
 * is billed elsewhere.
 */
export const firstSyncSchema = z.enum(['next', 'catch-up', 'elsewhere'])
export type FirstSync = z.infer<typeof firstSyncSchema>

/** Everything that planning one agreement needs; `collect` reads it, nothing changes it. */
export interface Situation {
  readonly agreement: Agreement
  /** The PRISM connection's currency code, which the agreement must have. */
  readonly currency: string
  /** All additions of the agreement as ConnectWise holds them now: those that can be read, and those that cannot. */
  readonly additions: readonly Addition[]
  readonly unreadableAdditions?: readonly UnreadableAddition[]
  /** What ConnectWise has invoiced of the agreement, as far as we read it before; oldest first. */
  readonly invoices?: readonly AgreementInvoice[]
  /** What ConnectWise invoiced while the agreement was not fit for it. */
  readonly unfit?: readonly UnfitSpan[]
  readonly owned: readonly OwnedAddition[]
  readonly answers?: readonly AdditionAnswer[]
  /** Read before a first sync of which nobody said how the customer begins. */
  readonly otherAgreements?: readonly OtherAgreement[]
  /** Tenants mapped to this agreement. */
  readonly tenants: readonly MappedTenant[]
  /** Stored subscriptions of those tenants. */
  readonly subscriptions: readonly Subscription[]
  /** Subscriptions of tenants that are mapped elsewhere or nowhere: listed, never touched. */
  readonly foreignSubscriptionIds: readonly SubscriptionKey[]
  /** Those that PRISM once listed under one of those tenants and now lists under another: gone here where on no line. */
  readonly movedSubscriptionIds?: readonly SubscriptionKey[]
  readonly products: readonly Product[]
  readonly catalog: readonly CatalogItem[]
  readonly unreadableItems?: readonly UnreadableItem[]
  /** Invoices to plan, oldest first. */
  readonly usages: readonly Usage[]
  /** Usage period of the newest usable invoice, only which is planned again where it is good already; default: the last of `usages`. */
  readonly newest?: Period | null
  /** The invoice synced before the first of `usages`. */
  readonly previous: Usage | null
  /**
   * By subscription the line that ends last on any stored invoice up to the first of `usages`, ignored, annual
   * and replaced ones included: what is known of a subscription that is on no line any more.
   */
  readonly latest?: BySubscription<InvoiceLine>
  /**
   * By subscription, the first day of a term that is billed at once and carried on a One-Time agreement: what was billed by the month
   * before is then gone, and not left as annual (docs/billing-rules.md, "Annual").
   */
  readonly atOnceFrom?: BySubscription<Day>
  /** By subscription, the periods in which it is good for the lines that it has there now. */
  readonly good: BySubscription<readonly Period[]>
  /** Of those, the periods in which it was good on another agreement: they are never planned here. */
  readonly goodElsewhere?: BySubscription<readonly Period[]>
  /** By subscription, what is still open on the agreement that its customer left: nothing is written here before it ends. */
  readonly stillBilled?: BySubscription<StillBilled>
  /** Subscriptions of which a month was synced before; left out: those with a good one. */
  readonly synced?: readonly SubscriptionKey[]
  /**
   * By subscription, where it began at its first sync: nothing before that month is ever billed here. `next` and
   * `catch-up`: it was billed elsewhere, and begins so with the next month that is planned.
   */
  readonly starts?: BySubscription<Period | FirstSync>
  /** By subscription, PRISM's unit price to which a person said yes, from `next` on: what runs on at another one is replaced (J3). */
  readonly agreedPrices?: BySubscription<PriceOffer>
  /** Price rules of its customers, of products and of the program (J11). */
  readonly priceRules?: readonly PriceRule[]
  /** By subscription the ids of rules with a month that took hold of what it had; what a person changed since is left. */
  readonly rulesTaken?: BySubscription<readonly string[]>
  /** Whether what was never billed may be deleted; else it is cancelled before it begins. Left out: it may. */
  readonly mayDelete?: boolean
  /** By subscription, periods that a person skipped: never planned until that is taken back. */
  readonly skipped?: BySubscription<readonly Period[]>
  /** Of those, periods that a person undid (J2). */
  readonly parked?: BySubscription<readonly Period[]>
  /** What a person answered where a plan waited. */
  readonly confirmed?: readonly Confirmation[]
  /** By subscription, the earlier period that failed in this sync and holds it back. */
  readonly waiting?: BySubscription<Period>
  /** The same of an earlier period that waits for a person's answer. */
  readonly unanswered?: BySubscription<Period>
  /** Additions of which an earlier period of this sync asks whose they are: no later one takes them by their product. */
  readonly disputed?: readonly number[]
  /** What of the period failed in this sync already, by `sentTogether`: nothing more of it is planned, and it counts as it is. */
  readonly failed?: Readonly<Record<string, readonly Finding[]>>
  readonly options: {
    readonly syncAzure: boolean
    readonly annualTermsMonthly: boolean
    /** Whether a correction bills the rounding (J10); left out: no. */
    readonly exactAmounts?: boolean
    /** Below which margin, per cent of the price, the guard names what is billed (J11); left out or `null`: off. */
    readonly marginPercent?: string | null
    readonly defaults: CatalogDefaults
  }
}
