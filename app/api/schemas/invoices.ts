import { z } from 'zod'
import { heldCreditsSchema } from '#lib/billing/held-credits.ts'
import { amountSchema, daySchema, moneySchema, periodSchema } from '#lib/billing/types.ts'
import { prismId } from './fields.ts'

const badLineSchema = z.object({
  row: z.number().int(),
  /** `null` where the row as a whole cannot be read. */
  column: z.string().nullable(),
  reason: z.string(),
  /** `''` where the row names none: then nobody is billed for it. */
  subscriptionId: z.string(),
  customerName: z.string(),
  offerName: z.string(),
  /** SubTotal and SubTotalRrp; `null` where they cannot be read either. */
  cost: moneySchema.nullable(),
  price: moneySchema.nullable(),
})

/** A subscription's lines that are no customer's (docs/billing-rules.md, "Whose line"). */
const openLinesSchema = z.object({
  subscriptionId: z.string(),
  offerName: z.string(),
  /** As the lines call it. */
  customerName: z.string(),
  cost: moneySchema,
  price: moneySchema,
  /** Nobody has a claim; several do; a person said that it is nobody's, or, of a line without a subscription, whose it is. */
  is: z.enum(['unclaimed', 'contested', 'nobodys', 'given']),
  /** Who has a claim, or has it. */
  customers: z.array(z.string()),
  /** What to search for among the customers. */
  search: z.string(),
})
export type ShownOpenLines = z.infer<typeof openLinesSchema>

/** `null`: nobody's. */
export const lineOwnerSchema = z.strictObject({ tenantId: prismId('a customer’s id').nullable() })

/** What the guards found in an invoice when it came into use, and what of it waits still (F18); amounts at retail price. */
export const guardFoundSchema = z.object({
  /** Subscriptions that would end, of all that ran in the last good month of each. */
  ended: z.number().int(),
  running: z.number().int(),
  totalBefore: moneySchema,
  totalAfter: moneySchema,
  waiting: z.object({
    subscriptions: z.number().int(),
    customers: z.number().int(),
    agreements: z.number().int(),
    before: moneySchema,
    after: moneySchema,
  }),
})
export type GuardFound = z.infer<typeof guardFoundSchema>

export const invoiceSchema = z.object({
  id: z.string(),
  prismInvoiceId: z.string(),
  programName: z.string(),
  /** `annual`: all its lines are terms that are billed at once (J9). */
  kind: z.enum(['monthly', 'annual']),
  /** `null` where PRISM does not say of which month it is. */
  period: periodSchema.nullable(),
  invoicedOn: daySchema.nullable(),
  state: z.enum([
    'loading',
    'loaded',
    'ready',
    'annual',
    'held',
    'refused',
    'unread',
    'ignored',
    'excluded',
    'superseded',
  ]),
  /** Why it is held, refused, unread or ignored. */
  reasonCode: z.string().nullable(),
  reason: z.string().nullable(),
  /** Where a refused file could not be read; the header is row 1. */
  row: z.number().int().nullable(),
  column: z.string().nullable(),
  lineCount: z.number().int(),
  totalCost: moneySchema.nullable(),
  totalPrice: moneySchema.nullable(),
  detectedAt: z.iso.datetime(),
  decidedBy: z.string().nullable(),
  /** Since when PRISM does not give its file, and why; it may have been loaded before. */
  unreadSince: z.iso.datetime().nullable(),
  unreadReason: z.string().nullable(),
  /** The first rows that cannot be read. */
  badLines: z.array(badLineSchema),
  /** Lines that are no customer's, the largest amounts first. */
  openLines: z.array(openLinesSchema),
  /** What lines come to of which nobody is known; `null` where there are none. */
  unclaimed: amountSchema.nullable(),
  /** `null` where it is not in use, or was not judged yet. */
  guard: guardFoundSchema.nullable(),
  /** Of an annual invoice that is in use (J9); `null`: it is a month's, or waits. */
  atOnce: z
    .object({
      issuedOn: daySchema,
      /** Carried; or left out, as it was issued before these terms were switched on, or they are off. */
      is: z.enum(['carried', 'before', 'off']),
      /** When they were switched on. */
      since: daySchema.nullable(),
      takenBy: z.string().nullable(),
      /** Something of it is written, so that it stays taken over. */
      isWritten: z.boolean(),
    })
    .nullable(),
  /** Of a held one, what becomes of its credits and adjustments once it is picked; `null` where it has none, or is not held. */
  heldCredits: heldCreditsSchema.nullable(),
})
export type ShownInvoice = z.infer<typeof invoiceSchema>

export const invoicesSchema = z.object({
  invoices: z.array(invoiceSchema),
  lastCheckedAt: z.iso.datetime().nullable(),
  lastCheckError: z.string().nullable(),
})

/** Invoice files that are being read, or wait for their turn, in their order. */
export const loadingSchema = z.object({
  loading: z.array(
    z.object({
      prismInvoiceId: z.string(),
      period: periodSchema,
      /** Stored so far, 50,000 at a time; 0: none yet, or the file is only looked at, whether it is what it was. */
      lines: z.number().int(),
      /** These are all of its lines: now it is found out whose they are. */
      isWhole: z.boolean(),
    }),
  ),
})
export type Loading = z.infer<typeof loadingSchema>['loading']
