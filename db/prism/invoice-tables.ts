/** What PRISM invoiced: its invoices, their lines, and lines that are contested or cannot be read. */
import { sql } from 'drizzle-orm'
import { boolean, check, foreignKey, index, primaryKey, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import {
  count,
  day,
  lowered,
  moment,
  money,
  oneOf,
  ordinal,
  organisation,
  period,
  quantity,
} from '../columns.ts'
import { table } from '../table.ts'

/**
 * An invoice, or another content of it. `id` is PRISM's invoice id, with `-2`, `-3`… where PRISM gave the same id other
 * content. At most one invoice of a period is `ready` (an index says so); a picked re-issue makes the one before `superseded`.
 */
export const invoices = table(
  'invoices',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    id: text('id').notNull(),
    prismInvoiceId: text('prism_invoice_id').notNull(),
    programName: text('program_name').notNull(),
    /**
     * `annual`: all its lines are terms that are billed at once (J9); it is planned by itself, line by line, and there may be several of
     * a month. One that is in use has the state `annual`, never `ready`: a version of the product that does not know of these terms
     * would take it for its month's.
     */
    kind: oneOf('kind', ['monthly', 'annual']).notNull().default('monthly'),
    /** Usage month as PRISM's list gives it. */
    period: period('period').notNull(),
    /** BillingPeriodStart: the day the invoice's month starts; `null` where PRISM gives none. */
    invoicedOn: day('invoiced_on'),
    state: oneOf('state', [
      'loading', // its lines are coming in
      'loaded', // all of it is stored; its month is decided when the others are loaded, too
      'ready',
      'annual',
      'held',
      'refused',
      'unread', // PRISM lists it and does not give its file
      'ignored',
      'excluded',
      'superseded',
    ]).notNull(),
    /** Why it is held, refused, unread or ignored: a closed code and one sentence. */
    reasonCode: oneOf('reason_code', [
      'other-program',
      'other-agreement',
      'unreadable',
      'reissue',
      'candidates',
      'negative-line',
      'out-of-month',
      'no-lines',
      'unplaced-line',
      'not-given',
    ]),
    reason: text('reason'),
    /** Where a refused file could not be read: row (header = 1) and column. */
    row: ordinal('row'),
    column: text('column_name'),
    /** SHA-256 of the very bytes that its lines came from, hexadecimal; `null` where there are none: never read, or refused. */
    contentHash: text('content_hash'),
    lineCount: count('line_count').notNull().default(0),
    totalCost: money('total_cost'),
    totalPrice: money('total_price'),
    /** Whether the file has the billing cycle and term columns (F4). */
    hasCycle: boolean('has_cycle'),
    detectedAt: moment('detected_at').notNull().defaultNow(),
    readyAt: moment('ready_at'),
    contentCheckedAt: moment('content_checked_at'),
    /** Since when PRISM does not give its file, and why; it may have been loaded before. `null`: it gives it. */
    unreadSince: moment('unread_since'),
    unreadReason: text('unread_reason'),
    decidedAt: moment('decided_at'),
    decidedBy: text('decided_by'),
    /** Who took over an annual one although PRISM issued it before these terms were switched on, and when. */
    takenBy: text('taken_by'),
    takenAt: moment('taken_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.program, t.id] }),
    // Nothing but what the lines' foreign key refers to.
    unique('invoices_organisation_id_period').on(t.organisationId, t.program, t.id, t.period),
    index('invoices_organisation_period').on(t.organisationId, t.program, t.period),
    index('invoices_organisation_prism_id').on(t.organisationId, t.program, t.prismInvoiceId),
    check('invoices_annual', sql`kind = 'annual' OR (state <> 'annual' AND taken_at IS NULL)`),
    check('invoices_monthly', sql`kind = 'monthly' OR state <> 'ready'`),
    check('invoices_taken', sql`(taken_by IS NULL) = (taken_at IS NULL)`),
    // Of what PRISM gave under one id, one version is carried.
    uniqueIndex('invoices_one_annual')
      .on(t.organisationId, t.program, t.prismInvoiceId)
      .where(sql`state = 'annual'`),
    uniqueIndex('invoices_one_ready').on(t.organisationId, t.program, t.period).where(sql`state = 'ready'`),
  ],
)

export const invoiceLines = table(
  'invoice_lines',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    invoiceId: text('invoice_id').notNull(),
    /** Row of the file, the header being row 1. */
    row: ordinal('row').notNull(),
    /** The invoice's; it is in the key, so that the table can be cut by month. */
    period: period('period').notNull(),
    /** `null` until the line's tenant is known. */
    tenantId: text('tenant_id'),
    /** In lower case. */
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    customerName: text('customer_name').notNull(),
    primaryDomainName: text('primary_domain_name').notNull(),
    agreementNumber: text('agreement_number').notNull(),
    offerName: text('offer_name').notNull(),
    first: day('first_day').notNull(),
    last: day('last_day').notNull(),
    description: text('description').notNull(),
    quantity: quantity('quantity').notNull(),
    unitCost: money('unit_cost').notNull(),
    unitPrice: money('unit_price').notNull(),
    cost: money('cost').notNull(),
    price: money('price').notNull(),
    billingCycle: text('billing_cycle'),
    termDuration: text('term_duration'),
    termUnit: text('term_unit'),
  },
  (t) => [
    primaryKey({
      columns: [t.organisationId, t.program, t.invoiceId, t.row, t.period],
      name: 'invoice_lines_pk',
    }),
    foreignKey({
      columns: [t.organisationId, t.program, t.invoiceId, t.period],
      foreignColumns: [invoices.organisationId, invoices.program, invoices.id, invoices.period],
      name: 'invoice_lines_invoice',
    }).onDelete('cascade'),
    check('invoice_lines_days', sql`first_day <= last_day`),
    index('invoice_lines_organisation_subscription').on(
      t.organisationId,
      t.program,
      t.subscriptionId,
      t.last,
    ),
    index('invoice_lines_organisation_tenant').on(t.organisationId, t.program, t.invoiceId, t.tenantId),
  ],
)

/**
 * What whose a subscription's lines are is known by, where that is worth saying (docs/billing-rules.md,
 * "Whose line").
 */
export const lineClaims = table(
  'line_claims',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    invoiceId: text('invoice_id').notNull(),
    /** In lower case. */
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    kind: oneOf('kind', [
      'contested', // several tenants have a claim to them, and they have no tenant
      'learned', // the subscription told whose they are; no tenant had their domain before
    ]).notNull(),
    /** Who has a claim, in order. */
    tenantIds: text('tenant_ids').array().notNull(),
    /** The lines' domains, in lower case. */
    domains: text('domains').array().notNull(),
  },
  (t) => [
    primaryKey({
      columns: [t.organisationId, t.program, t.invoiceId, t.subscriptionId],
      name: 'line_claims_pk',
    }),
    foreignKey({
      columns: [t.organisationId, t.program, t.invoiceId],
      foreignColumns: [invoices.organisationId, invoices.program, invoices.id],
      name: 'line_claims_invoice',
    }).onDelete('cascade'),
  ],
)

/** Rows of an invoice file with a missing or unreadable field (docs/billing-rules.md, "Lines"). */
export const invoiceBadLines = table(
  'invoice_bad_lines',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    invoiceId: text('invoice_id').notNull(),
    /** Row of the file, the header being row 1. */
    row: ordinal('row').notNull(),
    /** `null` until the line's tenant is known. */
    tenantId: text('tenant_id'),
    /** In lower case; `''` where the row names none. */
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    customerName: text('customer_name').notNull(),
    primaryDomainName: text('primary_domain_name').notNull(),
    offerName: text('offer_name').notNull(),
    /** `null` where the row as a whole cannot be read. */
    column: text('column_name'),
    reason: text('reason').notNull(),
    /** `null` where they cannot be read either. */
    cost: money('cost'),
    price: money('price'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.program, t.invoiceId, t.row] }),
    foreignKey({
      columns: [t.organisationId, t.program, t.invoiceId],
      foreignColumns: [invoices.organisationId, invoices.program, invoices.id],
      name: 'invoice_bad_lines_invoice',
    }).onDelete('cascade'),
  ],
)
