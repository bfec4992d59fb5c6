import { z } from 'zod'
import { prismId, programSlug, search } from './fields.ts'
import { agreementFindingSchema } from './pod.ts'
import { firstProgram } from './programs.ts'

export const companiesQuerySchema = z.object({ search: search.default('') })

/** With a tenant, its first usage period is judged, too. */
export const agreementsQuerySchema = z.object({
  program: programSlug.default(firstProgram),
  tenantId: prismId('a customer’s id').optional(),
})

/** What of a list cannot be read, and why. */
const unreadableSchema = z.array(z.object({ record: z.string(), reason: z.string() }))

export const companiesSchema = z.object({
  companies: z.array(
    z.object({ id: z.number().int(), identifier: z.string(), name: z.string(), website: z.string() }),
  ),
  unreadable: unreadableSchema,
})

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
