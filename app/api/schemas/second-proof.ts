import { z } from 'zod'
import { moneySchema } from '#lib/billing/types.ts'

/** What ConnectWise itself says of an agreement’s month (J6). */
export const secondProofSchema = z.object({
  /** `quiet`: it cannot be told, or not yet. */
  tone: z.enum(['good', 'bad', 'quiet']),
  /** In a word or two. */
  says: z.string(),
  /** Which of ConnectWise’s figures it is from, and what that can and cannot tell. */
  why: z.string(),
  /** What its invoices of the month, or its forecast of the next one, have of additions. */
  amount: moneySchema.nullable(),
  source: z.enum(['invoices', 'forecast', 'none']),
  /** Since the first synced month, what ConnectWise invoiced beyond what the plans say; `null`: not compared. */
  difference: moneySchema.nullable(),
  terms: z.array(z.object({ term: z.string(), amount: moneySchema })),
  provedAt: z.iso.datetime().nullable(),
})
export type SecondProof = z.infer<typeof secondProofSchema>
