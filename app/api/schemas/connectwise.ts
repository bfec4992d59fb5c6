import { z } from 'zod'
import { oneOf, prismId, programSlug, search } from './fields.ts'
import { firstProgram } from './programs.ts'

export const companiesQuerySchema = z.object({ search: search.default('') })

/** With a tenant, its first usage period is judged, too. */
export const agreementsQuerySchema = z.object({
  program: programSlug.default(firstProgram),
  tenantId: prismId('a customer’s id').optional(),
  /** What it is to carry: usage by the month, or annual invoices (J9). */
  carries: oneOf(['months', 'annual']).default('months'),
})

/** One rule of A5: whether it only informs, and in one sentence what is wrong and what to do. */
export const agreementFindingSchema = z.object({
  code: z.string(),
  severity: z.enum(['error', 'note']),
  field: z.string(),
  message: z.string(),
  remedy: z.string(),
  /** The date that it has, and the one that it must have. */
  stillWrong: z.string().optional(),
})

/** What of a list cannot be read, and why. */
export const unreadableSchema = z.array(z.object({ record: z.string(), reason: z.string() }))

export const companySchema = z.object({
  id: z.number().int(),
  identifier: z.string(),
  name: z.string(),
  website: z.string(),
})

export const companiesSchema = z.object({ companies: z.array(companySchema), unreadable: unreadableSchema })

export const agreementsSchema = z.object({
  agreements: z.array(
    z.object({
      id: z.number().int(),
      name: z.string(),
      type: z.string(),
      status: z.string(),
      /** One that may not be picked is shown with the reason, not hidden (E4). */
      findings: z.array(agreementFindingSchema),
    }),
  ),
  unreadable: unreadableSchema,
})
export type Companies = z.infer<typeof companiesSchema>
export type Agreements = z.infer<typeof agreementsSchema>
