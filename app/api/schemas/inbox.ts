import { z } from 'zod'
import { heldCreditsSchema } from '#lib/billing/held-credits.ts'
import {
  askedAdditionSchema,
  askedInvoiceSchema,
  moneySchema,
  periodSchema,
  waitQuestionSchema,
} from '#lib/billing/types.ts'
import { actionIds, inboxKinds } from '#lib/inbox/item.ts'
import { costOptional } from './cost-optional.ts'
import { idInAddress, month, oneOf, page, programSlug, text } from './fields.ts'
import { firstProgram } from './programs.ts'

/** Left out, `agreementId` means all; a ConnectWise member sees only what the screen is about. With `cause`, its items are paged. */
export const inboxQuerySchema = z.object({
  program: programSlug.default(firstProgram),
  agreementId: idInAddress.optional(),
  kind: oneOf(inboxKinds).optional(),
  cause: text('a cause', { most: 300 }).optional(),
  page,
})

/** Of its file. */
export const inboxListQuerySchema = inboxQuerySchema.omit({ page: true, cause: true })
export type InboxListQuery = z.infer<typeof inboxListQuerySchema>

/** Of the site’s page: as the route’s, but that a kind may be none. */
export const todoAddressSchema = z.object({ kind: oneOf(['', ...inboxKinds]).default(''), page })

const actionSchema = z.object({
  /** Unique in its item. */
  id: z.enum(actionIds),
  text: z.string(),
  /** As this document names it, with what goes into its path, its query and its body. */
  endpoint: z.string(),
  path: z.record(z.string(), z.union([z.string(), z.number()])),
  query: z.record(z.string(), z.string()),
  body: z
    .record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).readonly()]),
    )
    .nullable(),
  /** What of the body is still to be chosen; `null`: nothing. With terms, the reason is to be written, too. */
  choose: z
    .object({
      field: z.string(),
      from: z.enum([
        'subscriptions',
        'customers',
        'contract-agreements',
        'one-time-agreements',
        'months',
        'month-ends',
        'terms',
      ]),
    })
    .nullable(),
  /** It decides about money. */
  decides: z.boolean(),
  /** Why it cannot be pressed now; left out where it can. */
  whyNot: z.string().optional(),
})
export type ShownAction = z.infer<typeof actionSchema>

const inboxMoneySchema = z.object({
  /** Retail, never negative. */
  amount: moneySchema,
  /** Of each month, or of the months that are named. */
  per: z.enum(['month', 'once']),
})

const named = z.object({ id: z.number().int(), name: z.string() })
const monthsSchema = z.object({ from: periodSchema, to: periodSchema })

const comparedSchema = z.object({
  id: z.string(),
  isInUse: z.boolean(),
  lineCount: z.number().int(),
  totalPrice: moneySchema.nullable(),
  totalCost: moneySchema.nullable(),
  detectedAt: z.iso.datetime(),
})

const itemSchema = z.object({
  kind: z.enum(inboxKinds),
  cause: z.string(),
  key: z.string(),
  program: z.string(),
  of: z.object({
    tenant: z.object({ id: z.string(), name: z.string() }).nullable(),
    company: named.nullable(),
    agreement: named.nullable(),
    subscription: z.object({ id: z.string(), product: z.string() }).nullable(),
    additionId: z.number().int().nullable(),
    invoiceId: z.string().nullable(),
    person: z.object({ id: z.uuid(), email: z.string() }).nullable(),
    /** Whom lines name that are no customer's. */
    named: z.string().nullable(),
  }),
  months: monthsSchema.nullable(),
  /** `null`: it is about none, or that is not known. */
  money: inboxMoneySchema.nullable(),
  since: z.iso.datetime(),
  says: z.string(),
  detail: z.string(),
  remedy: z.string(),
  /** How it is in ConnectWise now, and how it must be there; left out where nobody mends it there. */
  stillWrong: z.string().optional(),
  /** So much that what decides it is typed on our pages, and not only pressed. */
  isLarge: z.boolean(),
  actions: z.array(actionSchema),
  /** The row of a sync that waits or failed. */
  asked: z
    .object({
      runId: z.uuid(),
      question: waitQuestionSchema.nullable(),
      invoiced: moneySchema,
      billed: moneySchema,
      addition: askedAdditionSchema.nullable(),
      invoice: askedInvoiceSchema.nullable(),
      /** The line of an annual invoice, and what a yes would write of it (J9). */
      line: z
        .object({
          why: z.enum(['missing', 'twice', 'by-hand', 'credit']),
          writes: z.array(z.string()).readonly(),
        })
        .nullable(),
    })
    .nullable(),
  /** A held invoice beside the one of its month that is in use, or beside another one that waits. */
  compared: z
    .object({
      held: comparedSchema,
      other: comparedSchema,
      /** By customer, the largest first; the first few of `count`. */
      differences: z.array(z.object({ customer: z.string(), held: moneySchema, other: moneySchema })),
      count: z.number().int(),
    })
    .nullable(),
  /** Of a held invoice, what becomes of its credits and adjustments once it is picked; left out where it has none. */
  credits: heldCreditsSchema.optional(),
})

const groupSchema = z.object({
  kind: z.enum(inboxKinds),
  cause: z.string(),
  program: z.string(),
  says: z.string(),
  /** What happens if nobody does anything. */
  ifNothing: z.string(),
  remedy: z.string(),
  count: z.number().int(),
  customers: z.number().int(),
  money: inboxMoneySchema.nullable(),
  since: z.iso.datetime(),
  /** A person has decided it already: it is shown, and not counted. */
  isDecided: z.boolean(),
  /** So much that what decides it is typed on our pages, and not only pressed. */
  isLarge: z.boolean(),
  /** For all of it. */
  actions: z.array(actionSchema),
  /** The first of them; with `cause`, those of the page. */
  items: z.array(itemSchema),
})

export const inboxSchema = costOptional(
  z.object({
    groups: z.array(groupSchema),
    /** How many groups there are; with `cause`, how many items it has. */
    total: z.number().int(),
    /** How many items wait in all. */
    waiting: z.number().int(),
    page: z.number().int(),
    pageSize: z.number().int(),
    currency: z.string(),
    /** What comes next. */
    next: z.string(),
  }),
)
export type Inbox = z.infer<typeof inboxSchema>
export type ShownGroup = Inbox['groups'][number]
export type ShownItem = ShownGroup['items'][number]

/** The last month that is billed there. */
export const endLeftSchema = z.strictObject({ end: month })
