import { z } from 'zod'
import { amountSchema, daySchema, periodSchema, quantitySchema } from '#lib/billing/types.ts'

/** An addition that goes on after the customer's last month on the agreement that it leaves. */
const openAdditionSchema = z.object({
  additionId: z.number().int(),
  subscriptionId: z.string(),
  product: z.string(),
  quantity: quantitySchema,
  start: daySchema,
  /** `null`: open. */
  end: daySchema.nullable(),
  /** What it bills of a whole month. */
  monthly: amountSchema,
  /** What ends it, in words. */
  ending: z.string(),
})

/** What a person is to know before a customer leaves an agreement (E5). */
export const leavingSchema = z.object({
  agreementId: z.number().int(),
  agreementName: z.string(),
  companyName: z.string(),
  open: z.array(openAdditionSchema),
  /** What they bill a month in all. */
  monthly: amountSchema,
  currency: z.string(),
  /** The first month in which it need not be billed there, and why none before. */
  takesOver: z.object({ from: periodSchema, because: z.enum(['invoiced', 'synced', 'first', 'fit']) }),
})
export type ShownLeaving = z.infer<typeof leavingSchema>

/** `null`: it is the agreement that the customer is mapped to. */
export const consequencesSchema = z.object({ leaving: leavingSchema.nullable() })
