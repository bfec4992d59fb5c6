import { z } from 'zod'
import { guardsSchema } from '#db/values.ts'
import { daySchema, marginPercentSchema, moneySchema, periodSchema } from '#lib/billing/types.ts'
import { programs } from '#lib/programs/registry.ts'
import { email, flag, oneOf, prismId, programSlug, text } from './fields.ts'

/** The program that is meant where a request names none. */
export const firstProgram = programs[0].slug
export const programQuerySchema = z.object({ program: programSlug.default(firstProgram) })

const defaultsSchema = z.object({
  category: text('a category', { most: 50 }),
  subcategory: text('a sub-category', { most: 50 }),
  productType: text('a product type', { most: 50 }),
  unitOfMeasure: text('a unit of measure', { most: 50 }),
  taxable: flag,
})

const SHARE = 'Enter a share from 0 to 1, or null for no limit.'
const share = z.number(SHARE).min(0, SHARE).max(1, SHARE).nullable()
const guardsInputSchema = z.object({ endedShare: share, totalShare: share })

const EMAILS = 'Enter at most 50 e-mail addresses.'

const optionFields = {
  enabled: flag,
  productMode: oneOf(['all', 'in-use']),
  syncAzure: flag,
  annualTermsMonthly: flag,
  annualTermsAtOnce: flag.describe(
    'Whether PRISM’s invoices of terms that are billed at once are carried, from the day on which it is switched on (J9).',
  ),
  exactAmounts: flag.describe(
    'One addition an agreement and month bills the rounding, so that ConnectWise’s invoice equals PRISM’s (J10).',
  ),
  marginPercent: marginPercentSchema
    .nullable()
    .describe(
      'What is billed at less than this margin, per cent of the price, is named in the inbox (J11); null: off.',
    ),
  firstSync: oneOf(['next', 'catch-up', 'elsewhere']),
  emails: z
    .array(email, EMAILS)
    .max(50, EMAILS)
    .describe('They are told of errors, price changes and what waits (G4).'),
  contractAgreementId: prismId('a contract agreement’s id').nullable(),
}

const guardsText =
  'An invoice that ends more than the first share of all running subscriptions, or moves their total by more than the second, waits as far as that; null: no limit.'

export const programSchema = z.object({
  program: z.string(),
  name: z.string(),
  ...optionFields,
  defaults: defaultsSchema,
  guards: guardsSchema.describe(guardsText),
  /** Annual invoices (J9): since when they are carried, and what is left out, as it was issued before and nobody took it over. */
  annualInvoices: z.object({
    since: daySchema.nullable(),
    /** While they are not carried: what would be left out were they switched on today. */
    leftOut: z.object({ invoices: z.number().int(), price: moneySchema }),
  }),
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
  .strictObject({
    ...optionFields,
    defaults: defaultsSchema.partial(),
    guards: guardsInputSchema.partial().describe(guardsText),
    /** Where Sync is switched on again, which of the months missed meanwhile its customers sync; left out: all. */
    missed: oneOf(['latest', 'all']),
  })
  .partial()
export type ProgramInput = z.input<typeof programInputSchema>

/** Months that customers missed while Sync was off, oldest first, each with what would be billed of it at RRP. */
export const missedSchema = z.object({
  months: z.array(z.object({ period: periodSchema, price: moneySchema, customers: z.number().int() })),
})
export type Missed = z.infer<typeof missedSchema>

export const contractAgreementsSchema = z.object({
  agreements: z.array(z.object({ id: z.string(), programName: z.string() })),
  /** The one that syncs; `null`: the only one, or none yet. */
  picked: z.string().nullable(),
})
export type ContractAgreements = z.infer<typeof contractAgreementsSchema>
