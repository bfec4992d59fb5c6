import { z } from 'zod'
import { guardsSchema } from '#db/values.ts'

const defaultsSchema = z.object({
  category: z.string().min(1).max(50),
  subcategory: z.string().min(1).max(50),
  productType: z.string().min(1).max(50),
  unitOfMeasure: z.string().min(1).max(50),
  taxable: z.boolean(),
})

const optionFields = {
  enabled: z.boolean(),
  productMode: z.enum(['all', 'in-use']),
  syncAzure: z.boolean(),
  annualTermsMonthly: z.boolean(),
  emails: z.array(z.email().max(320)).max(50).describe('Kept, and not read yet: nothing is sent to them.'),
  contractAgreementId: z.string().max(100).nullable(),
}

const unreadGuards = 'Kept, and not read yet: no sync waits for a yes.'

export const programSchema = z.object({
  program: z.string(),
  name: z.string(),
  ...optionFields,
  defaults: defaultsSchema,
  guards: guardsSchema.describe(unreadGuards),
  lastCheckedAt: z.iso.datetime().nullable(),
  lastCheckError: z.string().nullable(),
})
export type ShownProgram = z.infer<typeof programSchema>

/** Left-out fields keep their values; `null` switches a guard off. */
export const programInputSchema = z
  .strictObject({
    ...optionFields,
    defaults: defaultsSchema.partial(),
    guards: guardsSchema.partial().describe(unreadGuards),
  })
  .partial()
export type ProgramInput = z.input<typeof programInputSchema>

export const contractAgreementsSchema = z.object({
  agreements: z.array(z.object({ id: z.string(), programName: z.string() })),
  /** The one that syncs; `null`: the only one, or none yet. */
  picked: z.string().nullable(),
})
export type ContractAgreements = z.infer<typeof contractAgreementsSchema>
