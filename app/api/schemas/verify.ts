import { z } from 'zod'

export const verifiedSchema = z.object({
  /** Agreements and invoices of theirs that were looked at. */
  agreements: z.number().int(),
  invoices: z.number().int(),
  /** False: the API member’s role may not read invoices. */
  mayRead: z.boolean(),
  /** Of the rules that no source states, how many hold, do not hold, and cannot be told. */
  holds: z.number().int(),
  fails: z.number().int(),
  unknown: z.number().int(),
})
export type VerifiedAnswer = z.infer<typeof verifiedSchema>
