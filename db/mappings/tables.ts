/** What goes where: mappings and former ones, where customers begin, what people answered, how far each subscription is. */
import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import { boolean, check, index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { guardVerdictSchema } from '#lib/billing/guard.ts'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import { firstSyncSchema } from '#lib/billing/types.ts'
import { created, day, json, lowered, moment, oneOf, organisation, period, periodOr } from '../columns.ts'
import { searchedText } from '../sought.ts'
import { table } from '../table.ts'
import { outlookSchema } from '../values.ts'

/** What the search box compares: the agreement, and its company (J15). */
export const searchedMapping = (t: Record<'agreementName' | 'companyName', AnyColumn>): SQL =>
  searchedText(t.agreementName, t.companyName)

export const mappings = table(
  'mappings',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    tenantId: text('tenant_id').notNull(),
    /** Annual terms will be mapped by themselves (J9). */
    motion: oneOf('motion', ['monthly']).notNull().default('monthly'),
    companyId: integer('company_id').notNull(),
    companyName: text('company_name').notNull().default(''),
    agreementId: integer('agreement_id').notNull(),
    agreementName: text('agreement_name').notNull().default(''),
    syncEnabled: boolean('sync_enabled').notNull(),
    /** The first usage period this tenant syncs; `null`: the latest ready one when it first syncs (E6). */
    firstPeriod: period('first_period'),
    /**
     * How a person chose that it begins; `null`: nobody chose, so the program's default holds
     * (docs/billing-rules.md, "First sync").
     */
    begin: oneOf('begin', firstSyncSchema.options),
    /** The last invoice a sync of this tenant took up, whatever came of it. */
    attemptedInvoiceId: text('attempted_invoice_id'),
    /** When that sync read which invoices there are; what became usable since is due. */
    attemptedAt: moment('attempted_at'),
    /**
     * From when on `detect` syncs its agreement again by itself: a write ended unknown, or a system was out
     * of reach (docs/applying.md, "Unknown outcomes").
     */
    lookAgainAt: moment('look_again_at'),
    /** Since when every sync of it has ended so that it is looked at again. */
    lookingSince: moment('looking_since'),
    /** With which others it was accepted as it was suggested, while it goes there (J7). */
    acceptedIn: uuid('accepted_in'),
    /** As the last look read its agreement (F13); `null`: it can carry the next month, or that was not read. */
    outlook: json('outlook', outlookSchema),
    createdAt: created(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.program, t.tenantId, t.motion] }),
    index('mappings_organisation_agreement').on(t.organisationId, t.program, t.agreementId),
    index('mappings_organisation_outlook')
      .on(t.organisationId, t.program, t.agreementId)
      .where(sql`outlook IS NOT NULL`),
    index('mappings_organisation_company').on(t.organisationId, t.program, t.companyId),
    index('mappings_searched')
      .using('gin', t.organisationId, t.program, sql`(${searchedMapping(t)}) gin_trgm_ops`)
      .with({ fastupdate: false }),
    index('mappings_organisation_look_again')
      .on(t.organisationId, t.lookAgainAt)
      .where(sql`look_again_at IS NOT NULL`),
  ],
)

/** Tenants of which a person said that they are never mapped (J7). A mapping made later takes that back. */
export const neverMapped = table(
  'never_mapped',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    tenantId: text('tenant_id').notNull(),
    reason: text('reason').notNull(),
    saidBy: text('said_by').notNull(),
    saidAt: moment('said_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program, t.tenantId], name: 'never_mapped_pk' })],
)

/**
 * Agreements that a tenant was mapped to before (docs/billing-rules.md, "Moving and clearing"): what of it
 * goes on billing there, and until when it is planned there.
 */
export const formerMappings = table(
  'former_mappings',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    tenantId: text('tenant_id').notNull(),
    motion: oneOf('motion', ['monthly']).notNull().default('monthly'),
    agreementId: integer('agreement_id').notNull(),
    agreementName: text('agreement_name').notNull().default(''),
    companyId: integer('company_id').notNull(),
    companyName: text('company_name').notNull().default(''),
    /** The first usage month that it was planned for there; `null`: any. */
    firstPeriod: period('first_period'),
    /** The last usage month that is planned for it there; `null`: its additions are left as they are, as a person said. */
    lastPeriod: period('last_period'),
    /** Once nothing of it is left to write there. */
    doneAt: moment('done_at'),
    /** The last invoice that a sync of it there took up, and from when on to look again by itself, as of a mapping. */
    attemptedInvoiceId: text('attempted_invoice_id'),
    lookAgainAt: moment('look_again_at'),
    lookingSince: moment('looking_since'),
    leftBy: text('left_by').notNull(),
    leftAt: moment('left_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      columns: [t.organisationId, t.program, t.tenantId, t.motion, t.agreementId],
      name: 'former_mappings_pk',
    }),
    index('former_mappings_organisation_agreement').on(t.organisationId, t.program, t.agreementId),
    index('former_mappings_organisation_look_again')
      .on(t.organisationId, t.lookAgainAt)
      .where(sql`look_again_at IS NOT NULL`),
  ],
)

/**
 * Where a subscription begins on an agreement, decided at its first sync: nothing before it is ever planned
 * (docs/billing-rules.md, "First sync").
 */
export const subscriptionStarts = table(
  'subscription_starts',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    /** In lower case. */
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    /** Its first usage month; `elsewhere`: it is billed in another way; else how it begins with the next month that is planned. */
    starts: periodOr('starts', firstSyncSchema.options).notNull(),
    decidedAt: moment('decided_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      columns: [t.organisationId, t.program, t.agreementId, t.subscriptionId],
      name: 'subscription_starts_pk',
    }),
  ],
)

/** What a person said of an addition (F5; docs/billing-rules.md, "Each addition"); it outlives mappings. */
export const additionAnswers = table(
  'addition_answers',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    additionId: integer('addition_id').notNull(),
    answer: oneOf('answer', ['subscription', 'nobody', 'stays', 'ends']).notNull(),
    /** Whose it is, in lower case; `null` for other answers. */
    subscriptionId: lowered('subscription_id').$type<SubscriptionKey>(),
    /** Its last day; `null` for other answers. */
    endsOn: day('ends_on'),
    answeredBy: text('answered_by').notNull(),
    answeredAt: moment('answered_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      columns: [t.organisationId, t.program, t.agreementId, t.additionId],
      name: 'addition_answers_pk',
    }),
    check('addition_answers_subscription', sql`(answer = 'subscription') = (subscription_id IS NOT NULL)`),
    check('addition_answers_end', sql`(answer = 'ends') = (ends_on IS NOT NULL)`),
  ],
)

/**
 * A person's yes to a plan that waited (docs/billing-rules.md, "Waits"), bound to the invoice that it was
 * said to.
 */
export const confirmations = table(
  'confirmations',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    /** In lower case. */
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    period: period('period').notNull(),
    question: oneOf('question', ['late', 'guard']).notNull(),
    invoiceId: text('invoice_id').notNull(),
    confirmedBy: text('confirmed_by').notNull(),
    confirmedAt: moment('confirmed_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      columns: [t.organisationId, t.program, t.agreementId, t.subscriptionId, t.period, t.question],
      name: 'confirmations_pk',
    }),
  ],
)

/** What the guards found in an invoice, judged once when it became ready (F18). */
export const guardVerdicts = table(
  'guard_verdicts',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    invoiceId: text('invoice_id').notNull(),
    verdict: json('verdict', guardVerdictSchema).notNull(),
    judgedAt: moment('judged_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program, t.invoiceId], name: 'guard_verdicts_pk' })],
)

/**
 * Months of each subscription (F12; docs/applying.md, "What is due"): `good` for the lines that it had then,
 * or `skipped` by a person and never planned until that is taken back.
 */
export const periodStates = table(
  'period_states',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    /** In lower case. */
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    period: period('period').notNull(),
    tenantId: text('tenant_id').notNull(),
    agreementId: integer('agreement_id').notNull(),
    invoiceId: text('invoice_id').notNull(),
    /** Of the subscription's lines on that invoice, `''` where it had none; `null`: not known, whatever they were. */
    linesHash: text('lines_hash'),
    /** `parked`: it was undone, and is not planned until somebody releases it (J2). */
    state: oneOf('state', ['good', 'skipped', 'parked']).notNull(),
    /** Who skipped or undid it. */
    by: text('by'),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.program, t.subscriptionId, t.period] }),
    check('period_states_by', sql`(state <> 'good') = (by IS NOT NULL)`),
    index('period_states_organisation_tenant').on(t.organisationId, t.program, t.tenantId),
    index('period_states_organisation_unbilled')
      .on(t.organisationId, t.program, t.agreementId)
      .where(sql`state <> 'good'`),
  ],
)

/**
 * While an agreement did not bill as the plan assumes: what ConnectWise invoiced of it then is not known
 * (docs/billing-rules.md, "Fit for P").
 */
export const unfitSpans = table(
  'unfit_spans',
  {
    organisationId: organisation(),
    agreementId: integer('agreement_id').notNull(),
    unfitSince: moment('unfit_since').notNull().defaultNow(),
    /** The first day not invoiced at the first unfit reading; `null`: not known. */
    from: day('from_day'),
    /** `null`: it is still unfit. */
    fitAgainAt: moment('fit_again_at'),
    /** The first day not invoiced at the next fit reading; `null`: not known, or still unfit. */
    until: day('until_day'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.agreementId, t.unfitSince], name: 'unfit_spans_pk' }),
    uniqueIndex('unfit_spans_one_open').on(t.organisationId, t.agreementId).where(sql`fit_again_at IS NULL`),
  ],
)
