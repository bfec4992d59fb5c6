/** What the two systems hold, and what our ledger and people know of it. */
import { z } from 'zod'
import { writtenRuleSchema } from './rule-types.ts'
import {
  amountSchema,
  type Day,
  daySchema,
  type Money,
  moneySchema,
  type Quantity,
  quantitySchema,
} from './values.ts'

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
 * A row of the file with a missing or unreadable field (docs/billing-rules.md, "Lines"): what it charges is
 * not known, so its subscription is neither planned nor gone.
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
  /**
   * As PRISM spells it, where it gives one; its values are not known (docs/facts/prism.md,
   * "Customers, tenants and subscriptions").
   */
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

export const catalogItemSchema = z.object({
  id: z.number().int(),
  identifier: z.string(),
  vendorSku: z.string(),
  inactive: z.boolean(),
  taxable: z.boolean(),
})
export type CatalogItem = Readonly<z.infer<typeof catalogItemSchema>>

/** An agreement with all that decides how ConnectWise bills it (docs/billing-rules.md, "Fit for P"). */
export const agreementSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  startDate: daySchema,
  /** Its last day, the earlier of its ending and its cancellation date; `null` where it has neither. */
  endDate: daySchema.nullable(),
  /** First day of the first period not invoiced [inferred]; `null` where ConnectWise gives none. */
  nextInvoiceDate: daySchema.nullable(),
  /** `Active`, `Cancelled`, `Expired` or `Inactive`; other texts are passed on. */
  status: z.string(),
  cancelled: z.boolean(),
  dateCancelled: daySchema.nullable(),
  prorate: z.boolean(),
  /** `ContractYear` or `CalendarYear`; `''` where not given. */
  invoicingCycle: z.string(),
  /** `Current` (in arrears or of the running month), `Future` (in advance), …; `''` where not given. */
  periodType: z.string(),
  billStartDate: daySchema.nullable(),
  /** The billing cycle's name, which a ConnectWise administrator chooses; `''` where not given. */
  billingCycle: z.string(),
  /** Whether that cycle is monthly. */
  billsMonthly: z.boolean(),
  /** Currency's code or name as ConnectWise gives it; `null` where it gives none. */
  currency: z.string().nullable(),
  parentAgreementId: z.number().int().nullable(),
})
export type Agreement = Readonly<z.infer<typeof agreementSchema>>

export const billCustomerSchema = z.enum(['Billable', 'DoNotBill', 'NoCharge'])
export type BillCustomer = z.infer<typeof billCustomerSchema>
export const invoiceGroupingSchema = z.object({ id: z.number().int(), name: z.string() }).nullable()

export const additionFields = {
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
export const unreadableItemSchema = z.object({
  id: z.number().int().nullable(),
  /** What a person can find it by: its Product ID, `product 123`, or `row 3 of the list`. */
  record: z.string(),
  reason: z.string(),
  /** `null`: it cannot be read, so that it may be any product's. */
  vendorSku: z.string().nullable(),
})
export type UnreadableItem = Readonly<z.infer<typeof unreadableItemSchema>>

/**
 * Where a part of an addition's quantity got its price from, so that a difference to PRISM can be attributed:
 * `prism` is PRISM's unit price when it was planned, `set` the unit price the addition was given or adopted with.
 */
export const lotSchema = z.object({
  quantity: quantitySchema,
  origin: z.enum(['created', 'adopted']),
  prism: amountSchema,
  set: amountSchema,
  /** The price rule by which `set` is not, or need not be, PRISM's price; left out where there was none. */
  rule: writtenRuleSchema.optional(),
})
export type Lot = z.infer<typeof lotSchema>

/**
 * The line of an invoice that an addition carries by itself: of an annual one (docs/billing-rules.md, "Annual invoices"), or a credit
 * or adjustment of a month ("Credits and adjustments"). Equal lines of an invoice are counted by `ordinal`, the additions of a line
 * by `turn`, both from 1.
 */
export const carriedLineSchema = z.object({
  /** PRISM's id, of an invoice that was issued again that of the first; of a credit its serial number `credit-YYYY-MM`. */
  invoiceId: z.string(),
  /** In lower case. */
  subscriptionId: z.string(),
  /** All that the line charges. */
  charge: z.string(),
  ordinal: z.number().int(),
  /** Odd: it carries the line; even: it takes it back. */
  turn: z.number().int(),
})
export type CarriedLine = Readonly<z.infer<typeof carriedLineSchema>>

/** What the ledger remembers of an addition that is ours: created by us, or adopted. */
export interface OwnedAddition {
  readonly additionId: number
  /** Whether we created it; else it was there before and was adopted. */
  readonly created: boolean
  readonly lots: readonly Lot[]
  /** The one line that it carries: on a One-Time agreement, and of a credit. */
  readonly carries?: CarriedLine
}

/**
 * A person's answer about one addition of an agreement (F5; docs/billing-rules.md, "Each addition"). It
 * belongs to the addition and outlives mappings.
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
