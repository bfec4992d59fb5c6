/**
 * The values of the billing core: what goes in (`Situation`), what comes out (`Plan`).
 *
 * Everything here is plain JSON: a plan can be stored, shown, compared, and written as a literal in a test.
 * Days are calendar strings `YYYY-MM-DD` and never pass through a time zone; periods are calendar months `YYYY-MM`.
 * Quantities and money are decimal strings (`"12"`, `"0.5"`, `"1204.48"`), never floats.
 */
import { z } from 'zod'
import { type Status, statuses } from './status.ts'

export const daySchema = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/)
  .brand<'Day'>()
export const periodSchema = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .brand<'Period'>()
const decimalPattern = /^-?\d+(\.\d+)?$/
export const moneySchema = z.string().regex(decimalPattern).brand<'Money'>()
export const quantitySchema = z.string().regex(decimalPattern).brand<'Quantity'>()

/** A calendar day, `YYYY-MM-DD`. */
export type Day = z.infer<typeof daySchema>
/** A calendar month, `YYYY-MM`. */
export type Period = z.infer<typeof periodSchema>
/** A decimal string in the connection's currency; of a unit or of a total, as the field's name says. */
export type Money = z.infer<typeof moneySchema>
/** A decimal string; licences, or 1 for Azure. */
export type Quantity = z.infer<typeof quantitySchema>

/** Cost (rhipe's buy price) and price (RRP, what the customer pays) of the same thing; unit or total as the field's name says. */
export const amountSchema = z.object({ cost: moneySchema, price: moneySchema })
export type Amount = z.infer<typeof amountSchema>

// ───────────────────────────── what the two systems hold ─────────────────────────────

/** One row of a PRISM invoice CSV, mapped. `cost`/`price` are the file's SubTotal and SubTotalRrp, which are the truth. */
export interface InvoiceLine {
  /** Row of the file, the header being row 1. */
  readonly row: number
  readonly tenantId: string
  readonly subscriptionId: string
  readonly offerName: string
  /** First and last charged day, both inclusive. */
  readonly first: Day
  readonly last: Day
  readonly description: string
  readonly quantity: Quantity
  readonly unitCost: Money
  readonly unitPrice: Money
  readonly cost: Money
  readonly price: Money
  /** `null` where the file has no such column; `''` where the column is there and the field is empty. */
  readonly billingCycle: string | null
  readonly termDuration: string | null
  readonly termUnit: string | null
}

/**
 * A row of the file with a missing or unreadable field (design.md 2, Lines): what it charges is not known, so its subscription is
 * neither planned nor gone.
 */
export interface BadLine {
  readonly row: number
  /** `''` where it is not known. */
  readonly tenantId: string
  /** `''` where the row names none. */
  readonly subscriptionId: string
  readonly offerName: string
  /** The column that cannot be read; `null` where the row as a whole cannot. */
  readonly column: string | null
  /** As the end of a sentence, without a full stop. */
  readonly reason: string
  /** The file's SubTotal and SubTotalRrp; `null` where they cannot be read either. */
  readonly cost: Money | null
  readonly price: Money | null
}

/** A PRISM subscription as last stored; once seen it stays known. */
export interface Subscription {
  readonly id: string
  readonly tenantId: string
  readonly productId: string
  readonly productName: string
  readonly displayTemplate: string
  /** As PRISM spells it, where it gives one; its values are not known (facts/prism-api 4.2). */
  readonly billingCycle?: string
  /** What PRISM lists now, `0` where it is cancelled or listed no more; never what is billed. */
  readonly listedQuantity?: Quantity
}

/** A product of the current price list, or of an earlier stored one. */
export interface Product {
  readonly productId: string
  readonly sku: string
  readonly name: string
  readonly unitCost: Money
  readonly unitPrice: Money
  /** Whether the current price list still has it (D4). */
  readonly current: boolean
}

export interface CatalogItem {
  readonly id: number
  readonly identifier: string
  readonly vendorSku: string
  readonly inactive: boolean
  readonly taxable: boolean
}

/** An agreement with all that decides how ConnectWise bills it (design.md 2a, "Fit for P"). */
export interface Agreement {
  readonly id: number
  readonly name: string
  readonly startDate: Day
  /** Its last day, the earlier of its ending and its cancellation date; `null` where it has neither. */
  readonly endDate: Day | null
  /** First day of the first period not invoiced [inferred]; `null` where ConnectWise gives none. */
  readonly nextInvoiceDate: Day | null
  /** `Active`, `Cancelled`, `Expired` or `Inactive`; other texts are passed on. */
  readonly status: string
  readonly cancelled: boolean
  readonly dateCancelled: Day | null
  readonly prorate: boolean
  /** `ContractYear` or `CalendarYear`; `''` where not given. */
  readonly invoicingCycle: string
  /** `Current` (in arrears or of the running month), `Future` (in advance), …; `''` where not given. */
  readonly periodType: string
  readonly billStartDate: Day | null
  /** The billing cycle's name, which a ConnectWise administrator chooses; `''` where not given. */
  readonly billingCycle: string
  /** Whether that cycle is monthly. */
  readonly billsMonthly: boolean
  /** Currency's code or name as ConnectWise gives it; `null` where it gives none. */
  readonly currency: string | null
  readonly parentAgreementId: number | null
}

export const billCustomerSchema = z.enum(['Billable', 'DoNotBill', 'NoCharge'])
export type BillCustomer = z.infer<typeof billCustomerSchema>
export const invoiceGroupingSchema = z.object({ id: z.number().int(), name: z.string() }).nullable()

const additionFields = {
  catalogItemId: z.number().int(),
  serialNumber: z.string(),
  quantity: quantitySchema,
  lessIncluded: quantitySchema,
  unitCost: moneySchema,
  unitPrice: moneySchema,
  /** `null`: the agreement's start. */
  effectiveDate: daySchema.nullable(),
  /** The last active day; `null`: open. */
  cancelledDate: daySchema.nullable(),
  billCustomer: billCustomerSchema,
  taxable: z.boolean(),
  invoiceDescription: z.string(),
  invoiceGrouping: invoiceGroupingSchema,
}
/** An addition as ConnectWise holds it. */
export const additionSchema = z.object({ id: z.number().int(), ...additionFields })
export type Addition = Readonly<z.infer<typeof additionSchema>>

/** An addition that ConnectWise lists and that cannot be read: it is neither absent nor ever changed. */
export interface UnreadableAddition {
  readonly id: number | null
  /** What a person can find it by: `addition 123`, or `row 3 of the list`. */
  readonly record: string
  /** The end of a sentence: `Unit Price is not understood`. */
  readonly reason: string
  /** `''`: it has none; `null`: it cannot be read. */
  readonly serialNumber: string | null
  /** `null`: it cannot be read. */
  readonly catalogItemId: number | null
  /** Its last active day, where that can be read; `null`: open, or not known. */
  readonly cancelledDate: Day | null
}

/** A catalog item that ConnectWise lists and that cannot be read: it is not missing. */
export interface UnreadableItem {
  readonly id: number | null
  /** What a person can find it by: its Product ID, `product 123`, or `row 3 of the list`. */
  readonly record: string
  readonly reason: string
  /** `null`: it cannot be read, so that it may be any product's. */
  readonly vendorSku: string | null
}

// ───────────────────────────── what our ledger knows ─────────────────────────────

/**
 * Where a part of an addition's quantity got its price from, so that a difference to PRISM can be attributed:
 * `prism` is PRISM's unit price when it was planned, `set` the unit price the addition was given or adopted with.
 */
export const lotSchema = z.object({
  quantity: quantitySchema,
  origin: z.enum(['created', 'adopted']),
  prism: amountSchema,
  set: amountSchema,
})
export type Lot = z.infer<typeof lotSchema>

/** What the ledger remembers of an addition that is ours: created by us, or adopted. */
export interface OwnedAddition {
  readonly additionId: number
  /** Whether we created it; else it was there before and was adopted. */
  readonly created: boolean
  readonly lots: readonly Lot[]
}

/**
 * A person's answer about one addition of an agreement (F5; design.md 2a, "Each addition"). It belongs to the addition and
 * outlives mappings.
 */
export const additionAnswerSchema = z.discriminatedUnion('answer', [
  /** It bills this subscription. */
  z.object({ additionId: z.number().int(), answer: z.literal('subscription'), subscriptionId: z.string() }),
  /** It has nothing to do with PRISM: another distributor's, for example. */
  z.object({ additionId: z.number().int(), answer: z.literal('nobody') }),
  /** It stays as it is although no invoice explains it. */
  z.object({ additionId: z.number().int(), answer: z.literal('stays') }),
  /** It ends on this day, the last one of a month, or where ConnectWise has invoiced later ones already with the last of those. */
  z.object({ additionId: z.number().int(), answer: z.literal('ends'), endsOn: daySchema }),
])
export type AdditionAnswer = Readonly<z.infer<typeof additionAnswerSchema>>

// ───────────────────────────── the situation ─────────────────────────────

/** One month's picked invoice, cut down to the agreement's tenants. */
export interface Usage {
  readonly period: Period
  readonly invoiceId: string
  readonly lines: readonly InvoiceLine[]
  /** Those of the tenants, and those of which the tenant is not known. */
  readonly badLines?: readonly BadLine[]
  /** Subscriptions with lines on it that are not this agreement's, as far as an addition or a tenant here names them. */
  readonly elsewhere?: readonly LineElsewhere[]
  /** By subscription id (lower case), the customers that have a claim to its lines and are not all on this agreement: untouched. */
  readonly contested?: Readonly<Record<string, readonly string[]>>
  /** By subscription id (lower case), the domain on its lines, which PRISM never gave its customer: shown. */
  readonly learnedDomains?: Readonly<Record<string, string>>
  /** Subscriptions (lower case) of which a guard holds what the invoice would write, and why (F18). */
  readonly guarded?: Readonly<Record<string, GuardReason>>
}

/** Why a guard holds a subscription: many end at once, the total moves, its customer is on no line (F18). */
export const guardReasonSchema = z.enum(['many-end', 'total-moves', 'customer-absent'])
export type GuardReason = z.infer<typeof guardReasonSchema>

/** Where the lines of a subscription are counted that are not counted here. */
export interface LineElsewhere {
  /** In lower case. */
  readonly subscriptionId: string
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
 * before the invoice was made or after (design.md 2a, "Days billed").
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

/** Days that ConnectWise invoiced in a way that is not known (design.md 2a, "Fit for P"). */
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
  /** In lower case. */
  readonly subscriptionId: string
  readonly period: Period
  readonly question: WaitQuestion
}

/** Names of the set-up records a new catalog item gets (A4). */
export interface CatalogDefaults {
  readonly category: string
  readonly subcategory: string
  readonly productType: string
  readonly unitOfMeasure: string
  readonly taxable: boolean
}

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
}

/**
 * How a customer begins where ConnectWise has invoiced the first usage month already and a subscription has no addition
 * (design.md 2a, "First sync"): at the next month, with that month as catch-up, or not at all as it is billed elsewhere.
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
  /** Ids, in lower case, of subscriptions of tenants that are mapped elsewhere or nowhere: listed, never touched. */
  readonly foreignSubscriptionIds: readonly string[]
  /** Ids, in lower case, that PRISM once listed under one of those tenants and now lists under another: gone here where on no line. */
  readonly movedSubscriptionIds?: readonly string[]
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
   * By subscription id (lower case) the line that ends last on any stored invoice up to the first of `usages`, ignored, annual
   * and replaced ones included: what is known of a subscription that is on no line any more.
   */
  readonly latest?: Readonly<Record<string, InvoiceLine>>
  /** By subscription id (lower case), the periods in which it is good for the lines that it has there now. */
  readonly good: Readonly<Record<string, readonly Period[]>>
  /** Of those, the periods in which it was good on another agreement: they are never planned here. */
  readonly goodElsewhere?: Readonly<Record<string, readonly Period[]>>
  /** By subscription id (lower case), what is still open on the agreement that its customer left: nothing is written here before it ends. */
  readonly stillBilled?: Readonly<Record<string, StillBilled>>
  /** Ids (lower case) of subscriptions of which a month was synced before; left out: those with a good one. */
  readonly synced?: readonly string[]
  /**
   * By subscription id (lower case), where it began at its first sync: nothing before that month is ever billed here. `next` and
   * `catch-up`: it was billed elsewhere, and begins so with the next month that is planned.
   */
  readonly starts?: Readonly<Record<string, Period | FirstSync>>
  /** By subscription id (lower case), periods that a person skipped: never planned until that is taken back. */
  readonly skipped?: Readonly<Record<string, readonly Period[]>>
  /** What a person answered where a plan waited. */
  readonly confirmed?: readonly Confirmation[]
  /** By subscription id (lower case), the earlier period that failed in this sync and holds it back. */
  readonly waiting?: Readonly<Record<string, Period>>
  /** The same of an earlier period that waits for a person's answer. */
  readonly unanswered?: Readonly<Record<string, Period>>
  /** Additions of which an earlier period of this sync asks whose they are: no later one takes them by their product. */
  readonly disputed?: readonly number[]
  /** What of the period failed in this sync already, by `sentTogether`: nothing more of it is planned, and it counts as it is. */
  readonly failed?: Readonly<Record<string, readonly Finding[]>>
  readonly options: {
    readonly syncAzure: boolean
    readonly annualTermsMonthly: boolean
    readonly defaults: CatalogDefaults
  }
}

// ───────────────────────────── the plan ─────────────────────────────

/** Why a change is made; `explain` turns it into a sentence. */
export const reasonSchema = z.discriminatedUnion('rule', [
  z.object({ rule: z.literal('adopt') }),
  z.object({ rule: z.literal('month-end'), cancelledDate: daySchema }),
  z.object({ rule: z.literal('start'), day: daySchema, to: quantitySchema }),
  z.object({ rule: z.literal('step'), day: daySchema, from: quantitySchema, to: quantitySchema }),
  z.object({ rule: z.literal('replace'), day: daySchema, to: quantitySchema }),
  z.object({ rule: z.literal('next'), day: daySchema, to: quantitySchema }),
  z.object({ rule: z.literal('gone'), period: periodSchema }),
  z.object({ rule: z.literal('azure'), period: periodSchema }),
  z.object({ rule: z.literal('moved'), period: periodSchema }),
  z.object({ rule: z.literal('missing-product') }),
  z.object({ rule: z.literal('unchanged') }),
  z.object({ rule: z.literal('answered') }),
])
export type Reason = z.infer<typeof reasonSchema>

/** An addition to be created; `sku` names the product, `catalogItemId` is known where the item exists already. */
export const additionDraftSchema = z.object({
  ...additionFields,
  catalogItemId: z.number().int().nullable(),
  sku: z.string(),
  effectiveDate: daySchema,
})
export type AdditionDraft = Readonly<z.infer<typeof additionDraftSchema>>

const additionPatchSchema = z.object({
  serialNumber: z.string().optional(),
  cancelledDate: daySchema.nullable().optional(),
  unitCost: moneySchema.optional(),
  unitPrice: moneySchema.optional(),
})
export type AdditionPatch = z.infer<typeof additionPatchSchema>

export const createChangeSchema = z.object({
  kind: z.literal('create'),
  reason: reasonSchema,
  addition: additionDraftSchema,
  lots: z.array(lotSchema),
})
export const endChangeSchema = z.object({
  kind: z.literal('end'),
  reason: reasonSchema,
  additionId: z.number().int(),
  before: additionSchema,
  cancelledDate: daySchema,
})
export const updateChangeSchema = z.object({
  kind: z.literal('update'),
  reason: reasonSchema,
  additionId: z.number().int(),
  before: additionSchema,
  set: additionPatchSchema,
  /** Present where the change adopts the addition. */
  lots: z.array(lotSchema).optional(),
})
export const deleteChangeSchema = z.object({
  kind: z.literal('delete'),
  reason: reasonSchema,
  additionId: z.number().int(),
  before: additionSchema,
})
export const createCatalogItemChangeSchema = z.object({
  kind: z.literal('createCatalogItem'),
  reason: reasonSchema,
  sku: z.string(),
  identifier: z.string(),
  description: z.string(),
  customerDescription: z.string(),
  unitCost: moneySchema,
  unitPrice: moneySchema,
  category: z.string(),
  subcategory: z.string(),
  productType: z.string(),
  unitOfMeasure: z.string(),
  taxable: z.boolean(),
})
export const keepChangeSchema = z.object({
  kind: z.literal('keep'),
  reason: reasonSchema,
  additionId: z.number().int(),
  addition: additionSchema,
  /** Present where keeping it adopts it: it carries the serial number already, so nothing is written. */
  lots: z.array(lotSchema).optional(),
})
export const changeSchema = z.discriminatedUnion('kind', [
  createChangeSchema,
  endChangeSchema,
  updateChangeSchema,
  deleteChangeSchema,
  createCatalogItemChangeSchema,
  keepChangeSchema,
])
export type Change = z.infer<typeof changeSchema>
export type CreateChange = z.infer<typeof createChangeSchema>
export type EndChange = z.infer<typeof endChangeSchema>
export type UpdateChange = z.infer<typeof updateChangeSchema>
export type CreateCatalogItemChange = z.infer<typeof createCatalogItemChangeSchema>
/** A change of an addition that is written to ConnectWise (all but `keep` and `createCatalogItem`). */
export type AdditionWrite = Exclude<Change, { kind: 'keep' | 'createCatalogItem' }>

export const statusSchema = z.enum(statuses)
export type { Status }

export const findingCodeSchema = z.enum([
  'cost-price-changed', // F6
  'retail-price-changed', // F6
  'inconsistent-additions', // F7
  'leftover-addition', // F9
  'ambiguous-additions', // F5
  'unknown-serial-number', // F5
  'multiple-products', // D6
  'product-retired', // D4
  'product-unknown', // no product for the subscription at all
  'product-unreadable', // its catalog item, or one that may be its, cannot be read
  'addition-unreadable', // design 2a, "Unknown is never zero"
  'azure-already-invoiced', // F3
  'billing-cycle-missing', // F4: empty cycle in a file that has the column
  'cycle-columns-missing', // F4: run-level warning
  'line-refused', // F1: negative or outside its month, picked all the same
  'line-unreadable', // design 2, Lines: a missing or unreadable field
  'line-unplaced', // the same, and it names no subscription
  'line-may-be-its', // a line without a subscription may be this one's
  'line-contested', // 2a, Whose line
  'domain-learned', // 2a, Whose line: shown
  'line-twice', // the same line twice counts twice: shown
  'price-cut', // a unit price with more digits than ConnectWise can hold: shown
  'agreement-unfit', // F13
  'earlier-period-failed', // F12
  'earlier-period-waits', // the same, for an answer
  'month-skipped', // F12: by a person
  'price-differs', // F6: shown
  'price-replaced', // F6: about to be replaced at PRISM's price
  'not-billed', // F19
  'amount-differs', // the file's SubTotal is off by more than 0.01
  'addition-not-ours', // listed only
  'addition-unknown', // 2a: no invoice explains it, and it is not known to be gone
  'addition-annual', // F4
  'changed-since-billed', // 2a, Days billed
  'billed-in-doubt', // 2a, Days billed: it waits for a person
  'addition-moved', // 2a: its subscription is billed on another agreement
  'other-product-failed', // 2a, One id
  'late-month-waits', // 2a, Late months
  'begins-later', // 2a, First sync
  'billed-elsewhere', // 2a, First sync
  'moved-away', // 2a, Moving
  'takes-over', // 2a, Moving
  'billed-twice', // 2a, Moving
  'first-sync-waits', // 2a, First sync
  'also-billed', // 2a, First sync: another agreement of the company bills it
  'guard-waits', // F18
  'connectwise-refused', // F8: a write was refused
  'product-not-created', // D7, D8
  'outcome-unknown', // design 3: no answer to a write, and it could not be settled
  'not-proved', // design 3: still to be written after two rounds
  'not-sent', // F16: stopped before it was written
])
export type FindingCode = z.infer<typeof findingCodeSchema>

/** An addition of which a person is asked what it is. */
export const askedAdditionSchema = z.object({
  additionId: z.number().int(),
  serialNumber: z.string(),
  quantity: quantitySchema,
  /** What it bills of the period, price. */
  billed: moneySchema,
  /** Subscriptions of the agreement's customers that have its product; in lower case. */
  owners: z.array(z.string()),
})
export type AskedAddition = z.infer<typeof askedAdditionSchema>

/** An invoice of ConnectWise's and an addition of which it is not known how it was billed, with both amounts. */
export const askedInvoiceSchema = z.object({
  additionId: z.number().int(),
  /** The last day of the last month that the invoice covers. */
  through: daySchema,
  /** What it bills of the days that matter if it billed the addition as it was read before. */
  before: amountSchema,
  /** The same if it billed the addition as it was read afterwards. */
  after: amountSchema,
})
export type AskedInvoice = z.infer<typeof askedInvoiceSchema>

/** `message` is exact where requirements give it; `detail` and `remedy` stand beside it. `note`s do not change the status. */
export const findingSchema = z.object({
  code: findingCodeSchema,
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  detail: z.string(),
  remedy: z.string(),
  additionIds: z.array(z.number().int()),
  /** Those of the additions that a person can answer about; left out where there is no question. */
  asks: z.array(askedAdditionSchema).optional(),
  /** What a person can answer about an invoice of ConnectWise's. */
  asksBilled: askedInvoiceSchema.optional(),
})
export type Finding = z.infer<typeof findingSchema>

/** Quantity through the period, for the step chart: consecutive days of equal quantity, first to last day of the period. */
export const stepSchema = z.object({ first: daySchema, last: daySchema, quantity: quantitySchema })
export type Step = z.infer<typeof stepSchema>

/**
 * invoiced - billed = the sum of all other terms, each computed on its own (design.md 2, "What must hold"); totals, price and cost.
 */
export const termSchema = z.enum([
  /** An addition of an annual subscription (F4). */
  'annualAddition',
  /** An addition whose subscription is ignored, refused, contested or not synced here. */
  'aside',
  /** An addition that no invoice explains. */
  'unknown',
  /** An addition of which a person said that it is nobody's, stays, or when it ends. */
  'nobodys',
  /** An addition that a person has to cancel (F9). */
  'leftOver',
  /** An addition with a reserved serial number. */
  'reserved',
  /** What ConnectWise has billed otherwise, because somebody changed an addition around its invoice. */
  'drift',
  /** What waits for a person. */
  'waiting',
  /** Of a month that a person skipped or passed over. */
  'skipped',
  /** Of a month before the subscription's first one here. */
  'beforeStart',
  /** Of a subscription that is billed in another way, as a person said. */
  'billedElsewhere',
  /** Of a customer that moved to another agreement. */
  'movedAway',
])
export type Term = z.infer<typeof termSchema>

export const reconciliationSchema = z.object({
  invoiced: amountSchema,
  billed: amountSchema,
  ignored: amountSchema,
  failed: amountSchema,
  priceChange: amountSchema,
  asAdopted: amountSchema,
  edited: amountSchema,
  notBilled: amountSchema,
  rounding: amountSchema,
  unexplained: amountSchema,
  /** What else is billed, or not, by name; left out where it is nothing. */
  terms: z.partialRecord(termSchema, amountSchema).optional(),
})
export type Reconciliation = z.infer<typeof reconciliationSchema>

/** Why a plan waits for a person (design.md 2a). */
export const waitQuestionSchema = z.enum([
  /** The month came after a later one was good, and ConnectWise has invoiced it, or that is not known. */
  'late',
  /** Nothing of the customer is billed here yet, and ConnectWise has invoiced the month: how is it to begin? */
  'first-sync',
  /** The invoice changes so much that a person should look first (F18). */
  'guard',
  /** It is not known how ConnectWise billed one of its additions on days that the plan looks at. */
  'billed',
  /** An earlier month of it waits for a person's answer. */
  'earlier',
])
export type WaitQuestion = z.infer<typeof waitQuestionSchema>

export const subscriptionPlanSchema = z.object({
  /**
   * A subscription and product; the end of one whose customer moved away; the agreement's Azure; an addition that is left over
   * (F9), or that is left as it is.
   */
  kind: z.enum(['subscription', 'closing', 'azure', 'leftover', 'addition']),
  /** Empty for Azure, left-overs, and additions that name none. */
  subscriptionId: z.string(),
  tenantId: z.string(),
  product: z.object({
    productId: z.string(),
    sku: z.string(),
    name: z.string(),
    catalogItemId: z.number().int().nullable(),
  }),
  status: statusSchema,
  findings: z.array(findingSchema),
  /** What is written; nothing where the plan waits. */
  changes: z.array(changeSchema),
  /** Nothing is written before a person answered; `changes` is what a yes would send. */
  waits: z.object({ question: waitQuestionSchema, changes: z.array(changeSchema) }).optional(),
  /** Where it begins, decided at its first sync: to be remembered before anything of it is written. */
  begins: z.union([periodSchema, z.literal('elsewhere')]).optional(),
  /** The period lies before one that is good already: what is written stays inside it, and it holds no other one back. */
  late: z.boolean().optional(),
  /** Quantity on the last day before the period, then through it. */
  quantityBefore: quantitySchema,
  steps: z.array(stepSchema),
  invoiced: amountSchema,
  billed: amountSchema,
  reconciliation: reconciliationSchema,
})
export type SubscriptionPlan = z.infer<typeof subscriptionPlanSchema>

export const ignoredLineSchema = z.object({
  subscriptionId: z.string(),
  tenantId: z.string(),
  offerName: z.string(),
  reason: z.enum(['annual', 'azure-off', 'tenant-off']),
  first: daySchema,
  last: daySchema,
  amount: amountSchema,
})
export type IgnoredLine = z.infer<typeof ignoredLineSchema>

export const periodPlanSchema = z.object({
  period: periodSchema,
  invoiceId: z.string(),
  /** Catalog items to create first; where one fails, its subscriptions are not written. */
  catalogItems: z.array(createCatalogItemChangeSchema),
  subscriptions: z.array(subscriptionPlanSchema),
  ignored: z.array(ignoredLineSchema),
  /** Findings of the agreement as a whole, and additions that are only listed. */
  findings: z.array(findingSchema),
  totals: reconciliationSchema,
})
export type PeriodPlan = z.infer<typeof periodPlanSchema>

export const planSchema = z.object({ agreementId: z.number().int(), periods: z.array(periodPlanSchema) })
export type Plan = z.infer<typeof planSchema>
