/** What the company pod and the company tab show (H2). */
import { z } from 'zod'
import { daySchema, periodSchema } from '#lib/billing/types.ts'
import { agreementFindingSchema, unreadableSchema } from './connectwise.ts'
import { customerSchema } from './customers.ts'
import { oneOf } from './fields.ts'
import {
  mappedTenantSchema,
  maySchema,
  momentSchema,
  movedTenantSchema,
  namedSchema,
  programNameSchema,
  syncProgressSchema,
  syncResultSchema,
} from './pod.ts'
import { secondProofSchema } from './second-proof.ts'

/**
 * Whether ConnectWise is asked: `now`, as somebody has just opened the screen; where what is stored is older than ten minutes; or
 * not at all, as a sync is only followed.
 */
export const companyQuerySchema = z.object({ read: oneOf(['recent', 'now', 'stored']).default('recent') })

/** An exact amount, as `1204.5`. */
const priceSchema = z.string().regex(/^-?\d+(\.\d+)?$/)

/** What is wrong with an agreement or one of its subscriptions, told once. */
const causeSchema = z.object({
  /** `null`: of the agreement as a whole. */
  product: z.string().nullable(),
  /** As findings have it. */
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  detail: z.string().nullable(),
  remedy: z.string().nullable(),
  from: periodSchema,
  to: periodSchema,
  /** Price, of these months; `null` of the agreement as a whole. */
  amounts: z.object({ invoiced: priceSchema, billed: priceSchema }).nullable(),
})

/** The newest month of the last sync: what PRISM invoiced of what syncs, against what the additions bill, at their prices. */
const proofSchema = z.object({
  period: periodSchema,
  /** It is of an annual invoice of that month (J9), with PRISM’s id. */
  annual: z.object({ invoiceId: z.string(), issuedOn: daySchema }).nullable(),
  invoiced: priceSchema,
  billed: priceSchema,
  verdict: z.object({
    tone: z.enum(['good', 'warn', 'bad']),
    sentence: z.string(),
    terms: z.array(z.object({ amount: z.string(), reason: z.string() })),
  }),
  /** How many subscriptions wait for a person. */
  waiting: z.number().int(),
})

const agreementSchema = z.object({
  id: z.number().int(),
  /** It carries annual invoices (J9). */
  isOneTime: z.boolean(),
  name: z.string(),
  /** As ConnectWise calls it; `''` where it was not read. */
  type: z.string(),
  /** What speaks against using it, and what is only worth knowing (A5); `null`: ConnectWise's record of it was never read. */
  findings: z.array(agreementFindingSchema).nullable(),
  /** The one that it is mapped for, or would be. */
  program: programNameSchema,
  tenants: z.array(mappedTenantSchema),
  moved: z.array(movedTenantSchema),
  result: syncResultSchema.omit({ periods: true }).nullable(),
  proof: proofSchema.nullable(),
  /** Of a One-Time agreement what ConnectWise itself says (J6); `null`: it was not compared yet. */
  second: secondProofSchema.nullable(),
  /**
   * The newest month that is still to be synced because its invoice came after the last sync, or there was none, and what these
   * months are of its customers at RRP; `null`: all are synced, or failed.
   */
  behind: z.object({ period: periodSchema, price: priceSchema }).nullable(),
  /** Errors first; the first of them only. */
  causes: z.array(causeSchema),
  /** How many there are in all. */
  causeCount: z.number().int(),
  running: syncProgressSchema.nullable(),
})
export type CompanyAgreement = z.infer<typeof agreementSchema>

/** A customer that may be this company, and is not mapped to it. */
const suggestedSchema = z.object({
  customer: customerSchema,
  program: programNameSchema,
  /** What speaks for it, the strongest first, as it ends "Suggested: …". */
  reasons: z.array(z.string()),
  /** What PRISM invoiced at RRP of the month that its first sync would take; `null`: it is mapped, or on no invoice. */
  price: priceSchema.nullable(),
})
export type SuggestedCustomer = z.infer<typeof suggestedSchema>

export const companyContentSchema = z.object({
  company: namedSchema,
  currency: z.string(),
  isPrismConnected: z.boolean(),
  /** Programs that something of the company is, or may be, synced by. */
  programs: z.array(
    programNameSchema.extend({ enabled: z.boolean(), lastCheckedAt: momentSchema.nullable() }),
  ),
  /** When ConnectWise last gave the company's agreements; `null`: it never has. */
  readAt: momentSchema.nullable(),
  /** Why it does not give them now. */
  problem: z.object({ message: z.string(), remedy: z.string() }).nullable(),
  agreements: z.array(agreementSchema),
  /** Agreements that ConnectWise lists and that cannot be read. */
  unreadable: unreadableSchema,
  /** Those that are mapped nowhere come first. */
  suggested: z.array(suggestedSchema),
  /** What to search for among the others. */
  search: z.string(),
  may: maySchema,
})
export type CompanyContent = z.infer<typeof companyContentSchema>
