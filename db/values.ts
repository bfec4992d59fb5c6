/** Values that are stored as JSON and are no part of the billing core. */
import { z } from 'zod'
import { additionSchema, agreementSchema, periodSchema } from '#lib/billing/types.ts'

/** F18; `null` switches a guard off, a share is 0..1. */
export const guardsSchema = z.object({
  endedShare: z.number().min(0).max(1).nullable(),
  totalShare: z.number().min(0).max(1).nullable(),
})
export type Guards = z.infer<typeof guardsSchema>

/** What keeps an agreement from carrying the usage month after the newest invoice, which it carried. */
export const outlookSchema = z.object({
  /** The first month that it cannot carry. */
  period: periodSchema,
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  /** The date that it has, and the one that it must have. */
  stillWrong: z.string().nullable(),
  /** When a look saw it first. */
  since: z.iso.datetime(),
})
export type Outlook = Readonly<z.infer<typeof outlookSchema>>

export const preflightCheckIds = [
  'misc-items',
  'category',
  'subcategory',
  'product-type',
  'unit-of-measure',
  'permissions',
  'deleting',
  'contacts',
] as const
export type PreflightCheckId = (typeof preflightCheckIds)[number]

/** One check of how ConnectWise is prepared (A1-A6), as it was found. */
export const preflightCheckSchema = z.object({
  id: z.enum(preflightCheckIds),
  title: z.string(),
  /** `unknown`: ConnectWise did not let us look. */
  state: z.enum(['ok', 'failed', 'unknown']),
  /** What it is needed for. */
  meaning: z.string(),
  /** What was found, in one sentence. */
  found: z.string(),
  /** The records or permissions that are wrong, by name. */
  items: z.array(z.string()).readonly(),
  /** What Fix would do; `null` where only a person can. */
  fix: z.string().nullable(),
  /** Where it is in ConnectWise. */
  path: z.string(),
})
export type PreflightCheck = Readonly<z.infer<typeof preflightCheckSchema>>

/** What came of a run over products. */
export const productRunCountsSchema = z.object({
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  failed: z.number().int(),
})
export type ProductRunCounts = Readonly<z.infer<typeof productRunCountsSchema>>

/** A doubt as its reading has it (docs/billing-rules.md, "Days billed"). */
export const storedDoubtSchema = z.object({ additionId: z.number().int(), after: additionSchema.nullable() })

/** What ConnectWise gave of a company. */
export const companyReadingSchema = z.object({
  company: z.object({
    id: z.number().int(),
    identifier: z.string(),
    name: z.string(),
    /** `''` where it has none. */
    website: z.string(),
  }),
  agreements: z.array(agreementSchema.extend({ type: z.string() })).readonly(),
  /** Agreements that cannot be read, and why. */
  unreadable: z.array(z.object({ record: z.string(), reason: z.string() })).readonly(),
  /** Customers whose names or domains are the company's, compared when it was read; the likeliest first. */
  suggested: z
    .array(z.object({ program: z.string(), tenantId: z.string(), reasons: z.array(z.string()).readonly() }))
    .readonly(),
})
