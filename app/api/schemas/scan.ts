import { z } from 'zod'
import { moneySchema, quantitySchema } from '#lib/billing/types.ts'
import { page } from './fields.ts'

/** How far the last full scan of ConnectWise is, and how old what suggestions use of one is. */
export const scanSchema = z.object({
  state: z.enum(['never', 'running', 'finished', 'stopped', 'failed']),
  /** When the one that was read to its end last began; `null`: none was. Suggestions use what is as old as this, or newer. */
  readAt: z.iso.datetime().nullable(),
  startedAt: z.iso.datetime().nullable(),
  startedBy: z.string().nullable(),
  /** Somebody asked it to stop, and it ends with what is in flight. */
  isStopping: z.boolean(),
  /** Agreements whose additions were read, of all that are active; 0 of 0 while they are listed. */
  read: z.number().int(),
  of: z.number().int(),
  /** Agreements whose additions ConnectWise did not give. */
  refused: z.number().int(),
  /** Why it stopped. */
  note: z.string().nullable(),
  /** Why contacts were not read; `null`: they were, or are still to be. */
  contacts: z.string().nullable(),
})
export type ScanShown = z.infer<typeof scanSchema>

export const stoppedScanSchema = z.object({ stopped: z.boolean() })

export const unclaimedQuerySchema = z.object({ page })
export type UnclaimedQuery = z.output<typeof unclaimedQuerySchema>

const unclaimedAgreementSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  products: z.array(z.object({ name: z.string(), quantity: quantitySchema })),
  /** What they bill a month; `null`: the agreement bills other periods. */
  amount: moneySchema.nullable(),
  /** Of their additions, how many carry the id of a subscription that PRISM lists, of one that it does not list, and none. */
  serials: z.object({ known: z.number().int(), unknown: z.number().int(), none: z.number().int() }),
})

/** Companies with additions of Microsoft's products and no customer: by the last full scan, the largest amount first. */
export const unclaimedCompaniesSchema = z.object({
  companies: z.array(
    z.object({
      companyId: z.number().int(),
      companyName: z.string(),
      amount: moneySchema,
      agreements: z.array(unclaimedAgreementSchema),
      /** A customer without a mapping that may be it, below the line. */
      maybe: z.object({ tenantId: z.string(), name: z.string() }).nullable(),
    }),
  ),
  page: z.number().int(),
  pageSize: z.number().int(),
  total: z.number().int(),
  /** Of all of them, a month. */
  amount: moneySchema,
  currency: z.string(),
  /** As in the scan's own answer; `null`: there is nothing to say, as none was read to its end. */
  readAt: z.iso.datetime().nullable(),
})
export type UnclaimedCompanies = z.infer<typeof unclaimedCompaniesSchema>
