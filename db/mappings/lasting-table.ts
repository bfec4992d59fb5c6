import { sql } from 'drizzle-orm'
import { check, index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import { lastingCauseSchema } from '#lib/billing/lasting-points.ts'
import { count, day, lowered, moment, money, oneOf, organisation, period } from '../columns.ts'
import { table } from '../table.ts'

/** What of an agreement stays until it is mended or muted (J3): an index of what its syncs found; never read to decide. */
export const lastingPoints = table(
  'lasting_points',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    ordinal: count('ordinal').notNull(),
    cause: oneOf('cause', lastingCauseSchema.options).notNull(),
    tenantId: text('tenant_id').notNull(),
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    product: text('product').notNull(),
    /** The last month that has it. */
    period: period('period').notNull(),
    amount: money('amount').notNull(),
    message: text('message').notNull(),
    detail: text('detail').notNull(),
    remedy: text('remedy').notNull(),
    /** PRISM's unit price at which it can be billed instead, and from when on. */
    offerPrice: money('offer_price'),
    offerFrom: day('offer_from'),
    /** When a sync found it first. */
    since: moment('since').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      name: 'lasting_points_pk',
      columns: [t.organisationId, t.program, t.agreementId, t.ordinal],
    }),
    index('lasting_points_cause').on(t.organisationId, t.program, t.cause),
    index('lasting_points_tenant').on(t.organisationId, t.program, t.tenantId, t.cause),
  ],
)

/** What people muted: of a customer and a cause, for a time, with why (J3). One that ended stays, for who asks later. */
export const mutes = table(
  'mutes',
  {
    organisationId: organisation(),
    id: uuid('id').notNull().defaultRandom(),
    program: text('program').notNull(),
    tenantId: text('tenant_id').notNull(),
    cause: oneOf('cause', lastingCauseSchema.options).notNull(),
    /** What it was about when it was muted: while it is about another amount it is not muted. */
    amount: money('amount').notNull(),
    reason: text('reason').notNull(),
    /** The last day, in the organisation's time zone. */
    until: day('until').notNull(),
    /** It ends with an invoice of a later usage month, too. */
    untilInvoiceAfter: period('until_invoice_after'),
    mutedBy: text('muted_by').notNull(),
    mutedAt: moment('muted_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
    endedAs: oneOf('ended_as', ['unmuted', 'replaced', 'cleared', 'expired', 'returned']),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.id] }),
    check('mutes_ended', sql`(ended_at IS NULL) = (ended_as IS NULL)`),
    uniqueIndex('mutes_open')
      .on(t.organisationId, t.program, t.tenantId, t.cause)
      .where(sql`ended_at IS NULL`),
  ],
)

/** PRISM's unit price to which a person said yes, of a subscription on an agreement (J3): its next good sync replaces others by it. */
export const agreedPrices = table(
  'agreed_prices',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    tenantId: text('tenant_id').notNull(),
    unitPrice: money('unit_price').notNull(),
    /** The day from which on it was said to be billed: where that has moved, nobody has said yes. */
    startsOn: day('starts_on').notNull(),
    agreedBy: text('agreed_by').notNull(),
    agreedAt: moment('agreed_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      name: 'agreed_prices_pk',
      columns: [t.organisationId, t.program, t.agreementId, t.subscriptionId],
    }),
  ],
)
