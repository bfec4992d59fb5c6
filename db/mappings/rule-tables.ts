import { sql } from 'drizzle-orm'
import { check, index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { SkuKey, SubscriptionKey } from '#lib/billing/keys.ts'
import { ruleTermsSchema } from '#lib/billing/rule-types.ts'
import { json, lowered, moment, organisation, periodOr } from '../columns.ts'
import { table } from '../table.ts'

/** Price rules (J11; docs/billing-rules.md, "Price rules"): at most one for the same customer, product and month. */
export const priceRules = table(
  'price_rules',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    /** Another one each time what it says is changed. */
    id: uuid('id').notNull(),
    /** `''`: of all customers. */
    tenantId: text('tenant_id').notNull(),
    /** As a product's key; `''`: of all products. */
    sku: lowered('sku').notNull().$type<SkuKey>(),
    /** The month from which on it holds, for what runs on, too; `''`: for each new quantity. */
    from: periodOr('from', ['']).notNull(),
    terms: json('terms', ruleTermsSchema).notNull(),
    changedBy: text('changed_by').notNull(),
    changedAt: moment('changed_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.program, t.id], name: 'price_rules_pk' }),
    uniqueIndex('price_rules_of').on(t.organisationId, t.program, t.tenantId, t.sku, t.from),
    check('price_rules_sku_trimmed', sql`sku = btrim(sku)`),
  ],
)

/** Rules with a month that took hold of what a subscription had: it is replaced by them once. */
export const rulesTaken = table(
  'rules_taken',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    ruleId: uuid('rule_id').notNull(),
  },
  (t) => [
    primaryKey({
      name: 'rules_taken_pk',
      columns: [t.organisationId, t.program, t.agreementId, t.subscriptionId, t.ruleId],
    }),
    index('rules_taken_rule').on(t.organisationId, t.program, t.ruleId),
  ],
)
