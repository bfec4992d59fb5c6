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
  emails: z.array(z.email().max(320)).max(50),
  contractAgreementId: z.string().max(100).nullable(),
}

export const programSchema = z.object({
  program: z.string(),
  name: z.string(),
  ...optionFields,
  defaults: defaultsSchema,
  guards: guardsSchema,
  lastCheckedAt: z.iso.datetime().nullable(),
  lastCheckError: z.string().nullable(),
  /** Records of PRISM's lists that the last look could not use, and why; everything else is used. */
  setAside: z.array(
    z.object({
      list: z.enum(['contract-agreements', 'tenants', 'products', 'invoices']),
      record: z.string(),
      reason: z.string(),
    }),
  ),
})
export type ShownProgram = z.infer<typeof programSchema>

/** Left-out fields keep their values; `null` switches a guard off. */
export const programInputSchema = z
  .strictObject({ ...optionFields, defaults: defaultsSchema.partial(), guards: guardsSchema.partial() })
  .partial()
export type ProgramInput = z.input<typeof programInputSchema>

export const contractAgreementsSchema = z.object({
  agreements: z.array(z.object({ id: z.string(), programName: z.string() })),
  /** The one that syncs; `null`: the only one, or none yet. */
  picked: z.string().nullable(),
})
export type ContractAgreements = z.infer<typeof contractAgreementsSchema>
