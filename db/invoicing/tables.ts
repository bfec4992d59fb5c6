/** What ConnectWise says that it invoiced and is going to invoice, and how that compares with what was planned (J6, J13). */
import { boolean, index, integer, primaryKey, text } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { moneySchema } from '#lib/billing/types.ts'
import { day, json, moment, money, oneOf, organisation, period } from '../columns.ts'
import { table } from '../table.ts'

const itemsSchema = z.array(z.object({ catalogItemId: z.number().int(), price: moneySchema }))

/** Headers of invoices that ConnectWise made of agreements, as they were read last and first; without tax. */
export const ownInvoices = table(
  'own_invoices',
  {
    organisationId: organisation(),
    agreementId: integer('agreement_id').notNull(),
    /** The last month that it is for: told when it was read first, from how far the agreement was invoiced then. */
    period: period('period').notNull(),
    id: integer('id').notNull(),
    number: text('number').notNull(),
    date: day('date'),
    madeAt: moment('made_at'),
    agreementAmount: money('agreement_amount').notNull(),
    productTotal: money('product_total').notNull(),
    subtotal: money('subtotal').notNull(),
    firstProductTotal: money('first_product_total').notNull(),
    firstSubtotal: money('first_subtotal').notNull(),
    /** What it bills of each catalog item; `null`: it shows none, or was not asked. */
    items: json('items', itemsSchema),
    firstReadAt: moment('first_read_at').notNull(),
    readAt: moment('read_at').notNull(),
    /** When ConnectWise was seen to have it no more. */
    goneAt: moment('gone_at'),
  },
  (t) => [
    primaryKey({
      name: 'own_invoices_pk',
      columns: [t.organisationId, t.agreementId, t.period, t.id],
    }),
    index('own_invoices_newest').on(t.organisationId, t.id),
  ],
)

/** What ConnectWise said last of an agreement's next invoice. */
export const ownForecasts = table(
  'own_forecasts',
  {
    organisationId: organisation(),
    agreementId: integer('agreement_id').notNull(),
    /** The first day that is not invoiced. */
    nextInvoiceDate: day('next_invoice_date'),
    nextInvoiceAmount: money('next_invoice_amount'),
    unbilledPeriods: integer('unbilled_periods'),
    lastInvoiceNumber: text('last_invoice_number').notNull(),
    lastInvoiceAmount: money('last_invoice_amount'),
    /** Its parts, where the agreement was asked for by itself. */
    additions: money('additions'),
    own: money('own'),
    children: money('children'),
    readAt: moment('read_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.agreementId] })],
)

/** Which of an agreement's additions plans counted: the others are none of the program's. */
export const countedAdditions = table(
  'counted_additions',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    additionIds: integer('addition_ids').array().notNull(),
  },
  (t) => [
    primaryKey({ name: 'counted_additions_pk', columns: [t.organisationId, t.program, t.agreementId] }),
  ],
)

/** When ConnectWise's invoices and forecasts were listed last, and what came of it. */
export const invoicingReads = table(
  'invoicing_reads',
  {
    organisationId: organisation(),
    readAt: moment('read_at').notNull(),
    /** False: the API member's role may not read invoices. */
    mayRead: boolean('may_read').notNull(),
    /** Why it failed; `null`: it did not. */
    failure: text('failure'),
  },
  (t) => [primaryKey({ columns: [t.organisationId] })],
)

/** A month of an agreement compared with what ConnectWise invoiced: an index of what is stored, never read to decide. */
export const secondProofs = table(
  'second_proofs',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    period: period('period').notNull(),
    agreementId: integer('agreement_id').notNull(),
    state: oneOf('state', ['compared', 'blind', 'missing', 'not-invoiced']).notNull(),
    /** The first synced month, from which on it is cumulated. */
    since: period('since').notNull(),
    invoiced: money('invoiced'),
    billedSoFar: money('billed_so_far').notNull(),
    invoicedSoFar: money('invoiced_so_far').notNull(),
    /** By term, only those that are not 0. */
    terms: json('terms', z.record(z.string(), moneySchema)).notNull(),
    /** Rules that are not settled on the instance, and of which the amounts depend. */
    doubts: text('doubts').array().notNull(),
    /** Of the first month that is not invoiced: what the next invoice is to have, and what ConnectWise says that it has. */
    expectedNext: money('expected_next'),
    forecast: money('forecast'),
    /** Why the forecast cannot be compared; `null`: it can, or is of another month. */
    noForecast: text('no_forecast'),
    provedAt: moment('proved_at').notNull(),
  },
  (t) => [
    primaryKey({
      name: 'second_proofs_pk',
      columns: [t.organisationId, t.program, t.period, t.agreementId],
    }),
    index('second_proofs_agreement').on(t.organisationId, t.program, t.agreementId, t.period),
  ],
)

/** Which of the rules that no source states hold on the organisation's ConnectWise. */
export const instanceRules = table(
  'instance_rules',
  {
    organisationId: organisation(),
    rule: text('rule').notNull(),
    verdict: oneOf('verdict', ['holds', 'fails', 'unknown']).notNull(),
    /** How many invoices or additions tell, and one of them in words. */
    evidence: json(
      'evidence',
      z.object({ holds: z.number(), fails: z.number(), says: z.string() }),
    ).notNull(),
    checkedAt: moment('checked_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.rule] })],
)
