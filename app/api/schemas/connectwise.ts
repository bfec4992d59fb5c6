import { z } from 'zod'
import { agreementFindingSchema } from './pod.ts'

export const companiesSchema = z.object({
  companies: z.array(
    z.object({ id: z.number().int(), identifier: z.string(), name: z.string(), website: z.string() }),
  ),
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
})
export type Companies = z.infer<typeof companiesSchema>
export type Agreements = z.infer<typeof agreementsSchema>
