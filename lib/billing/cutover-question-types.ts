/** What a customer's review asks, in a form in which many customers can be answered at once (J8). */
import { z } from 'zod'
import { daySchema, moneySchema, quantitySchema } from './values.ts'

export const cutoverQuestionKindSchema = z.enum([
  /** An addition of a product that one subscription has: does it bill that one? */
  'bills-one',
  /** An addition that bills beside what PRISM invoices: does it end, or is it nobody's? */
  'beside',
  /** An addition that may bill one of several subscriptions: answered by itself only. */
  'whose',
  /** Another agreement of the company bills it already: how does the customer begin? */
  'also-billed',
  /** ConnectWise has invoiced the first month already: how does the customer begin? */
  'begins',
])
export type CutoverQuestionKind = z.infer<typeof cutoverQuestionKindSchema>

/** What can be said of an addition, and how a customer can begin. */
export const cutoverAnswerSchema = z.enum([
  'subscription',
  'ends',
  'nobody',
  'stays',
  'next',
  'catch-up',
  'elsewhere',
])
export type CutoverAnswer = z.infer<typeof cutoverAnswerSchema>

export const cutoverQuestionSchema = z.object({
  kind: cutoverQuestionKindSchema,
  /** `null`: it is about no addition. */
  additionId: z.number().int().nullable(),
  /** Who begins; `null`: it is about an addition. */
  tenantId: z.string().nullable(),
  /** The subscription that the answer `subscription` means; `''`: it cannot be given to many. In lower case. */
  subscriptionId: z.string(),
  /** What the addition's catalog item is called, or what the customer buys. */
  product: z.string(),
  serialNumber: z.string(),
  quantity: quantitySchema,
  /** What it bills a month at its price; of a beginning, what PRISM invoices of the month. */
  monthly: moneySchema,
  effectiveDate: daySchema.nullable(),
  /** Why it is asked. */
  says: z.string(),
  /** The first day with which it can end: the last that ConnectWise has invoiced. */
  endsFrom: daySchema,
  /** What can be answered for many at once, the most likely first. */
  answers: z.array(
    z.object({
      answer: cutoverAnswerSchema,
      /** What the agreement bills of the first month then, where all of this kind on it are answered so. */
      bills: moneySchema,
      /** What is asked of the agreement then, this kind aside. */
      open: z.number().int(),
    }),
  ),
})
export type CutoverQuestion = z.infer<typeof cutoverQuestionSchema>
