import { z } from 'zod'
import { moneySchema, periodSchema } from '#lib/billing/types.ts'
import { evidenceKinds } from '#lib/matching/suggest.ts'
import { companySchema, unreadableSchema } from './connectwise.ts'
import { customerSchema } from './customers.ts'
import { page, prismId, yesOrNo } from './fields.ts'

/** What speaks for a suggestion (J7), in words that end "Suggested: …". */
const evidenceSchema = z.object({ kind: z.enum(evidenceKinds), reason: z.string() })

/** A customer that may be a company of ConnectWise. */
export const suggestedCustomerSchema = z.object({
  customer: customerSchema,
  evidence: z.array(evidenceSchema),
})
export type SuggestedCustomer = z.infer<typeof suggestedCustomerSchema>

/** The agreement of a suggested company that Microsoft's subscriptions are likely billed on. */
const suggestedAgreementSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  /** False: the best guess of several that come close. */
  isLikely: z.boolean(),
  reason: z.string(),
})

const suggestedCompanySchema = z.object({
  company: companySchema,
  /** 0 to 100; compares the companies of one customer. */
  score: z.number().int(),
  /** At most the first is, and never one of two that come close. */
  isLikely: z.boolean(),
  evidence: z.array(evidenceSchema),
  agreement: suggestedAgreementSchema.nullable(),
})

/** The companies of ConnectWise that may be a customer. */
export const companySuggestionsSchema = z.object({
  suggested: z.array(suggestedCompanySchema),
  /** Others, found by a word of its name. */
  others: z.array(companySchema),
  /** That word. */
  search: z.string(),
  /** Agreements of the best companies, and of how many of them the additions were read. */
  agreements: z.object({ read: z.number().int(), of: z.number().int() }),
  /** Why contacts were not read, so that the domains of their mail say nothing; `null`: they were. */
  contacts: z.string().nullable(),
  /** How old the full scan is that additions and contacts come from; `null`: there is none, and what was needed was read now. */
  readAt: z.iso.datetime().nullable(),
  unreadable: unreadableSchema,
})
export type CompanySuggestions = z.infer<typeof companySuggestionsSchema>

export const mappingSuggestionsQuerySchema = z.object({
  page,
  /** Goes on after this customer with the list as it was begun, whoever of it is mapped by now; then `page` says nothing. */
  after: prismId('a customer’s id').optional(),
  /** Without a full scan: whether the additions of the agreements of each customer's three best companies are read now; slower. */
  additions: yesOrNo.default('no'),
})
export type MappingSuggestionsQuery = z.output<typeof mappingSuggestionsQuerySchema>

/** A page of the customers that are mapped nowhere, and may be, each with its best suggestion. */
export const mappingSuggestionsSchema = z.object({
  customers: z.array(
    z.object({
      tenantId: z.string(),
      name: z.string(),
      domain: z.string(),
      suggested: suggestedCompanySchema.nullable(),
      /** The next candidate. */
      second: suggestedCompanySchema.nullable(),
      /** Company and agreement are likely: one of those that a person may accept all at once. */
      isAboveLine: z.boolean(),
      /** What the newest invoice has of it, of what syncs, at RRP; `null`: nothing. */
      invoiced: z.object({ period: periodSchema, price: moneySchema }).nullable(),
    }),
  ),
  page: z.number().int(),
  pageSize: z.number().int(),
  total: z.number().int(),
  /** Those after this page. */
  left: z.number().int(),
  /** Of all of them, those of which the company is likely. */
  likely: z.number().int(),
  /** Companies of ConnectWise that were compared. */
  companies: z.number().int(),
  /** Agreements of the page's best companies, and of how many of them the additions were read. */
  agreements: z.object({ read: z.number().int(), of: z.number().int() }),
  currency: z.string(),
  /** Why contacts were not read, so that the domains of their mail say nothing; `null`: they were. */
  contacts: z.string().nullable(),
  /** How old the full scan is that additions and contacts come from; `null`: there is none, and what was needed was read now. */
  readAt: z.iso.datetime().nullable(),
  unreadable: unreadableSchema,
})
export type MappingSuggestions = z.infer<typeof mappingSuggestionsSchema>
