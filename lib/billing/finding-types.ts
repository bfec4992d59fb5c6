/** What a plan finds, and how a row of it comes out. */
import { z } from 'zod'
import { type Status, statuses } from './status.ts'
import { amountSchema, daySchema, moneySchema, quantitySchema } from './values.ts'

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
  'addition-unreadable', // docs/billing-rules.md, "Unknown is never zero"
  'azure-already-invoiced', // F3
  'billing-cycle-missing', // F4: empty cycle in a file that has the column
  'cycle-columns-missing', // F4: run-level warning
  'line-refused', // F1: a credit whose cost and retail price go against each other
  'credit-changed', // F1: somebody changed what carries a credit: shown
  'credit-billed', // F1: ConnectWise has invoiced the month of a credit that is to change
  'line-unreadable', // docs/billing-rules.md, "Lines": a missing or unreadable field
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
  'month-parked', // J2: undone by a person
  'price-differs', // F6: shown
  'price-replaced', // F6: about to be replaced at PRISM's price
  'price-below-cost', // J3: sold for less than it costs
  'price-below-margin', // J11: the margin guard
  'price-by-rule', // J11: shown
  'not-billed', // F19
  'amount-differs', // the file's SubTotal is off by more than 0.01
  'addition-not-ours', // listed only
  'addition-unknown', // 2a: no invoice explains it, and it is not known to be gone
  'addition-annual', // F4
  'annual-line-asked', // J9: it may be billed already, or was deleted: a person is asked
  'annual-line-edited', // J9: a person changed what carries a line: shown
  'annual-line-odd', // J9: an annual invoice has a line of a term that is not billed at once
  'annual-issued-before', // J9: before these terms were switched on
  'annual-reissued', // J9: it waits for a person's pick
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
  'undo-edited', // J2: somebody changed an addition since
  'undo-overtaken', // J2: ConnectWise invoiced while it was under way
  'undo-after-end', // J2: the agreement ends before a month that could bill the adjustment
  'undo-adjusted', // J2: what ConnectWise has invoiced is given back by an adjustment
  'undo-keeps-serial', // J2: shown
  'undo-gives-new-id', // J2: shown
  'set-back-settled', // a sync has settled since what was edited
  'set-back-product', // what was edited is the product
  'connectwise-refused', // F8: a write was refused
  'product-not-created', // D7, D8
  'outcome-unknown', // docs/applying.md, "Unknown outcomes": no answer to a write, and it could not be settled
  'not-proved', // docs/applying.md, "A write must be seen": still to be written after two rounds
  'not-sent', // F16: stopped before it was written
])
export type FindingCode = z.infer<typeof findingCodeSchema>

/** They only say that an earlier month is to be settled first. */
export const earlierMonthCodes: readonly FindingCode[] = ['earlier-period-failed', 'earlier-period-waits']

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

export const priceOfferSchema = z.object({ unitPrice: moneySchema, from: daySchema })
export type PriceOffer = z.infer<typeof priceOfferSchema>

/** `message` is exact where requirements give it; `detail` and `remedy` stand beside it. `note`s do not change the status. */
export const findingSchema = z.object({
  code: findingCodeSchema,
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  detail: z.string(),
  remedy: z.string(),
  /** How it is in ConnectWise now and how it must be there, where a person mends it there; left out where that is not known. */
  stillWrong: z.string().optional(),
  additionIds: z.array(z.number().int()),
  /** What it is about each month as long as it stays so, retail, never negative; left out where it does not stay, or is no amount. */
  amount: moneySchema.optional(),
  /** PRISM's unit price at which it can be billed from a day on, where a person says so (J3). */
  offers: priceOfferSchema.optional(),
  /** Those of the additions that a person can answer about; left out where there is no question. */
  asks: z.array(askedAdditionSchema).optional(),
  /** What a person can answer about an invoice of ConnectWise's. */
  asksBilled: askedInvoiceSchema.optional(),
})
export type Finding = z.infer<typeof findingSchema>

/** Quantity through the period, for the step chart: consecutive days of equal quantity, first to last day of the period. */
export const stepSchema = z.object({ first: daySchema, last: daySchema, quantity: quantitySchema })
export type Step = z.infer<typeof stepSchema>
