/** A month over PRISM's whole file, and closing it (J5). */
import { z } from 'zod'
import { amountSchema, moneySchema, periodSchema } from '#lib/billing/types.ts'
import { costOptional } from './cost-optional.ts'
import { oneOf, page, search, text } from './fields.ts'
import { momentSchema } from './pod.ts'
import { secondProofSchema } from './second-proof.ts'

export const monthStates = ['failed', 'waits', 'open', 'differs', 'agrees'] as const
const filters = [...monthStates, 'to-accept', 'accepted'] as const

export const monthListQuerySchema = z.object({
  search: search.default(''),
  /** A term of the equation; only what has it. */
  term: text('a term', { least: 0, most: 40 }).default(''),
  state: oneOf(['', ...filters]).default(''),
})
export type MonthListQuery = z.infer<typeof monthListQuerySchema>

export const monthQuerySchema = monthListQuerySchema.extend({ page })
export type MonthQuery = z.infer<typeof monthQuerySchema>

const rowSchema = z.object({
  /** What it is called when it is accepted. */
  bill: z.string(),
  /** Its customers; empty for lines that are no customer’s. */
  customers: z.array(z.object({ id: z.string(), name: z.string() })),
  agreement: z.object({ id: z.number().int(), name: z.string(), companyName: z.string() }).nullable(),
  invoiced: amountSchema,
  billed: amountSchema,
  difference: amountSchema,
  terms: z.array(z.object({ term: z.string(), amount: amountSchema })),
  state: z.enum(monthStates),
  /** What a sync found first, where something is wrong. */
  message: z.string().nullable(),
  failing: z.number().int(),
  waiting: z.number().int(),
  /** The difference must be accepted before the month is closed. */
  needs: z.boolean(),
  accepted: z.object({ note: z.string(), by: z.string(), at: momentSchema }).nullable(),
  /** What the agreement billed in the month before; `null`: it is not known, or none. */
  lastMonth: moneySchema.nullable(),
  /** Whether ConnectWise has invoiced the month; `null`: it does not say. */
  isInvoiced: z.boolean().nullable(),
  /** What ConnectWise itself says of it (J6); `null`: that was not compared yet. */
  second: secondProofSchema.nullable(),
  /** Of a closed month what it said when that was closed; `null`: it is open, or was not compared by then. */
  closedSecond: z
    .object({
      /** What its invoices of the month had of additions. */
      invoiced: moneySchema.nullable(),
      /** Why that was otherwise than planned. */
      terms: z.array(z.object({ term: z.string(), amount: moneySchema })),
      /** ConnectWise invoices it otherwise by now. */
      isOther: z.boolean(),
    })
    .nullable(),
  checkedAt: momentSchema.nullable(),
  runId: z.uuid().nullable(),
})
export type MonthRow = z.infer<typeof rowSchema>

const closingSchema = z.object({
  closedAt: momentSchema,
  closedBy: z.string(),
  invoiced: amountSchema,
  billed: amountSchema,
  reopened: z.object({ at: momentSchema, by: z.string(), reason: z.string() }).nullable(),
})

const figuresSchema = z.object({ invoiced: amountSchema, billed: amountSchema }).nullable()

/** One page of what the month's figures are made of; the sums are of all of it. */
export const monthSchema = costOptional(
  z.object({
    period: periodSchema,
    currency: z.string(),
    invoiceId: z.string(),
    /** Lines of which no amount can be read: they are in no figure. */
    unreadable: z.number().int(),
    /** invoiced = billed + all terms, to the last decimal. */
    equation: z.object({
      invoiced: amountSchema,
      billed: amountSchema,
      terms: z.array(z.object({ term: z.string(), amount: amountSchema, bills: z.number().int() })),
    }),
    standing: z.object({
      /** On the file or billed. */
      customers: z.number().int(),
      /** By state. */
      counts: z.record(z.enum(monthStates), z.number().int()),
      /** Of those that differ or that nobody bills, how many a person has accepted. */
      accepted: z.number().int(),
      /** What those are invoiced that agree. */
      proved: moneySchema,
    }),
    rows: z.array(rowSchema),
    page: z.number().int(),
    pageSize: z.number().int(),
    /** How many fit. */
    total: z.number().int(),
    toAccept: z.number().int(),
    accepted: z.number().int(),
    /** What keeps it from being closed, with the filter that lists it. */
    blockers: z.array(
      z.object({
        is: z.enum(['unmapped', 'unexplained', 'to-accept']),
        says: z.string(),
        filter: z.object({ term: z.string().optional(), state: z.literal('to-accept').optional() }),
      }),
    ),
    /** How many of its agreements ConnectWise’s own invoices were compared of, and invoice otherwise than planned (J6); it blocks nothing. */
    second: z.object({ compared: z.number().int(), all: z.number().int(), differ: z.number().int() }),
    /** As it is closed; `null`: it is open. */
    closing: closingSchema
      .extend({
        /** What is another figure since, the largest changes first. */
        changed: z.array(
          z.object({ bill: z.string(), customer: z.string(), was: figuresSchema, is: figuresSchema }),
        ),
        changedCount: z.number().int(),
        /**
         * Of its agreements, how many ConnectWise’s own invoices were compared of by then, were invoiced otherwise than planned,
         * and are invoiced otherwise by now (J6).
         */
        second: z.object({
          all: z.number().int(),
          compared: z.number().int(),
          differ: z.number().int(),
          changed: z.number().int(),
        }),
      })
      .nullable(),
    /** How often it was closed and opened again, the last time first. */
    history: z.array(closingSchema),
    earlier: periodSchema.nullable(),
    later: periodSchema.nullable(),
    /** Months that an earlier version of the product synced are still being read in. */
    isIndexing: z.boolean(),
  }),
)
export type Month = z.infer<typeof monthSchema>

const CHOOSE = 'Name from 1 to 500 differences, or all that fit.'
const NOTE = 'why the differences are right'
const bill = text('what is accepted', { most: 120 })
const AMOUNT = 'Send the difference as it was shown, for example 12.50.'
const amount = z
  .string(AMOUNT)
  .max(60, AMOUNT)
  .regex(/^-?\d+(\.\d+)?$/, AMOUNT)
  .pipe(moneySchema)

export const acceptInputSchema = z
  .strictObject({
    /** Why they are right. Who says so is who asks. */
    note: text(NOTE, { most: 300 }),
    /** Some, each with its difference as it was shown, price. */
    bills: z
      .array(z.strictObject({ bill, difference: amount }), CHOOSE)
      .min(1, CHOOSE)
      .max(500, CHOOSE)
      .optional(),
    /** All that fit and are not accepted yet, and how many they are. */
    all: monthListQuerySchema
      .extend({ count: z.number(CHOOSE).int(CHOOSE).min(1, CHOOSE).max(1_000_000, CHOOSE) })
      .optional(),
  })
  .refine(({ bills, all }) => (bills === undefined) !== (all === undefined), {
    message: CHOOSE,
    path: ['bills'],
  })

export const acceptedSchema = z.object({ count: z.number().int() })

export const takeBackInputSchema = z.strictObject({
  bills: z.array(bill, CHOOSE).min(1, CHOOSE).max(500, CHOOSE),
})

export const closeInputSchema = z.strictObject({
  /** What is billed, as it was shown: to another figure nobody has said yes. */
  billed: amount,
})
export const closedSchema = z.object({ closedAt: momentSchema, closedBy: z.string() })

export const reopenInputSchema = z.strictObject({ reason: text('why it is opened again', { most: 300 }) })
