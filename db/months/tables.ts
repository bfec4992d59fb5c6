/** Months as a whole: an index of what each agreement's plans say of them, and what people accepted and closed (J5). */
import { sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { amountSchema, moneySchema } from '#lib/billing/types.ts'
import { count, json, moment, money, organisation, period } from '../columns.ts'
import { table } from '../table.ts'

/** By term, only those that are not 0. */
const termsSchema = z.record(z.string(), amountSchema)

/**
 * What the plans of an agreement's month come to: an index of them, for the month's page and its sums; never read to decide. It
 * is written where a sync ends.
 */
export const monthBills = table(
  'month_bills',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    period: period('period').notNull(),
    agreementId: integer('agreement_id').notNull(),
    /** The sync that planned it last, and its invoice. */
    runId: uuid('run_id').notNull(),
    invoiceId: text('invoice_id').notNull(),
    /** The newest month of the agreement that was planned by then: an older one is planned in part. */
    newest: period('newest').notNull(),
    invoicedCost: money('invoiced_cost').notNull(),
    invoicedPrice: money('invoiced_price').notNull(),
    /** Of that, lines of which it is not known whose they are. */
    takenCost: money('taken_cost').notNull(),
    takenPrice: money('taken_price').notNull(),
    billedCost: money('billed_cost').notNull(),
    billedPrice: money('billed_price').notNull(),
    terms: json('terms', termsSchema).notNull(),
    failing: count('failing').notNull(),
    waiting: count('waiting').notNull(),
    /** Whose lines it has. */
    tenantIds: text('tenant_ids').array().notNull(),
    /** What each plan said of each subscription; another version of the product may have stored it. */
    rows: json('rows', z.unknown()).notNull(),
    checkedAt: moment('checked_at').notNull(),
  },
  (t) => [
    primaryKey({ name: 'month_bills_pk', columns: [t.organisationId, t.program, t.period, t.agreementId] }),
    index('month_bills_agreement').on(t.organisationId, t.program, t.agreementId, t.period),
  ],
)

/** Differences of a month to which a person said yes; one that is another by now is not accepted any more. */
export const monthAcceptances = table(
  'month_acceptances',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    period: period('period').notNull(),
    /** `agreement/12`, `customer/<id>` or `lines/unclaimed`. */
    bill: text('bill').notNull(),
    terms: json('terms', termsSchema).notNull(),
    note: text('note').notNull(),
    acceptedBy: text('accepted_by').notNull(),
    acceptedAt: moment('accepted_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'month_acceptances_pk', columns: [t.organisationId, t.program, t.period, t.bill] }),
  ],
)

/** Months that were closed, with the figures that they were closed with. */
export const monthClosings = table(
  'month_closings',
  {
    organisationId: organisation(),
    id: uuid('id').notNull().defaultRandom(),
    program: text('program').notNull(),
    period: period('period').notNull(),
    invoiceId: text('invoice_id').notNull(),
    totalCost: money('total_cost').notNull(),
    totalPrice: money('total_price').notNull(),
    billedCost: money('billed_cost').notNull(),
    billedPrice: money('billed_price').notNull(),
    terms: json('terms', termsSchema).notNull(),
    closedBy: text('closed_by').notNull(),
    closedAt: moment('closed_at').notNull().defaultNow(),
    reopenedBy: text('reopened_by'),
    reopenedAt: moment('reopened_at'),
    reopenedFor: text('reopened_for'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.id] }),
    check(
      'month_closings_reopened',
      sql`(reopened_at IS NULL) = (reopened_by IS NULL) AND (reopened_at IS NULL) = (reopened_for IS NULL)`,
    ),
    uniqueIndex('month_closings_one_closed')
      .on(t.organisationId, t.program, t.period)
      .where(sql`reopened_at IS NULL`),
    index('month_closings_month').on(t.organisationId, t.program, t.period, t.closedAt),
  ],
)

/** What was invoiced and billed of each customer when a month was closed, with the difference that was accepted. */
export const closedBills = table(
  'closed_bills',
  {
    organisationId: organisation(),
    closingId: uuid('closing_id').notNull(),
    bill: text('bill').notNull(),
    customer: text('customer').notNull(),
    invoicedCost: money('invoiced_cost').notNull(),
    invoicedPrice: money('invoiced_price').notNull(),
    billedCost: money('billed_cost').notNull(),
    billedPrice: money('billed_price').notNull(),
    terms: json('terms', termsSchema).notNull(),
    /** `null`: there was no difference to accept. */
    note: text('note'),
    acceptedBy: text('accepted_by'),
    acceptedAt: moment('accepted_at'),
    /** What ConnectWise had invoiced of it by then, and the reasons of the difference (J6); `null`: it was not compared. */
    secondInvoiced: money('second_invoiced'),
    secondTerms: json('second_terms', z.record(z.string(), moneySchema)),
  },
  (t) => [
    primaryKey({ name: 'closed_bills_pk', columns: [t.organisationId, t.closingId, t.bill] }),
    foreignKey({
      columns: [t.organisationId, t.closingId],
      foreignColumns: [monthClosings.organisationId, monthClosings.id],
      name: 'closed_bills_closing',
    }).onDelete('cascade'),
  ],
)
