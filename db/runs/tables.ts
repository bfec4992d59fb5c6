/** What was asked for, and what came of it. */
import { sql } from 'drizzle-orm'
import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { PeriodPlan, Status } from '#lib/billing/types.ts'
import type { ProductPlan } from '#lib/catalog/types.ts'
import { created, moment, organisation, period } from '../columns.ts'
import type { Amounts, AppliedPeriodPlan, ProductRunCounts } from '../values.ts'

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

/** One agreement of a run. `plans` holds each period's plan as it was applied, with the outcome of each change. */
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
    plans: jsonb('plans').notNull().default([]).$type<readonly AppliedPeriodPlan[]>(),
    /** First and last usage period of `plans`, which are too long to be read for all items of a run. */
    firstPeriod: period('first_period'),
    lastPeriod: period('last_period'),
    /** The plan that is being applied: what it warned of outlives the process, which may die half-way. */
    begun: jsonb('begun').$type<PeriodPlan>(),
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
