import { z } from 'zod'
import { cutoverAnswerSchema, cutoverQuestionSchema } from '#lib/billing/cutover-question-types.ts'
import { isMonthEnd } from '#lib/billing/days.ts'
import { amountSchema, daySchema, moneySchema, periodSchema } from '#lib/billing/types.ts'
import { day, oneOf, prismId, recordId } from './fields.ts'

/** Customers of which the questions are read at once: each agreement is read in ConnectWise. */
export const MOST_REVIEWED = 50
/** Questions that are answered at once. */
export const MOST_ANSWERED = 200

const CUSTOMERS = `Name from 1 to ${MOST_REVIEWED} customers by their ids.`
export const cutoverInputSchema = z.strictObject({
  tenantIds: z.array(prismId('a customer’s id'), CUSTOMERS).min(1, CUSTOMERS).max(MOST_REVIEWED, CUSTOMERS),
})

/** A question as it was shown, and what it is named by. */
export const shownQuestionSchema = cutoverQuestionSchema.extend({
  /** What decides it; another one once it has changed. */
  seen: z.string(),
})
export type ShownQuestion = z.infer<typeof shownQuestionSchema>

export const cutoverSchema = z.object({
  currency: z.string(),
  /** One for each agreement of the customers that are named. */
  agreements: z.array(
    z.object({
      agreementId: z.number().int(),
      agreementName: z.string(),
      companyName: z.string(),
      /** Those that are named, as if they synced. */
      customers: z.array(z.object({ tenantId: z.string(), name: z.string(), syncEnabled: z.boolean() })),
      /** Why nothing is known of it; `null`: it could be read. */
      problem: z.string().nullable(),
      /** `null`: no invoice contains them yet, or they were synced before. */
      summary: z
        .object({
          period: periodSchema,
          invoiced: amountSchema,
          /** What the agreement bills of the month, as it is and as it would be. */
          bills: z.object({ before: moneySchema, after: moneySchema }),
          /** What of it is of additions that are not PRISM’s. */
          apart: moneySchema,
          /** Additions by what becomes of them. */
          adopted: z.number().int(),
          replaced: z.number().int(),
          ended: z.number().int(),
          left: z.number().int(),
          /** That wait for an answer, or for something to be mended in ConnectWise. */
          open: z.number().int(),
          /** That are created. */
          created: z.number().int(),
        })
        .nullable(),
      questions: z.array(shownQuestionSchema),
    }),
  ),
})
export type Cutover = z.infer<typeof cutoverSchema>
export type CutoverOfAgreement = Cutover['agreements'][number]

const SEEN = 'Send what the question named as seen.'
const named = {
  agreementId: recordId,
  /** The customers that the agreement was shown with. */
  tenantIds: cutoverInputSchema.shape.tenantIds,
  /** Of a question about an addition. */
  additionId: recordId.optional(),
  /** Of a question about how a customer begins. */
  tenantId: prismId('a customer’s id').optional(),
}
const QUESTIONS = `Name from 1 to ${MOST_ANSWERED} questions.`
const MONTH_END = 'Enter the last day of a month, for example 2026-11-30.'
const given = {
  answer: oneOf(['subscription', 'ends', 'nobody', 'stays', 'next', 'catch-up', 'elsewhere']).pipe(
    cutoverAnswerSchema,
  ),
  /** Of the answer `ends`: the last day, of a month. */
  endsOn: day
    .pipe(daySchema)
    .refine((value) => isMonthEnd(value), MONTH_END)
    .optional(),
}
const withDay = (
  { answer, endsOn }: { readonly answer: string; readonly endsOn?: string | undefined },
  ctx: z.RefinementCtx,
): void => {
  if (answer === 'ends' && endsOn === undefined)
    ctx.addIssue({ code: 'custom', path: ['endsOn'], message: MONTH_END })
}

export const cutoverAnswerInputSchema = z
  .strictObject({
    ...given,
    questions: z
      .array(z.strictObject({ ...named, seen: z.string(SEEN).regex(/^[0-9a-f]{64}$/, SEEN) }), QUESTIONS)
      .min(1, QUESTIONS)
      .max(MOST_ANSWERED, QUESTIONS),
  })
  .superRefine(withDay)
export type CutoverAnswerInput = z.output<typeof cutoverAnswerInputSchema>

export const cutoverTakeBackSchema = z
  .strictObject({
    ...given,
    questions: z.array(z.strictObject(named), QUESTIONS).min(1, QUESTIONS).max(MOST_ANSWERED, QUESTIONS),
  })
  .superRefine(withDay)
export type CutoverTakeBack = z.output<typeof cutoverTakeBackSchema>

export const cutoverAnsweredSchema = z.object({ answered: z.number().int() })
