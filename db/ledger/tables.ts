/** What was written to ConnectWise, who may write, and what was read of it. */
import { sql } from 'drizzle-orm'
import { bigint, index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import {
  additionSchema,
  billedAsSchema,
  catalogItemSchema,
  changeSchema,
  lotSchema,
} from '#lib/billing/types.ts'
import { updateCatalogItemChangeSchema } from '#lib/catalog/types.ts'
import {
  count,
  created,
  day,
  json,
  lowered,
  moment,
  oneOf,
  ordinal,
  organisation,
  periodOr,
} from '../columns.ts'
import { table } from '../table.ts'
import { storedDoubtSchema } from '../values.ts'

const addition = (name: string) => json(name, additionSchema)

/**
 * All additions of an agreement as ConnectWise gave them, wherever that differs from the reading before
 * (docs/billing-rules.md, "Days billed").
 */
export const readings = table(
  'readings',
  {
    organisationId: organisation(),
    agreementId: integer('agreement_id').notNull(),
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    /** When it was first read like this, and when last. */
    firstReadAt: moment('first_read_at').notNull(),
    lastReadAt: moment('last_read_at').notNull(),
    /** As the agreement had it then: how far ConnectWise has invoiced it. */
    nextInvoiceDate: day('next_invoice_date'),
    additions: json('additions', z.array(additionSchema)).notNull(),
    /** Those of which nothing tells whether the invoice after this reading billed them like that. */
    doubts: json('doubts', z.array(storedDoubtSchema)).notNull().default([]),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.agreementId, t.id] })],
)

/**
 * What a person said of a doubt (docs/billing-rules.md, "Days billed"); it belongs to the reading, as an
 * invoice may be deleted and made again.
 */
export const billedAnswers = table(
  'billed_answers',
  {
    organisationId: organisation(),
    agreementId: integer('agreement_id').notNull(),
    additionId: integer('addition_id').notNull(),
    /** The last day of the last month that the invoice covers. */
    through: day('through').notNull(),
    readingId: bigint('reading_id', { mode: 'number' }).notNull(),
    billed: oneOf('billed', billedAsSchema.options).notNull(),
    answeredBy: text('answered_by').notNull(),
    answeredAt: moment('answered_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      columns: [t.organisationId, t.agreementId, t.additionId, t.through],
      name: 'billed_answers_pk',
    }),
  ],
)

/**
 * The ledger. A row is the intent of one write, stored before the request, and its outcome after it. `keep` rows are
 * adoptions that need no write. What we own of ConnectWise's additions is read from here.
 */
export const changes = table(
  'changes',
  {
    organisationId: organisation(),
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    runId: uuid('run_id').notNull(),
    /** `''` of the catalog's own writes, which belong to no month. */
    period: periodOr('period', ['']).notNull(),
    invoiceId: text('invoice_id').notNull(),
    /** Which change of which round's plan it is; `null` for the catalog's own writes, and where an earlier version wrote it. */
    round: ordinal('round'),
    position: count('position'),
    /** In lower case; empty for Azure and catalog items. */
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    leaseToken: uuid('lease_token').notNull(),
    kind: oneOf('kind', [
      'create',
      'end',
      'update',
      'delete',
      'createCatalogItem',
      'updateCatalogItem',
      'keep',
    ]).notNull(),
    intent: json('intent', z.union([changeSchema, updateCatalogItemChangeSchema])).notNull(),
    /** As in `run_periods`, of a change that an earlier version of the product wrote. */
    knownAdditionIds: json('known_addition_ids', z.array(z.number().int())),
    /** `kept` and `not-sent`: nothing was to be sent, or could be, for the reason in `message`. */
    outcome: oneOf('outcome', [
      'pending',
      'done',
      'refused',
      'unknown',
      'lost',
      'kept',
      'not-sent',
    ]).notNull(),
    additionId: integer('addition_id'),
    /** The addition as ConnectWise held it before and after; `null` where there was none. */
    before: addition('before'),
    after: addition('after'),
    catalogItem: json('catalog_item', catalogItemSchema),
    lots: json('lots', z.array(lotSchema)),
    /** Exact message where it was refused (F8). */
    message: text('message'),
    /** The job that sent it, by the name that its log carries: that of the request it goes back to, and a part of its own. */
    requestId: text('request_id'),
    createdAt: created(),
    settledAt: moment('settled_at'),
  },
  (t) => [
    // The month is in it, so that the table can be cut by month.
    primaryKey({ columns: [t.organisationId, t.id, t.period], name: 'changes_pk' }),
    index('changes_organisation_agreement').on(t.organisationId, t.program, t.agreementId, t.id),
    index('changes_organisation_run').on(t.organisationId, t.runId, t.agreementId, t.period, t.id),
    // A planned change is begun once.
    uniqueIndex('changes_one_of_plan')
      .on(t.organisationId, t.runId, t.agreementId, t.period, t.round, t.position)
      .where(sql`round IS NOT NULL`),
    index('changes_organisation_created_sku')
      .on(t.organisationId, t.program, sql`lower(trim(${t.intent}->>'sku'))`, t.id)
      .where(sql`kind = 'createCatalogItem'`),
    // Which lines of annual invoices are written, on whatever agreement.
    index('changes_organisation_carried')
      .on(t.organisationId, t.program, sql`(${t.intent}->'carries'->>'invoiceId')`)
      .where(sql`intent->'carries' IS NOT NULL`),
    // Whoever watches the deployment asks for the last day's writes, and which are open, every few seconds.
    index('changes_organisation_created')
      .on(t.organisationId, t.createdAt, t.outcome)
      .where(sql`kind <> 'keep'`),
    index('changes_organisation_open')
      .on(t.organisationId, t.program, t.agreementId)
      .where(sql`outcome IN ('pending', 'unknown')`),
  ],
)

/** Who may write to a resource, for example `microsoft-csp/agreement/42`. */
export const leases = table(
  'leases',
  {
    organisationId: organisation(),
    resource: text('resource').notNull(),
    token: uuid('token').notNull(),
    holder: text('holder').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.resource] })],
)
