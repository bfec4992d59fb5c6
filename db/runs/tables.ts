/** What was asked for, and what came of it. */
import { sql } from 'drizzle-orm'
import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { PeriodPlan, Status } from '#lib/billing/types.ts'
import type { ProductPlan } from '#lib/catalog/types.ts'
import { created, moment, organisation, period } from '../columns.ts'
import type { Amounts, ProductRunCounts } from '../values.ts'

/** How a round ended; after the first three another one follows. */
export const roundEnds = [
  /** All of it was sent, what failed aside. */
  'sent',
  /** A write was left unanswered; what became of it is known before another round begins. */
  'settled',
  /** Its process had no more time. */
  'time',
  /** ConnectWise was seen to hold what was planned, what failed aside. */
  'proved',
  'stopped',
  'unanswered',
  /** ConnectWise went on answering as if it had not been written. */
  'not-shown',
  'not-proved',
] as const

export const runs = pgTable(
  'runs',
  {
    organisationId: organisation(),
    id: uuid('id').notNull().defaultRandom(),
    program: text('program').notNull(),
    kind: text('kind', { enum: ['customers', 'products'] }).notNull(),
    trigger: text('trigger', { enum: ['schedule', 'hand', 'pod', 'api'] }).notNull(),
    actor: text('actor').notNull(),
    state: text('state', { enum: ['queued', 'running', 'finished'] }).notNull(),
    status: text('status').$type<Status>(),
    /**
     * Of a run that looks again at agreements that ended wrong: `hidden` until one of them is found otherwise. Agreements that
     * are found as they were are taken out of it. `null`: it was asked for.
     */
    looksAgain: text('looks_again', { enum: ['hidden', 'shown'] }),
    /** Why it was stopped or waits (G2). */
    note: text('note'),
    /** First and last usage period of its items. */
    firstPeriod: period('first_period'),
    lastPeriod: period('last_period'),
    stopRequestedAt: moment('stop_requested_at'),
    stopRequestedBy: text('stop_requested_by'),
    /** Of a run over products: what came of all of them, also of those without a result of their own. */
    counts: jsonb('counts').$type<ProductRunCounts>(),
    /** Of a run over products: how far it is (G5). */
    done: integer('done').notNull().default(0),
    total: integer('total').notNull().default(0),
    doing: text('doing'),
    createdAt: created(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.id] }),
    index('runs_organisation_created').on(t.organisationId, t.program, t.createdAt),
  ],
)

/** One agreement of a run. What it did is told by its `run_periods` and the ledger; the status is an index of that, for lists. */
export const runItems = pgTable(
  'run_items',
  {
    organisationId: organisation(),
    runId: uuid('run_id').notNull(),
    agreementId: integer('agreement_id').notNull(),
    program: text('program').notNull(),
    agreementName: text('agreement_name').notNull().default(''),
    companyId: integer('company_id').notNull(),
    companyName: text('company_name').notNull().default(''),
    tenantIds: jsonb('tenant_ids').notNull().$type<readonly string[]>(),
    state: text('state', { enum: ['queued', 'running', 'finished'] }).notNull(),
    status: text('status').$type<Status>(),
    /** First and last usage period of its plans. */
    firstPeriod: period('first_period'),
    lastPeriod: period('last_period'),
    /** An error of the agreement as a whole: exact message, what to do, and the log's reference (F10). */
    message: text('message'),
    detail: text('detail'),
    remedy: text('remedy'),
    reference: text('reference'),
    /** What it is doing, for progress (G5), and how many of the writes planned so far are behind it. */
    doing: text('doing'),
    changesDone: integer('changes_done').notNull().default(0),
    changesTotal: integer('changes_total').notNull().default(0),
    queuedAt: moment('queued_at').notNull().defaultNow(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.runId, t.agreementId] }),
    foreignKey({
      columns: [t.organisationId, t.runId],
      foreignColumns: [runs.organisationId, runs.id],
      name: 'run_items_run',
    }).onDelete('cascade'),
    index('run_items_organisation_agreement').on(t.organisationId, t.program, t.agreementId, t.queuedAt),
    // Each item that ends asks whether it was the last; each look asks which agreements are busy.
    index('run_items_organisation_unfinished')
      .on(t.organisationId, t.runId, t.agreementId)
      .where(sql`state <> 'finished'`),
  ],
)

/**
 * The plan of each round of a month: stored before anything of it is sent. The last one of a month holds what is left of it,
 * with the amounts as ConnectWise has them; what became of the changes is told by the ledger alone.
 */
export const runPeriods = pgTable(
  'run_periods',
  {
    organisationId: organisation(),
    runId: uuid('run_id').notNull(),
    agreementId: integer('agreement_id').notNull(),
    period: period('period').notNull(),
    /** From 1, in order of the run's rounds for the month. */
    round: integer('round').notNull(),
    invoiceId: text('invoice_id').notNull(),
    /** `outcome`: an earlier version of the product stored the plan with what became of it. */
    format: text('format', { enum: ['plan', 'outcome'] }).notNull(),
    plan: jsonb('plan').notNull().$type<PeriodPlan>(),
    /** Ids of all additions that the plan was made from: an equal addition among them is none of its creations. */
    knownAdditionIds: jsonb('known_addition_ids').notNull().$type<readonly number[]>(),
    /** `null`: it is under way, or its process died. */
    end: text('end', { enum: roundEnds }),
    storedAt: moment('stored_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
  },
  (t) => [
    primaryKey({
      name: 'run_periods_pk',
      columns: [t.organisationId, t.runId, t.agreementId, t.period, t.round],
    }),
    foreignKey({
      columns: [t.organisationId, t.runId, t.agreementId],
      foreignColumns: [runItems.organisationId, runItems.runId, runItems.agreementId],
      name: 'run_periods_item',
    }).onDelete('cascade'),
  ],
)

/** What was read of ConnectWise for all agreements of a run; of use for a short while only. */
export const sharedReads = pgTable(
  'shared_reads',
  {
    organisationId: organisation(),
    runId: uuid('run_id').notNull(),
    /** `run-skus`: that the SKUs of the run's customers have been asked for. */
    kind: text('kind', { enum: ['agreement', 'sku', 'item', 'run-skus'] }).notNull(),
    /** The agreement's or item's id; the SKU in lower case. */
    key: text('key').notNull(),
    value: jsonb('value').notNull(),
    /** From before it was asked for, by the database's clock. */
    readAt: moment('read_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.runId, t.kind, t.key] }),
    foreignKey({
      columns: [t.organisationId, t.runId],
      foreignColumns: [runs.organisationId, runs.id],
      name: 'shared_reads_run',
    }).onDelete('cascade'),
    index('shared_reads_organisation_read').on(t.organisationId, t.readAt),
  ],
)

/** A product of a run over products that was written, or about which there is something to say. */
export const productResults = pgTable(
  'product_results',
  {
    organisationId: organisation(),
    runId: uuid('run_id').notNull(),
    sku: text('sku').notNull(),
    name: text('name').notNull(),
    status: text('status').notNull().$type<Status>(),
    what: text('what', { enum: ['created', 'updated', 'failed', 'noted'] }).notNull(),
    catalogItemId: integer('catalog_item_id'),
    before: jsonb('before').$type<Amounts>(),
    after: jsonb('after').$type<Amounts>(),
    /** Exact message where there is one (D4, D6-D8), and what to do. */
    message: text('message'),
    remedy: text('remedy'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.runId, t.sku] }),
    foreignKey({
      columns: [t.organisationId, t.runId],
      foreignColumns: [runs.organisationId, runs.id],
      name: 'product_results_run',
    }).onDelete('cascade'),
  ],
)

/** The last preview of a program's products: what was read of ConnectWise for it need not be read for every page of it. */
export const productPreviews = pgTable(
  'product_previews',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    id: uuid('id').notNull().defaultRandom(),
    readAt: moment('read_at').notNull().defaultNow(),
    plan: jsonb('plan').notNull().$type<ProductPlan>(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program] })],
)
