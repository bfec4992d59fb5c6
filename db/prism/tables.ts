/** What PRISM said: programs, tenants, subscriptions, prices, invoices and whose their lines are. */
import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import type { CatalogDefaults, FirstSync } from '#lib/billing/types.ts'
import { moment, money, organisation, quantity } from '../columns.ts'
import type { Guards } from '../values.ts'

export const programs = pgTable(
  'programs',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    enabled: boolean('enabled').notNull(),
    productMode: text('product_mode', { enum: ['all', 'in-use'] }).notNull(),
    syncAzure: boolean('sync_azure').notNull(),
    annualTermsMonthly: boolean('annual_terms_monthly').notNull(),
    emails: jsonb('emails').notNull().$type<readonly string[]>(),
    contractAgreementId: text('contract_agreement_id'),
    defaults: jsonb('defaults').notNull().$type<CatalogDefaults>(),
    /**
     * How a customer begins whose first month ConnectWise has invoiced already (docs/billing-rules.md,
     * "First sync").
     */
    firstSync: text('first_sync').notNull().default('next').$type<FirstSync>(),
    guards: jsonb('guards').notNull().$type<Guards>(),
    /** When `detect` last looked, whatever it found (G2: "last checked"). */
    lastCheckedAt: moment('last_checked_at'),
    lastCheckError: text('last_check_error'),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program] })],
)

/** A tenant once seen stays stored; `current` says whether PRISM still lists it. */
export const prismTenants = pgTable(
  'prism_tenants',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    domain: text('domain').notNull(),
    customerId: text('customer_id').notNull().default(''),
    status: text('status').notNull(),
    current: boolean('current').notNull(),
    seenAt: moment('seen_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.program, t.id] }),
    index('prism_tenants_organisation_domain').on(t.organisationId, t.program, sql`lower(${t.domain})`),
    index('prism_tenants_organisation_name').on(t.organisationId, t.program, sql`lower(${t.name})`),
  ],
)

/**
 * Every name and domain that PRISM or an invoice ever gave a tenant, in lower case (docs/billing-rules.md,
 * "Whose line").
 */
export const tenantAliases = pgTable(
  'tenant_aliases',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    kind: text('kind', { enum: ['domain', 'name'] }).notNull(),
    value: text('value').notNull(),
    tenantId: text('tenant_id').notNull(),
    seenAt: moment('seen_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      columns: [t.organisationId, t.program, t.kind, t.value, t.tenantId],
      name: 'tenant_aliases_pk',
    }),
  ],
)

/** Every tenant under which PRISM ever listed a subscription (docs/billing-rules.md, "Whose line"). */
export const subscriptionTenants = pgTable(
  'subscription_tenants',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    /** In lower case. */
    subscriptionId: text('subscription_id').notNull().$type<SubscriptionKey>(),
    tenantId: text('tenant_id').notNull(),
    seenAt: moment('seen_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      columns: [t.organisationId, t.program, t.subscriptionId, t.tenantId],
      name: 'subscription_tenants_pk',
    }),
  ],
)

/**
 * A person's word on whose a subscription's lines are that nothing else tells (docs/billing-rules.md,
 * "Whose line").
 */
export const lineOwners = pgTable(
  'line_owners',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    /** In lower case. */
    subscriptionId: text('subscription_id').notNull().$type<SubscriptionKey>(),
    /** `null`: nobody's. */
    tenantId: text('tenant_id'),
    decidedBy: text('decided_by').notNull(),
    decidedAt: moment('decided_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program, t.subscriptionId], name: 'line_owners_pk' })],
)

export const prismSubscriptions = pgTable(
  'prism_subscriptions',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    id: text('id').notNull().$type<SubscriptionKey>(),
    tenantId: text('tenant_id').notNull(),
    productId: text('product_id').notNull(),
    productName: text('product_name').notNull(),
    displayTemplate: text('display_template').notNull(),
    /** `''` where PRISM gives none. */
    billingCycle: text('billing_cycle').notNull().default(''),
    status: text('status').notNull().default(''),
    /** As PRISM listed it last; `null` where it gave none. */
    listedQuantity: quantity('listed_quantity'),
    current: boolean('current').notNull(),
    seenAt: moment('seen_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.program, t.id] }),
    index('prism_subscriptions_organisation_tenant').on(t.organisationId, t.program, t.tenantId),
  ],
)

/** Every price list entry ever stored, with its last price; `current` says whether the current list has it (D4). */
export const products = pgTable(
  'products',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    productId: text('product_id').notNull(),
    sku: text('sku').notNull(),
    name: text('name').notNull(),
    unitCost: money('unit_cost').notNull(),
    unitPrice: money('unit_price').notNull(),
    current: boolean('current').notNull(),
    seenAt: moment('seen_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program, t.productId, t.sku] })],
)

/** Records of PRISM's lists that the last look set aside, and why; each look replaces those of the lists it read (J16). */
export const prismSetAside = pgTable(
  'prism_set_aside',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    list: text('list', { enum: ['contract-agreements', 'tenants', 'products', 'invoices'] }).notNull(),
    /** Its place among them. */
    at: integer('at').notNull(),
    record: text('record').notNull(),
    reason: text('reason').notNull(),
    seenAt: moment('seen_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program, t.list, t.at] })],
)
