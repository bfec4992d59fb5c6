import { z } from 'zod'
import { isMonthEnd } from '#lib/billing/days.ts'
import { follows } from '#lib/billing/sync-follows.ts'
import {
  type AdditionAnswer,
  amountSchema,
  billedAsSchema,
  daySchema,
  moneySchema,
  periodSchema,
  quantitySchema,
} from '#lib/billing/types.ts'
import { costOptional } from './cost-optional.ts'
import { day, line, month, oneOf, prismId, recordId, text } from './fields.ts'

const MONTH_END = 'Enter the last day of a month, for example 2026-11-30.'
const WHOSE = 'Choose the subscription that the addition bills.'

/** `subscriptionId` belongs to the answer `subscription`, `endsOn` to `ends`. */
export const answerInputSchema = z
  .strictObject({
    answer: oneOf(['subscription', 'nobody', 'stays', 'ends']),
    subscriptionId: prismId('a subscription’s id').optional(),
    endsOn: day
      .pipe(daySchema)
      .refine((value) => isMonthEnd(value), MONTH_END)
      .optional(),
  })
  .superRefine(({ answer, subscriptionId, endsOn }, ctx) => {
    if (answer === 'subscription' && subscriptionId === undefined)
      ctx.addIssue({ code: 'custom', path: ['subscriptionId'], message: WHOSE })
    if (answer === 'ends' && endsOn === undefined)
      ctx.addIssue({ code: 'custom', path: ['endsOn'], message: MONTH_END })
  })
export type AnswerInput = z.infer<typeof answerInputSchema>

export function answerFrom(
  additionId: number,
  { answer, subscriptionId = '', endsOn }: AnswerInput,
): AdditionAnswer {
  if (answer === 'subscription') return { additionId, answer, subscriptionId }
  if (answer !== 'ends') return { additionId, answer }
  if (endsOn === undefined) throw new Error('An end without its day passed its schema')
  return { additionId, answer, endsOn }
}

/** Whether a sync that uses an answer comes by itself, or what keeps it. */
export const followsSchema = z.object({ follows: z.enum(follows) })

const saidSchema = z.object({
  answer: z.enum(['subscription', 'nobody', 'stays', 'ends']),
  /** In lower case; `null` for other answers than `subscription`. */
  subscriptionId: z.string().nullable(),
  /** `null` for other answers than `ends`. */
  endsOn: daySchema.nullable(),
})

/** What was said of one addition. */
export const answeredSchema = saidSchema.extend({ additionId: z.number().int(), ...followsSchema.shape })

/** As it was read before the invoice, or after it. */
export const billedInputSchema = z.strictObject({ billed: oneOf(['before', 'after']) })
const billedAnswerSchema = z.object({
  additionId: z.number().int(),
  through: daySchema,
  billed: billedAsSchema,
})
export const billedSchema = billedAnswerSchema.extend(followsSchema.shape)

const OF_LINE = 'Take the line’s id as the inbox gives it.'

/** Whether a line of an annual invoice is billed here; `null` takes back what was said. */
export const lineAnswerInputSchema = z.strictObject({
  lineId: line(OF_LINE, { most: 64 }),
  says: oneOf(['carry', 'leave']).nullable(),
})

/** What people answered about an agreement, and what they can choose from. */
export const answersSchema = z.object({
  ...followsSchema.shape,
  answers: z.array(saidSchema.extend({ additionId: z.number().int(), by: z.string(), at: z.iso.datetime() })),
  /** What an invoice of ConnectWise's billed of an addition, where nothing tells. */
  billed: z.array(billedAnswerSchema.extend({ by: z.string(), at: z.iso.datetime() })),
  /** Whether lines of annual invoices are billed here, with their next addition (J9). */
  lines: z.array(
    z.object({
      lineId: z.string(),
      /** PRISM’s. */
      invoiceId: z.string(),
      says: z.enum(['carry', 'leave']),
      /** Of the line: its offer, seats and days, and what it charges, retail. */
      offer: z.string(),
      quantity: quantitySchema,
      first: daySchema,
      last: daySchema,
      price: moneySchema,
      /** Its addition was written: it cannot be taken back any more. */
      isWritten: z.boolean(),
      by: z.string(),
      at: z.iso.datetime(),
    }),
  ),
  /** Each yes to what waited that counts for the invoice which its month has now. */
  confirmed: z.array(
    z.object({
      subscriptionId: z.string(),
      period: periodSchema,
      question: z.enum(['late', 'guard']),
      by: z.string(),
      at: z.iso.datetime(),
    }),
  ),
  /** Months that are not planned until that is taken back, with what is invoiced in them. */
  skipped: z.array(
    z.object({
      tenantId: z.string(),
      subscriptionId: z.string(),
      product: z.string(),
      period: periodSchema,
      amount: costOptional(amountSchema),
      by: z.string(),
      /** Whether what was written for it was taken back; else a person passed it over. */
      isUndone: z.boolean(),
    }),
  ),
  /** What of the agreement's customers is muted (J3). */
  mutes: z.array(
    z.object({
      id: z.uuid(),
      tenantId: z.string(),
      /** What it is. */
      says: z.string(),
      /** What plans call it. */
      codes: z.array(z.string()),
      reason: z.string(),
      /** The last day, in the organisation’s time zone. */
      until: daySchema,
      /** It ends with the next invoice. */
      untilNextInvoice: z.boolean(),
      mutedBy: z.string(),
    }),
  ),
  /** Of the agreement's customers; ids as PRISM has them. */
  subscriptions: z.array(z.object({ id: z.string(), tenantId: z.string(), product: z.string() })),
})
export type Answers = z.infer<typeof answersSchema>

/** What of a run is confirmed: all that waits in it and fits each of those that are given. */
export const confirmInputSchema = z.strictObject({
  agreementId: recordId.optional(),
  subscriptionId: prismId('a subscription’s id').optional(),
  period: month.optional(),
  question: oneOf(['late', 'guard']).optional(),
})

/** What of a program is confirmed: all that waits of a cause, as the inbox names it. */
export const confirmCauseSchema = z.strictObject({ cause: text('a cause', { most: 300 }) })
const EDITED =
  'Name 1 to 1,000 subscriptions by their ids; an empty one is what is no subscription’s, as Azure.'
/** Of which what was edited by hand is set back. */
export const editsInputSchema = z.strictObject({
  subscriptionIds: z
    .array(text('a subscription’s id', { least: 0, most: 100 }).toLowerCase(), EDITED)
    .min(1, EDITED)
    .max(1000, EDITED),
})
