/**
 * The inbox (J1): everything that waits for a person, in one list.
 *
 * An item is derived from what is stored for another reason, and stored nowhere a second time: the index of what each
 * agreement's last sync found (`db/mappings/waiting-table.ts`), the states of invoices, lines without a customer, months that
 * are skipped or were missed, what customers left behind, results of product syncs, settings, people. So it goes as soon as
 * its cause goes, by whichever way that is settled: here, in a pod, through the API, or in ConnectWise followed by a sync.
 *
 * Items of one cause are one group: what one answer, or one thing that is mended, settles together. Groups that stop
 * everything come first, then those about most money, then those about none, and last what a person has decided already,
 * which is shown with its amount and not counted.
 */
import type { HeldCredits } from '#lib/billing/held-credits.ts'
import type {
  AskedAddition,
  AskedInvoice,
  AskedLine,
  Money,
  Period,
  WaitQuestion,
} from '#lib/billing/types.ts'

export const inboxKinds = [
  /** No contract agreement is picked, or PRISM does not know it (F14). */
  'contract-agreement',
  /** An invoice that waits for a pick: another one of its month, a negative line, one of another month (F1). */
  'invoice-held',
  /** PRISM does not give its file, or it cannot be read. */
  'invoice-unread',
  /** F18. */
  'guard',
  /** A month out of order. */
  'late',
  /** An addition that was changed around ConnectWise's invoice date. */
  'billed',
  'first-sync',
  /** Lines that several customers have a claim to. */
  'contested',
  /** Lines of nobody known. */
  'unclaimed',
  'unknown-addition',
  'ambiguous-additions',
  'left-over',
  /** Products that are ambiguous, retired or could not be created (D4, D6, D8). */
  'product',
  /** An agreement that can carry the month no more (F13). */
  'unfit',
  /** A customer that moved and is still billed where it was (E5). */
  'billed-twice',
  /** A line of an annual invoice of which a person is asked whether it is billed here (J9). */
  'annual-line',
  /** Any other Error: only a person in ConnectWise can mend it. */
  'failed',
  /** Additions that bill less than what they cost (J3). */
  'below-cost',
  /** The same of less than the margin that the program asks for (J11). */
  'below-margin',
  /** What is billed otherwise than PRISM invoices it (J3). */
  'difference',
  /** What is invoiced and not synced: annual terms, Azure that is switched off (J3). */
  'ignored',
  /** Annual invoices of customers without a One-Time agreement that syncs (J9). */
  'annual-waits',
  /** Invoices that came out while a Sync was off (E6). */
  'missed',
  /** Months of a sync that was undone, which nothing plans until they are released (J2). */
  'parked',
  /** Somebody asks to be let in (B6). */
  'wants-in',
  /** What a customer left on an agreement, as a person said (E5). */
  'left-behind',
  /** A month that a person skipped (F12). */
  'skipped',
] as const
export type InboxKind = (typeof inboxKinds)[number]

/** Of what it is; `null` where it is of none. */
export interface InboxSubject {
  readonly tenant: { readonly id: string; readonly name: string } | null
  readonly company: { readonly id: number; readonly name: string } | null
  readonly agreement: { readonly id: number; readonly name: string } | null
  /** `id` in lower case; `''` where only the product is known. */
  readonly subscription: { readonly id: string; readonly product: string } | null
  readonly additionId: number | null
  readonly invoiceId: string | null
  readonly person: { readonly id: string; readonly email: string } | null
  /** Whom lines name that are no customer's. */
  readonly named: string | null
}

/** Retail, in the organisation's currency, never negative. */
export interface InboxMoney {
  readonly amount: Money
  /** `month`: it is billed, or not, each month; `once`: of the months that are named. */
  readonly per: 'month' | 'once'
}

/** What of a call is still to be chosen, and from what; with `terms` a `reason` is to be written, too. */
export interface ActionChoice {
  /** The field of the body. */
  readonly field: string
  readonly from:
    | 'subscriptions'
    | 'customers'
    | 'contract-agreements'
    | 'one-time-agreements'
    | 'months'
    | 'month-ends'
    | 'terms'
}

/** Of a field of a body. */
export type BodyValue = string | number | boolean | null | readonly string[]

/** A button: a call of our own API, complete but for what is to be chosen. */
export interface ItemAction {
  /** Unique in its item. */
  readonly id: ActionId
  /** On the button. */
  readonly text: string
  /** As the contracts name it. */
  readonly endpoint: `${'POST' | 'PUT'} /api/${string}`
  readonly path: Readonly<Record<string, string | number>>
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, BodyValue>> | null
  readonly choose: ActionChoice | null
  /** It decides about money: where that is much, it is typed. */
  readonly decides: boolean
  /** Why it cannot be pressed now; left out where it can. */
  readonly whyNot?: string
}

export const actionIds = [
  'confirm',
  'skip',
  'unskip',
  'billed-before',
  'billed-after',
  'begin-next',
  'begin-catch-up',
  'begin-elsewhere',
  'is-subscription',
  'is-nobodys',
  'stays',
  'ends',
  'pick',
  'exclude',
  'read-again',
  'is-customers',
  'sync',
  'sync-products',
  'sync-latest',
  'sync-all',
  'pick-agreement',
  'map-one-time',
  'sync-one-time',
  'let-in',
  'turn-away',
  'end-left',
  'bill-price',
  'mute',
  'carry-line',
  'leave-line',
] as const
export type ActionId = (typeof actionIds)[number]

/** An invoice beside the one that it would replace, or beside another one of its month. */
export interface ComparedInvoice {
  readonly id: string
  readonly isInUse: boolean
  readonly lineCount: number
  readonly totalPrice: Money | null
  readonly totalCost: Money | null
  readonly detectedAt: Date
}

export interface Comparison {
  readonly held: ComparedInvoice
  readonly other: ComparedInvoice
  /** By customer, retail, the largest difference first; the first few of `count`. */
  readonly differences: readonly { readonly customer: string; readonly held: Money; readonly other: Money }[]
  readonly count: number
}

export interface InboxItem {
  readonly kind: InboxKind
  readonly cause: string
  /** Tells it from all others. */
  readonly key: string
  readonly program: string
  readonly of: InboxSubject
  readonly months: { readonly from: Period; readonly to: Period } | null
  /** `null`: it is about none, or that is not known. */
  readonly money: InboxMoney | null
  readonly since: Date
  /** What happened, why, and what to do about it. */
  readonly says: string
  readonly detail: string
  readonly remedy: string
  /** How it is in ConnectWise now, and how it must be there; left out where nobody mends it there. */
  readonly stillWrong?: string
  readonly actions: readonly ItemAction[]
  /** What an answer is about, for who draws more than a button. */
  readonly asked: Asked | null
  readonly compared: Comparison | null
  /** Of a held invoice, what becomes of its credits once it is picked; left out where it has none. */
  readonly credits?: HeldCredits
}

/** The row of a plan that waits or failed. */
export interface Asked {
  readonly runId: string
  readonly question: WaitQuestion | null
  readonly invoiced: Money
  readonly billed: Money
  readonly addition: AskedAddition | null
  readonly invoice: AskedInvoice | null
  /** With what a yes would write of it. */
  readonly line: (Pick<AskedLine, 'why'> & { readonly writes: readonly string[] }) | null
}

export interface InboxGroup {
  readonly kind: InboxKind
  readonly cause: string
  readonly program: string
  /** What it is, in a sentence. */
  readonly says: string
  /** What happens if nobody does anything. */
  readonly ifNothing: string
  readonly remedy: string
  readonly count: number
  readonly customers: number
  readonly money: InboxMoney | null
  readonly since: Date
  /** A person has decided it already: it is shown, and not counted. */
  readonly isDecided: boolean
  readonly isLarge: boolean
  /** For all of it. */
  readonly actions: readonly ItemAction[]
  /** The first of them. */
  readonly items: readonly InboxItem[]
}
