/** What PRISM said: programs, tenants, subscriptions, prices, invoices and whose their lines are. */

import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import { boolean, check, index, numeric, primaryKey, text } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import { catalogDefaultsSchema, firstSyncSchema } from '#lib/billing/types.ts'
import { count, day, json, lowered, moment, money, oneOf, organisation, quantity } from '../columns.ts'
import { searchedText } from '../sought.ts'
import { table } from '../table.ts'
import { guardsSchema } from '../values.ts'

export const programs = table(
  'programs',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    enabled: boolean('enabled').notNull(),
    productMode: oneOf('product_mode', ['all', 'in-use']).notNull(),
    syncAzure: boolean('sync_azure').notNull(),
    annualTermsMonthly: boolean('annual_terms_monthly').notNull(),
    /** Whether a correction bills the rounding (J10; docs/billing-rules.md, "Exact amounts"). */
    exactAmounts: boolean('exact_amounts').notNull().default(false),
    /** Since when terms that are billed at once are carried: what PRISM issued before is not (J9). `null`: they are not. */
    annualTermsAtOnce: day('annual_terms_at_once'),
    /** Below which margin, per cent of the price, what is billed is named (J11); `null`: the guard is off. */
    marginPercent: numeric('margin_percent'),
    emails: json('emails', z.array(z.string())).notNull(),
    contractAgreementId: text('contract_agreement_id'),
    defaults: json('defaults', catalogDefaultsSchema).notNull(),
    /**
     * How a customer begins whose first month ConnectWise has invoiced already (docs/billing-rules.md,
     * "First sync").
     */
    firstSync: oneOf('first_sync', firstSyncSchema.options).notNull().default('next'),
    guards: json('guards', guardsSchema).notNull(),
    /** When `detect` last looked, whatever it found (G2: "last checked"). */
    lastCheckedAt: moment('last_checked_at'),
    lastCheckError: text('last_check_error'),
    /** The code of that error; `null` where it has none. */
    lastCheckCode: text('last_check_code'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.program] }),
    check('programs_margin', sql`margin_percent >= 0 AND margin_percent < 100`),
  ],
)

/** What the search box compares (J15). */
export const searchedTenant = (t: Record<'name' | 'domain' | 'id', AnyColumn>): SQL =>
  searchedText(t.name, t.domain, t.id)
export const searchedSubscription = (t: Record<'productName' | 'id', AnyColumn>): SQL =>
  searchedText(t.productName, t.id)
export const searchedProduct = (t: Record<'name' | 'sku' | 'productId', AnyColumn>): SQL =>
  searchedText(t.name, t.sku, t.productId)
const trigrams = (searched: SQL): SQL => sql`(${searched}) gin_trgm_ops`

/** A tenant once seen stays stored; `current` says whether PRISM still lists it. */
export const prismTenants = table(
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
    index('prism_tenants_searched')
      .using('gin', t.organisationId, t.program, trigrams(searchedTenant(t)))
      .with({ fastupdate: false }),
  ],
)

/**
 * Every name and domain that PRISM or an invoice ever gave a tenant, in lower case (docs/billing-rules.md,
 * "Whose line").
 */
export const tenantAliases = table(
  'tenant_aliases',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    kind: oneOf('kind', ['domain', 'name']).notNull(),
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
export const subscriptionTenants = table(
  'subscription_tenants',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    /** In lower case. */
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
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
export const lineOwners = table(
  'line_owners',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    /** In lower case. */
    subscriptionId: lowered('subscription_id').notNull().$type<SubscriptionKey>(),
    /** `null`: nobody's. */
    tenantId: text('tenant_id'),
    decidedBy: text('decided_by').notNull(),
    decidedAt: moment('decided_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program, t.subscriptionId], name: 'line_owners_pk' })],
)

export const prismSubscriptions = table(
  'prism_subscriptions',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    /** In lower case. */
    id: lowered('id').notNull().$type<SubscriptionKey>(),
    tenantId: text('tenant_id').notNull(),
    productId: text('product_id').notNull(),
    productName: text('product_name').notNull(),
    displayTemplate: text('display_template').notNull(),
    /** `''` where PRISM gives none. */
    billingCycle: text('billing_cycle').notNull().default(''),
    status: text('status').notNull().default(''),
    /** As PRISM listed it last; `null` where it gave none. */
    listedQuantity: quantity('listed_quantity'),
    /** `null` where PRISM gives none. */
    firstPurchased: day('first_purchased'),
    current: boolean('current').notNull(),
    seenAt: moment('seen_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.program, t.id] }),
    index('prism_subscriptions_organisation_tenant').on(t.organisationId, t.program, t.tenantId),
    index('prism_subscriptions_searched')
      .using('gin', t.organisationId, t.program, trigrams(searchedSubscription(t)))
      .with({ fastupdate: false }),
  ],
)

/** An id or SKU as two spellings of it are compared. */
export const keyOf = (column: AnyColumn): SQL => sql`lower(trim(${column}))`
/** A product's name without what only the price list adds to it. */
export const cutNameOf = (column: AnyColumn): SQL => sql`regexp_replace(${column}, ' \\(NCE Product\\)$', '')`

/** Every price list entry ever stored, with its last price; `current` says whether the current list has it (D4). */
export const products = table(
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
  (t) => [
    primaryKey({ columns: [t.organisationId, t.program, t.productId, t.sku] }),
    // What `productsNamed` compares.
    index('products_organisation_id_key').on(t.organisationId, t.program, keyOf(t.productId)),
    index('products_organisation_sku_key').on(t.organisationId, t.program, keyOf(t.sku)),
    index('products_organisation_cut_name').on(t.organisationId, t.program, cutNameOf(t.name)),
    index('products_searched')
      .using('gin', t.organisationId, t.program, trigrams(searchedProduct(t)))
      .with({ fastupdate: false }),
  ],
)

/** Records of PRISM's lists that the last look set aside, and why; each look replaces those of the lists it read (J16). */
export const prismSetAside = table(
  'prism_set_aside',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    list: oneOf('list', ['contract-agreements', 'tenants', 'products', 'invoices']).notNull(),
    /** Its place among them. */
    at: count('at').notNull(),
    record: text('record').notNull(),
    reason: text('reason').notNull(),
    seenAt: moment('seen_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program, t.list, t.at] })],
)
