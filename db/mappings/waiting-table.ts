import { index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import { pointKindSchema } from '#lib/billing/point-kinds.ts'
import {
  askedAdditionSchema,
  askedInvoiceSchema,
  askedLineSchema,
  waitQuestionSchema,
} from '#lib/billing/types.ts'
import { count, day, json, lowered, moment, money, oneOf, organisation, period } from '../columns.ts'
import { table } from '../table.ts'

/**
 * What of an agreement's last sync only a person can settle: an index of its plans, for lists; never read to decide. A row
 * without a kind is of an earlier version of the product, which noted questions alone.
 */
export const waitingSubscriptions = table(
  'waiting_subscriptions',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    /** In the order of the plan's rows. */
    ordinal: count('ordinal').notNull(),
    runId: uuid('run_id').notNull(),
    /** The first month that has it; `null`: the sync came to none. */
    period: period('period'),
    lastPeriod: period('last_period'),
    /** `''`: of no subscription. */
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    /** `''`: the agreement's. */
    tenantId: text('tenant_id').notNull(),
    /** `null`: nothing of it waits for an answer before it is written. */
    question: oneOf('question', waitQuestionSchema.options),
    invoicedPrice: money('invoiced_price').notNull(),
    billedPrice: money('billed_price').notNull(),
    kind: oneOf('kind', pointKindSchema.options),
    /** What one answer, or one thing that is mended, settles. */
    cause: text('cause').notNull().default(''),
    severity: oneOf('severity', ['error', 'warning']),
    product: text('product').notNull().default(''),
    /** What it is about, retail; `null`: not known. */
    amount: money('amount'),
    message: text('message').notNull().default(''),
    detail: text('detail').notNull().default(''),
    remedy: text('remedy').notNull().default(''),
    stillWrong: text('still_wrong').notNull().default(''),
    /** The addition, and the invoice of ConnectWise's, that a person is asked about. */
    additionId: integer('addition_id'),
    through: day('through'),
    asks: json('asks', askedAdditionSchema),
    asksBilled: json('asks_billed', askedInvoiceSchema),
    /** The line of an annual invoice that a person is asked about, with what a yes would write (J9). */
    asksLine: json('asks_line', askedLineSchema),
    /** When a sync found the same first. */
    since: moment('since').notNull().defaultNow(),
    /** When a sync found it last: an answer after that is still to be used. */
    foundAt: moment('found_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      name: 'waiting_subscriptions_pk',
      columns: [t.organisationId, t.program, t.agreementId, t.ordinal],
    }),
    index('waiting_subscriptions_tenant').on(t.organisationId, t.program, t.tenantId),
    index('waiting_subscriptions_cause').on(t.organisationId, t.program, t.cause),
  ],
)
