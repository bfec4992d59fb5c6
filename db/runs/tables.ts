/** What was asked for, and what came of it. */
import { sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { storedRunPointsSchema } from '#lib/billing/run-points.ts'
import { statuses } from '#lib/billing/status.ts'
import { amountsSchema } from '#lib/catalog/types.ts'
import { count, created, day, json, moment, oneOf, ordinal, organisation, period } from '../columns.ts'
import { table } from '../table.ts'
import { productRunCountsSchema } from '../values.ts'

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

export const runs = table(
  'runs',
  {
    organisationId: organisation(),
    id: uuid('id').notNull().defaultRandom(),
    program: text('program').notNull(),
    kind: oneOf('kind', ['customers', 'products']).notNull(),
    trigger: oneOf('trigger', ['schedule', 'hand', 'pod', 'api']).notNull(),
    actor: text('actor').notNull(),
    state: oneOf('state', ['queued', 'running', 'finished']).notNull(),
    status: oneOf('status', statuses),
    /**
     * Of a run that looks again at agreements that ended wrong: `hidden` until one of them is found otherwise. Agreements that
     * are found as they were are taken out of it. `null`: it was asked for.
     */
    looksAgain: oneOf('looks_again', ['hidden', 'shown']),
    /** The run that it takes back (J2); `null`: it syncs. */
    undoes: uuid('undoes'),
    /** Subscriptions of which it sets back what was edited by hand, `''` of none's additions; `null`: it does nothing like that. */
    setsBack: json('sets_back', z.array(z.string())),
    /** Why it was stopped or waits (G2). */
    note: text('note'),
    /** First and last usage period of its items. */
    firstPeriod: period('first_period'),
    lastPeriod: period('last_period'),
    stopRequestedAt: moment('stop_requested_at'),
    stopRequestedBy: text('stop_requested_by'),
    /** Of a run over products: what came of all of them, also of those without a result of their own. */
    counts: json('counts', productRunCountsSchema),
    /** Of a run over products: how far it is (G5). */
    done: count('done').notNull().default(0),
    total: count('total').notNull().default(0),
    doing: text('doing'),
    createdAt: created(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.id] }),
    check('runs_periods', sql`first_period <= last_period`),
    check('runs_finished', sql`state <> 'finished' OR finished_at IS NOT NULL`),
    uniqueIndex('runs_one_of_products')
      .on(t.organisationId, t.program)
      .where(sql`kind = 'products' AND state <> 'finished'`),
    index('runs_organisation_created').on(t.organisationId, t.program, t.createdAt),
    index('runs_organisation_kind').on(t.organisationId, t.program, t.kind, t.createdAt),
    index('runs_organisation_success')
      .on(t.organisationId, t.program, t.kind, t.finishedAt)
      .where(sql`state = 'finished' AND status IN ('No Change', 'Success')`),
    index('runs_organisation_undoes').on(t.organisationId, t.undoes).where(sql`undoes IS NOT NULL`),
    index('runs_organisation_unfinished').on(t.organisationId, t.program).where(sql`state <> 'finished'`),
  ],
)

/** One agreement of a run. What it did is told by its `run_periods` and the ledger; the status is an index of that, for lists. */
export const runItems = table(
  'run_items',
  {
    organisationId: organisation(),
    runId: uuid('run_id').notNull(),
    agreementId: integer('agreement_id').notNull(),
    program: text('program').notNull(),
    agreementName: text('agreement_name').notNull().default(''),
    companyId: integer('company_id').notNull(),
    companyName: text('company_name').notNull().default(''),
    tenantIds: json('tenant_ids', z.array(z.string())).notNull(),
    state: oneOf('state', ['queued', 'running', 'finished']).notNull(),
    status: oneOf('status', statuses),
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
    changesDone: count('changes_done').notNull().default(0),
    changesTotal: count('changes_total').notNull().default(0),
    queuedAt: moment('queued_at').notNull().defaultNow(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
    /**
     * An index of its plans, as the status is: what it found, and the words by which it is found itself, in lower case. `null`: it is
     * not finished, or an earlier version of the product finished it.
     */
    points: json('points', storedRunPointsSchema),
    words: text('words'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.runId, t.agreementId] }),
    foreignKey({
      columns: [t.organisationId, t.runId],
      foreignColumns: [runs.organisationId, runs.id],
      name: 'run_items_run',
    }).onDelete('cascade'),
    check('run_items_periods', sql`first_period <= last_period`),
    check('run_items_finished', sql`state <> 'finished' OR finished_at IS NOT NULL`),
    index('run_items_organisation_agreement').on(t.organisationId, t.program, t.agreementId, t.queuedAt),
    // What ended last is found at once: no list of it is read through first.
    index('run_items_organisation_words')
      .using('gin', t.organisationId, t.words.op('gin_trgm_ops'))
      .with({ fastupdate: false }),
    // Of a word that most have, the newest are read in order.
    index('run_items_organisation_queued').on(
      t.organisationId,
      t.program,
      t.queuedAt,
      t.runId,
      t.agreementId,
    ),
    index('run_items_organisation_without_words')
      .on(t.organisationId, t.program)
      .where(sql`state = 'finished' AND words IS NULL`),
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
export const runPeriods = table(
  'run_periods',
  {
    organisationId: organisation(),
    runId: uuid('run_id').notNull(),
    agreementId: integer('agreement_id').notNull(),
    period: period('period').notNull(),
    /** From 1, in order of the run's rounds for the month. */
    round: ordinal('round').notNull(),
    invoiceId: text('invoice_id').notNull(),
    /**
     * `annual`: it is the plan of an annual invoice (J9). Several of them may be of one month, and their rounds are numbered
     * together: they are told apart by `invoice_id`.
     */
    kind: oneOf('kind', ['month', 'annual']).notNull().default('month'),
    /** `outcome`: an earlier version of the product stored the plan with what became of it. */
    format: oneOf('format', ['plan', 'outcome']).notNull(),
    /** Read by what its `format` says. */
    plan: json('plan', z.unknown()).notNull(),
    /** Ids of all additions that the plan was made from: an equal addition among them is none of its creations. */
    knownAdditionIds: json('known_addition_ids', z.array(z.number().int())).notNull(),
    /** The last day that ConnectWise had invoiced then; `null`: none, or an earlier version of the product stored it. */
    invoicedThrough: day('invoiced_through'),
    /** `null`: it is under way, or its process died. */
    end: oneOf('end', roundEnds),
    storedAt: moment('stored_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
    /** When its plan went to `packed_plans`, from where it is read back; `null` in JSON is in its place. */
    packedAt: moment('packed_at'),
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
    check('run_periods_end', sql`("end" IS NULL) = (ended_at IS NULL)`),
    index('run_periods_organisation_unpacked')
      .on(t.organisationId, t.period, t.agreementId)
      .where(sql`packed_at IS NULL`),
  ],
)

/** What was read of ConnectWise for all agreements of a run; of use for a short while only. */
export const sharedReads = table(
  'shared_reads',
  {
    organisationId: organisation(),
    runId: uuid('run_id').notNull(),
    /** `run-skus`: that the SKUs of the run's customers have been asked for. */
    kind: oneOf('kind', ['agreement', 'sku', 'item', 'run-skus']).notNull(),
    /** The agreement's or item's id; the SKU in lower case. */
    key: text('key').notNull(),
    /** What it is depends on the kind; another version of the product may have stored it. */
    value: json('value', z.unknown()).notNull(),
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
export const productResults = table(
  'product_results',
  {
    organisationId: organisation(),
    runId: uuid('run_id').notNull(),
    sku: text('sku').notNull(),
    name: text('name').notNull(),
    status: oneOf('status', statuses).notNull(),
    what: oneOf('what', ['created', 'updated', 'failed', 'noted']).notNull(),
    catalogItemId: integer('catalog_item_id'),
    before: json('before', amountsSchema),
    after: json('after', amountsSchema),
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
export const productPreviews = table(
  'product_previews',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    id: uuid('id').notNull().defaultRandom(),
    readAt: moment('read_at').notNull().defaultNow(),
    /** Another version of the product may have stored it: whoever reads it checks that it is understood. */
    plan: json('plan', z.unknown()).notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program] })],
)
