/** Terms that are billed at once (J9): which One-Time agreement carries a customer's, and what people said of their lines. */
import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, primaryKey, text } from 'drizzle-orm/pg-core'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import { lowered, moment, oneOf, ordinal, organisation } from '../columns.ts'
import { table } from '../table.ts'

/**
 * The One-Time agreement of a tenant. It is no row of `mappings`: a version of the product that does not know of these terms would
 * plan a month for it there.
 */
export const oneTimeMappings = table(
  'one_time_mappings',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    tenantId: text('tenant_id').notNull(),
    companyId: integer('company_id').notNull(),
    companyName: text('company_name').notNull().default(''),
    agreementId: integer('agreement_id').notNull(),
    agreementName: text('agreement_name').notNull().default(''),
    syncEnabled: boolean('sync_enabled').notNull(),
    /** When a sync of it last read which annual invoices there are; what was taken up since is due. */
    attemptedAt: moment('attempted_at'),
    /** From when on `detect` syncs its agreement again by itself (docs/applying.md, "Unknown outcomes"). */
    lookAgainAt: moment('look_again_at'),
    /** Since when every sync of it has ended so that it is looked at again. */
    lookingSince: moment('looking_since'),
    mappedBy: text('mapped_by').notNull(),
    mappedAt: moment('mapped_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.program, t.tenantId], name: 'one_time_mappings_pk' }),
    index('one_time_mappings_organisation_agreement').on(t.organisationId, t.program, t.agreementId),
    index('one_time_mappings_organisation_company').on(t.organisationId, t.program, t.companyId),
    index('one_time_mappings_organisation_look_again')
      .on(t.organisationId, t.lookAgainAt)
      .where(sql`look_again_at IS NOT NULL`),
  ],
)

/** What a person said of a line of an annual invoice: that it is billed here with its next addition, or billed otherwise. */
export const lineAnswers = table(
  'line_answers',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    /** The line's identity (`CarriedLine` of lib/billing): PRISM's invoice id, of one that was issued again that of the first. */
    invoiceId: text('invoice_id').notNull(),
    charge: text('charge').notNull(),
    ordinal: ordinal('ordinal').notNull(),
    turn: ordinal('turn').notNull(),
    /** In lower case. */
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    says: oneOf('says', ['carry', 'leave']).notNull(),
    answeredBy: text('answered_by').notNull(),
    answeredAt: moment('answered_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      columns: [t.organisationId, t.program, t.agreementId, t.invoiceId, t.charge, t.ordinal, t.turn],
      name: 'line_answers_pk',
    }),
    check('line_answers_charge', sql`charge <> ''`),
  ],
)
