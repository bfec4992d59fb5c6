import { z } from 'zod'
import { evidenceKinds } from '#lib/matching/suggest.ts'
import { companySchema, unreadableSchema } from './connectwise.ts'
import { customerSchema } from './customers.ts'

/** What speaks for a suggestion (J7), in words that end "Suggested: …". */
const evidenceSchema = z.object({ kind: z.enum(evidenceKinds), reason: z.string() })

/** A customer that may be a company of ConnectWise. */
export const suggestedCustomerSchema = z.object({
  customer: customerSchema,
  evidence: z.array(evidenceSchema),
})
export type SuggestedCustomer = z.infer<typeof suggestedCustomerSchema>

/** The companies of ConnectWise that may be a customer. */
export const companySuggestionsSchema = z.object({
  suggested: z.array(z.object({ company: companySchema, evidence: z.array(evidenceSchema) })),
  /** Others, found by a word of its name. */
  others: z.array(companySchema),
  /** That word. */
  search: z.string(),
  unreadable: unreadableSchema,
})
export type CompanySuggestions = z.infer<typeof companySuggestionsSchema>
