import { z } from 'zod'
import { customerStates } from '#db/mappings/customers.ts'
import { LONGEST_FILE } from '#lib/base/longest-body.ts'
import { moneySchema, periodSchema } from '#lib/billing/types.ts'
import { unreadableSchema } from './connectwise.ts'
import { mappingSchema } from './customers.ts'
import { flag, LARGEST_ID, oneOf, prismId, recordId, search, text } from './fields.ts'

/** Customers that are changed at once at most. */
export const MOST_CHANGES = 1000

const FILE = 'Send the bytes of a CSV file in Base64.'
const file = z
  .base64(FILE)
  .min(1, FILE)
  .max(Math.ceil((LONGEST_FILE / 3) * 4), `A file has at most ${LONGEST_FILE / 1024 / 1024} MB.`)

const SEEN = 'Send what the review named as seen.'
/** What was shown, so that nothing else is done. */
const seen = z.string(SEEN).regex(/^[0-9a-f]{64}$/, SEEN)
/** Where Sync is switched on again, which of the months missed meanwhile are synced; left out: all. */
const missed = oneOf(['latest', 'all']).optional()

const COUNT = 'Send how many customers were shown to fit.'
const CUSTOMERS = `Name from 1 to ${MOST_CHANGES} customers by their ids.`
const tenantIds = z
  .array(prismId('a customer’s id'), CUSTOMERS)
  .min(1, CUSTOMERS)
  .max(MOST_CHANGES, CUSTOMERS)

/** All customers that a search and a state fit, as long as they are as many as were shown. */
const fit = z.strictObject({
  search,
  state: oneOf(['', ...customerStates]),
  count: z.number(COUNT).int(COUNT).min(1, COUNT).max(LARGEST_ID, COUNT),
})
export type Fit = z.output<typeof fit>

const isEither = ({ tenantIds: named, fit: all }: Partial<Record<'tenantIds' | 'fit', unknown>>): boolean =>
  (named === undefined) !== (all === undefined)
const EITHER = { message: 'Name customers by their ids, or all that fit, and not both.', path: ['tenantIds'] }

export const fileReviewInputSchema = z.strictObject({ file })
export const fileSaveInputSchema = z.strictObject({ file, seen, missed })

const selection = { tenantIds: tenantIds.optional(), fit: fit.optional() }

export const switchReviewInputSchema = z
  .strictObject({ ...selection, syncEnabled: flag })
  .refine(isEither, EITHER)
export const switchSaveInputSchema = z
  .strictObject({ ...selection, syncEnabled: flag, seen, missed })
  .refine(isEither, EITHER)

const ONE_OF = 'Name the customers, or say which all are meant, or name a cause: one of the three, or none.'
/** Nobody named: all customers whose Sync is on. */
export const syncManyInputSchema = z
  .strictObject({
    ...selection,
    /** As the inbox names it: of all agreements that it is open of, One-Time ones included. */
    cause: text('a cause', { most: 300 }).optional(),
  })
  .refine(
    ({ tenantIds, fit, cause }) => [tenantIds, fit, cause].filter((each) => each !== undefined).length < 2,
    ONE_OF,
  )

const MATCHES = `Name from 1 to ${MOST_CHANGES} customers, each once, with a company and an agreement.`
/** Customers that are mapped nowhere, and where each is to go with its Sync off (J7). */
const matches = z
  .array(
    z.strictObject(
      { tenantId: prismId('a customer’s id'), companyId: recordId, agreementId: recordId },
      MATCHES,
    ),
    MATCHES,
  )
  .min(1, MATCHES)
  .max(MOST_CHANGES, MATCHES)
  .refine((all) => new Set(all.map(({ tenantId }) => tenantId)).size === all.length, MATCHES)

export const matchReviewInputSchema = z.strictObject({ matches })
export const matchInputSchema = z
  .strictObject({
    matches,
    /** Left out: there is one, and it is mapped as it is named. */
    seen: seen.optional(),
    /** Those that were shown and are not mapped now. */
    leftOut: tenantIds.optional(),
  })
  .refine(({ matches: named, seen: shown }) => named.length === 1 || shown !== undefined, {
    message: SEEN,
    path: ['seen'],
  })

export const matchedSchema = z.object({
  saved: z.number().int(),
  /** By it they can be taken back together. */
  acceptance: z.uuid(),
})

export const matchesTakenBackSchema = z.object({
  /** Customers that are mapped nowhere again, by their ids. */
  takenBack: z.array(z.string()),
  /** Those that stay mapped, and why. */
  kept: z.array(z.object({ tenantId: z.string(), name: z.string(), says: z.string() })),
})
export type MatchesTakenBack = z.infer<typeof matchesTakenBackSchema>

export const neverInputSchema = z.strictObject({ reason: text('a reason', { most: 300 }) })
/** Customers that are never mapped, by name. */
export const neverMappedSchema = z.object({
  customers: z.array(
    z.object({
      tenantId: z.string(),
      name: z.string(),
      domain: z.string(),
      reason: z.string(),
      saidBy: z.string(),
      saidAt: z.iso.datetime(),
    }),
  ),
})
export type NeverMapped = z.infer<typeof neverMappedSchema>

export const changeSchema = z.object({
  /** Of the file, as a spreadsheet counts them; `null`: of none. */
  row: z.number().int().nullable(),
  /** `null`: it is not known whose row it is. */
  tenantId: z.string().nullable(),
  name: z.string(),
  domain: z.string(),
  does: z.enum(['map', 'sync-on', 'sync-off', 'wrong']),
  /** Why nothing of it is saved; `column` as the file heads it. */
  problems: z.array(z.object({ column: z.string().nullable(), says: z.string() })),
  from: mappingSchema.nullable(),
  to: mappingSchema.nullable(),
  /** What its next sync would take where its Sync will be on, oldest first, at RRP. */
  months: z.array(z.object({ period: periodSchema, price: moneySchema })),
  /** Whether no month of it was synced on the agreement yet. */
  isFirst: z.boolean(),
})
export type ShownChange = z.infer<typeof changeSchema>

/** What would be done, and nothing done. Customers that stay as they are, are counted only. */
export const reviewSchema = z.object({
  seen: z.string(),
  /** What is wrong first. */
  changes: z.array(changeSchema),
  counts: z.object({
    map: z.number().int(),
    'sync-on': z.number().int(),
    'sync-off': z.number().int(),
    wrong: z.number().int(),
    nothing: z.number().int(),
  }),
  /** What the next syncs would take in all, by month, the oldest first. */
  takes: z.array(z.object({ period: periodSchema, customers: z.number().int(), price: moneySchema })),
  currency: z.string(),
  /** Headings of the file that say nothing to us. */
  unused: z.array(z.string()),
  /** What ConnectWise lists and cannot be read: none of it can be named. */
  unreadable: unreadableSchema,
})
export type Review = z.infer<typeof reviewSchema>

export const savedSchema = z.object({ saved: z.number().int() })
