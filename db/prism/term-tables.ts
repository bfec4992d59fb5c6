/** What is known of subscriptions' terms beside PRISM's list and its invoices (J12). */
import { primaryKey, text } from 'drizzle-orm/pg-core'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import { day, lowered, moment, organisation, quantity } from '../columns.ts'
import { table } from '../table.ts'

/** More of a subscription than the look before had found. */
export const addedSeats = table(
  'added_seats',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    seenAt: moment('seen_at').notNull(),
    seats: quantity('seats').notNull(),
    /** The look that found them fewer; `null`: the subscription was not listed before. */
    fewerAt: moment('fewer_at'),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program, t.subscriptionId, t.seenAt] })],
)

/** When a term ends, as a person said. */
export const termEnds = table(
  'term_ends',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    endsOn: day('ends_on').notNull(),
    saidBy: text('said_by').notNull(),
    saidAt: moment('said_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program, t.subscriptionId] })],
)
