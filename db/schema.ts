/**
 * All tables. `organisation_id` leads every primary key, unique key and index, so that the schema shards on Citus as it
 * is; the directory tables are the exception: they find the organisation, or count what is asked before it is known.
 *
 * Money and quantities are `numeric` and read as strings; days are `date` in string mode; periods are text `YYYY-MM`.
 * Subscription ids are stored in lower case (serial numbers match without regard to case, F5).
 */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { GuardVerdict } from '#lib/billing/guard.ts'
import type {
  Addition,
  CatalogDefaults,
  CatalogItem,
  Change,
  Day,
  FirstSync,
  Lot,
  Money,
  Period,
  PeriodPlan,
  Quantity,
  Status,
} from '#lib/billing/types.ts'
import type { ProductPlan } from '#lib/catalog/types.ts'
import type {
  Amounts,
  AppliedPeriodPlan,
  Guards,
  PreflightCheck,
  ProductRunCounts,
  UpdateCatalogItem,
} from './values.ts'

const organisation = () => uuid('organisation_id').notNull()
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const created = () => moment('created_at').notNull().defaultNow()
const day = (name: string) => date(name, { mode: 'string' }).$type<Day>()
const money = (name: string) => numeric(name).$type<Money>()
const quantity = (name: string) => numeric(name).$type<Quantity>()
const period = (name: string) => text(name).$type<Period>()

// ───────────────────────────── the directory ─────────────────────────────

export const organisations = pgTable('organisations', {
  id: uuid('id').primaryKey().defaultRandom(),
  /** What pod addresses carry as `org`; not a secret, not guessable. */
  publicId: text('public_id').notNull().unique(),
  name: text('name').notNull(),
  /** PRISM's id of the partner, so that its next person finds the organisation (B6). */
  prismPartnerId: text('prism_partner_id').unique(),
  /** Whether a verified ConnectWise member may sync from a pod. */
  membersMaySync: boolean('members_may_sync').notNull().default(false),
  createdAt: created(),
})

/** Which organisation a person who signs in belongs to; `identifier` is an e-mail in lower case, or PRISM's subject. */
export const logins = pgTable(
  'logins',
  {
    kind: text('kind', { enum: ['email', 'prism'] }).notNull(),
    identifier: text('identifier').notNull(),
    organisationId: uuid('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    userId: uuid('user_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.identifier, t.organisationId] })],
)

/** A ConnectWise site + company belongs to one organisation. Both in lower case; `site` is host or host:port. */
export const connectionDirectory = pgTable(
  'connection_directory',
  {
    site: text('site').notNull(),
    companyId: text('company_id').notNull(),
    organisationId: uuid('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.site, t.companyId] })],
)

/**
 * Failed sign-ins of a person, or of an e-mail address that is nobody's. `identifier` is a SHA-256 in hexadecimal, so that
 * what people mistype is not kept.
 */
export const signInTries = pgTable(
  'sign_in_tries',
  {
    identifier: text('identifier').primaryKey(),
    failures: integer('failures').notNull(),
    lastFailedAt: moment('last_failed_at').notNull(),
    lockedUntil: moment('locked_until').notNull(),
  },
  (t) => [index('sign_in_tries_last_failed').on(t.lastFailedAt)],
)

/** How much of its allowance a caller's address has used: a leaky bucket, which is empty again at `forgottenAt`. */
export const callerTries = pgTable(
  'caller_tries',
  {
    kind: text('kind', { enum: ['password', 'member'] }).notNull(),
    /** An IPv4 address, an IPv6 network of 64 bits, or a name for all whose address is not known. */
    caller: text('caller').notNull(),
    forgottenAt: moment('forgotten_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.caller] }), index('caller_tries_forgotten').on(t.forgottenAt)],
)

/** Links that make the first organisation and its owner; each is good until there is one. SHA-256, hexadecimal. */
export const firstOwnerLinks = pgTable('first_owner_links', {
  tokenHash: text('token_hash').primaryKey(),
  createdAt: created(),
})

// ───────────────────────────── people ─────────────────────────────

export const users = pgTable(
  'users',
  {
    organisationId: organisation(),
    id: uuid('id').notNull().defaultRandom(),
    email: text('email').notNull(),
    name: text('name').notNull().default(''),
    role: text('role', { enum: ['owner', 'clerk', 'viewer'] }).notNull(),
    /** `null` where the person signs in with PRISM only, or was invited and has not chosen one yet. */
    passwordHash: text('password_hash'),
    createdAt: created(),
    disabledAt: moment('disabled_at'),
    /** Set while a person whom PRISM named waits for an owner's yes (B6). */
    waitingSince: moment('waiting_since'),
    /** A session that was sealed before has ended: signed out everywhere, or the password was changed. */
    sessionsFrom: moment('sessions_from'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.id] }),
    unique('users_organisation_email').on(t.organisationId, t.email),
  ],
)

/** An invitation gives its holder the role; accepted by somebody who is here already, it sets a new password. */
export const invitations = pgTable(
  'invitations',
  {
    organisationId: organisation(),
    id: uuid('id').notNull().defaultRandom(),
    /** In lower case. */
    email: text('email').notNull(),
    role: text('role', { enum: ['owner', 'clerk', 'viewer'] }).notNull(),
    /** SHA-256 of the link's token, hexadecimal. */
    tokenHash: text('token_hash').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: created(),
    expiresAt: moment('expires_at').notNull(),
    acceptedAt: moment('accepted_at'),
    withdrawnAt: moment('withdrawn_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.id] }),
    unique('invitations_organisation_hash').on(t.organisationId, t.tokenHash),
  ],
)

export const apiTokens = pgTable(
  'api_tokens',
  {
    organisationId: organisation(),
    id: uuid('id').notNull().defaultRandom(),
    name: text('name').notNull(),
    /** SHA-256 of the token, hexadecimal; the token itself is shown once. */
    tokenHash: text('token_hash').notNull(),
    role: text('role', { enum: ['owner', 'clerk', 'viewer'] }).notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: created(),
    /** Tokens from before there was one have a year from the migration on. */
    expiresAt: moment('expires_at').notNull().default(sql`now() + interval '365 days'`),
    lastUsedAt: moment('last_used_at'),
    revokedAt: moment('revoked_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.id] }),
    unique('api_tokens_organisation_hash').on(t.organisationId, t.tokenHash),
  ],
)

/** Sessions that were signed out before they ran out; a row is of no use any more once `endsAt` is past. */
export const endedSessions = pgTable(
  'ended_sessions',
  {
    organisationId: organisation(),
    sessionId: uuid('session_id').notNull(),
    /** When the session would have run out by itself. */
    endsAt: moment('ends_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.sessionId] }),
    index('ended_sessions_organisation_ends').on(t.organisationId, t.endsAt),
  ],
)

/** Recent checks of ConnectWise members: answers the same claim for a while, and counts refusals (facts/hosted-api 6). */
export const memberChecks = pgTable(
  'member_checks',
  {
    organisationId: organisation(),
    /** SHA-256 of company, member and hash, hexadecimal; the hash itself is never stored. */
    claimKey: text('claim_key').notNull(),
    memberId: text('member_id').notNull(),
    verified: boolean('verified').notNull(),
    memberName: text('member_name').notNull(),
    checkedAt: moment('checked_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.claimKey] }),
    index('member_checks_organisation_checked').on(t.organisationId, t.checkedAt),
  ],
)

/** `settings` is what may be shown; `sealed` is the secret part, sealed with the key `sealKeyId` (B5). */
export const connections = pgTable(
  'connections',
  {
    organisationId: organisation(),
    kind: text('kind', { enum: ['prism', 'connectwise'] }).notNull(),
    settings: jsonb('settings').notNull().$type<Readonly<Record<string, unknown>>>(),
    sealed: text('sealed').notNull(),
    sealKeyId: text('seal_key_id').notNull(),
    state: text('state', { enum: ['connected', 'failing'] }).notNull(),
    /** When the credentials were entered; a failure that has passed does not change it. */
    connectedAt: moment('connected_at').notNull().defaultNow(),
    /** The first failure of those that go on; `null` while it works. */
    failingSince: moment('failing_since'),
    /** The last test or use; uses within a minute that say the same count as one. */
    lastCheckedAt: moment('last_checked_at'),
    lastError: text('last_error'),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.kind] })],
)

/** What the last preflight of a program found (A1-A6). */
export const preflights = pgTable(
  'preflights',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    checkedAt: moment('checked_at').notNull(),
    checks: jsonb('checks').notNull().$type<readonly PreflightCheck[]>(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program] })],
)

// ───────────────────────────── what PRISM said ─────────────────────────────

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
    /** How a customer begins whose first month ConnectWise has invoiced already (design.md 2a, "First sync"). */
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

/** Every name and domain that PRISM or an invoice ever gave a tenant, in lower case (design.md 2a, "Whose line"). */
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

/** Every tenant under which PRISM ever listed a subscription (design.md 2a, "Whose line"). */
export const subscriptionTenants = pgTable(
  'subscription_tenants',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    /** In lower case. */
    subscriptionId: text('subscription_id').notNull(),
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

/** A person's word on whose a subscription's lines are that nothing else tells (design.md 2a, "Whose line"). */
export const lineOwners = pgTable(
  'line_owners',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    /** In lower case. */
    subscriptionId: text('subscription_id').notNull(),
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
    /** In lower case. */
    id: text('id').notNull(),
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

/**
 * An invoice, or another content of it. `id` is PRISM's invoice id, with `-2`, `-3`… where PRISM gave the same id other
 * content. At most one invoice of a period is `ready` (an index says so); a picked re-issue makes the one before `superseded`.
 */
export const invoices = pgTable(
  'invoices',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    id: text('id').notNull(),
    prismInvoiceId: text('prism_invoice_id').notNull(),
    programName: text('program_name').notNull(),
    /** Usage month as PRISM's list gives it. */
    period: period('period').notNull(),
    /** BillingPeriodStart: the day the invoice's month starts; `null` where PRISM gives none. */
    invoicedOn: day('invoiced_on'),
    state: text('state', {
      enum: [
        'loading', // its lines are coming in
        'loaded', // all of it is stored; its month is decided when the others are loaded, too
        'ready',
        'held',
        'refused',
        'unread', // PRISM lists it and does not give its file
        'ignored',
        'excluded',
        'superseded',
      ],
    }).notNull(),
    /** Why it is held, refused, unread or ignored: a closed code and one sentence. */
    reasonCode: text('reason_code', {
      enum: [
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
      ],
    }),
    reason: text('reason'),
    /** Where a refused file could not be read: row (header = 1) and column. */
    row: integer('row'),
    column: text('column_name'),
    /** SHA-256 of the very bytes that its lines came from, hexadecimal; `null` where there are none: never read, or refused. */
    contentHash: text('content_hash'),
    lineCount: integer('line_count').notNull().default(0),
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
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.program, t.id] }),
    index('invoices_organisation_period').on(t.organisationId, t.program, t.period),
    index('invoices_organisation_prism_id').on(t.organisationId, t.program, t.prismInvoiceId),
    uniqueIndex('invoices_one_ready').on(t.organisationId, t.program, t.period).where(sql`state = 'ready'`),
  ],
)

export const invoiceLines = pgTable(
  'invoice_lines',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    invoiceId: text('invoice_id').notNull(),
    /** Row of the file, the header being row 1. */
    row: integer('row').notNull(),
    /** `null` until the line's tenant is known. */
    tenantId: text('tenant_id'),
    /** In lower case. */
    subscriptionId: text('subscription_id').notNull(),
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
    primaryKey({ columns: [t.organisationId, t.program, t.invoiceId, t.row] }),
    foreignKey({
      columns: [t.organisationId, t.program, t.invoiceId],
      foreignColumns: [invoices.organisationId, invoices.program, invoices.id],
      name: 'invoice_lines_invoice',
    }).onDelete('cascade'),
    index('invoice_lines_organisation_subscription').on(
      t.organisationId,
      t.program,
      t.subscriptionId,
      t.last,
    ),
    index('invoice_lines_organisation_tenant').on(t.organisationId, t.program, t.invoiceId, t.tenantId),
  ],
)

/** What whose a subscription's lines are is known by, where that is worth saying (design.md 2a, "Whose line"). */
export const lineClaims = pgTable(
  'line_claims',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    invoiceId: text('invoice_id').notNull(),
    /** In lower case. */
    subscriptionId: text('subscription_id').notNull(),
    kind: text('kind', {
      enum: [
        'contested', // several tenants have a claim to them, and they have no tenant
        'learned', // the subscription told whose they are; no tenant had their domain before
      ],
    }).notNull(),
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

/** Rows of an invoice file with a missing or unreadable field (design 2, Lines). */
export const invoiceBadLines = pgTable(
  'invoice_bad_lines',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    invoiceId: text('invoice_id').notNull(),
    /** Row of the file, the header being row 1. */
    row: integer('row').notNull(),
    /** `null` until the line's tenant is known. */
    tenantId: text('tenant_id'),
    /** In lower case; `''` where the row names none. */
    subscriptionId: text('subscription_id').notNull(),
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

// ───────────────────────────── what goes where ─────────────────────────────

export const mappings = pgTable(
  'mappings',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    tenantId: text('tenant_id').notNull(),
    /** Annual terms will be mapped by themselves (J9). */
    motion: text('motion', { enum: ['monthly'] })
      .notNull()
      .default('monthly'),
    companyId: integer('company_id').notNull(),
    companyName: text('company_name').notNull().default(''),
    agreementId: integer('agreement_id').notNull(),
    agreementName: text('agreement_name').notNull().default(''),
    syncEnabled: boolean('sync_enabled').notNull(),
    /** The first usage period this tenant syncs; `null`: the latest ready one when it first syncs (E6). */
    firstPeriod: period('first_period'),
    /** How a person chose that it begins; `null`: nobody chose, so the program's default holds (design.md 2a, "First sync"). */
    begin: text('begin').$type<FirstSync>(),
    /** The last invoice a sync of this tenant took up, whatever came of it. */
    attemptedInvoiceId: text('attempted_invoice_id'),
    /** When that sync read which invoices there are; what became usable since is due. */
    attemptedAt: moment('attempted_at'),
    /** From when on `detect` syncs its agreement again by itself: a write ended unknown, or a system was out of reach (design 3). */
    lookAgainAt: moment('look_again_at'),
    createdAt: created(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.program, t.tenantId, t.motion] }),
    index('mappings_organisation_agreement').on(t.organisationId, t.program, t.agreementId),
    index('mappings_organisation_company').on(t.organisationId, t.program, t.companyId),
  ],
)

/**
 * Agreements that a tenant was mapped to before (design.md 2a, "Moving and clearing"): what of it goes on billing there, and
 * until when it is planned there.
 */
export const formerMappings = pgTable(
  'former_mappings',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    tenantId: text('tenant_id').notNull(),
    motion: text('motion', { enum: ['monthly'] })
      .notNull()
      .default('monthly'),
    agreementId: integer('agreement_id').notNull(),
    agreementName: text('agreement_name').notNull().default(''),
    companyId: integer('company_id').notNull(),
    companyName: text('company_name').notNull().default(''),
    /** The first usage month that it was planned for there; `null`: any. */
    firstPeriod: period('first_period'),
    /** The last usage month that is planned for it there; `null`: its additions are left as they are, as a person said. */
    lastPeriod: period('last_period'),
    /** Once nothing of it is left to write there. */
    doneAt: moment('done_at'),
    /** The last invoice that a sync of it there took up, and from when on to look again by itself, as of a mapping. */
    attemptedInvoiceId: text('attempted_invoice_id'),
    lookAgainAt: moment('look_again_at'),
    leftBy: text('left_by').notNull(),
    leftAt: moment('left_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      columns: [t.organisationId, t.program, t.tenantId, t.motion, t.agreementId],
      name: 'former_mappings_pk',
    }),
    index('former_mappings_organisation_agreement').on(t.organisationId, t.program, t.agreementId),
  ],
)

/** Where a subscription begins on an agreement, decided at its first sync: nothing before it is ever planned (design.md 2a, "First sync"). */
export const subscriptionStarts = pgTable(
  'subscription_starts',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    /** In lower case. */
    subscriptionId: text('subscription_id').notNull(),
    /** Its first usage month; `elsewhere`: it is billed in another way; else how it begins with the next month that is planned. */
    starts: text('starts').notNull().$type<Period | FirstSync>(),
    decidedAt: moment('decided_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      columns: [t.organisationId, t.program, t.agreementId, t.subscriptionId],
      name: 'subscription_starts_pk',
    }),
  ],
)

/** What a person said of an addition (F5; design.md 2a, "Each addition"); it outlives mappings. */
export const additionAnswers = pgTable(
  'addition_answers',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    additionId: integer('addition_id').notNull(),
    answer: text('answer', { enum: ['subscription', 'nobody', 'stays', 'ends'] }).notNull(),
    /** Whose it is, in lower case; `null` for other answers. */
    subscriptionId: text('subscription_id'),
    /** Its last day; `null` for other answers. */
    endsOn: day('ends_on'),
    answeredBy: text('answered_by').notNull(),
    answeredAt: moment('answered_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      columns: [t.organisationId, t.program, t.agreementId, t.additionId],
      name: 'addition_answers_pk',
    }),
  ],
)

/** A person's yes to a plan that waited (design.md 2a, "Waits"), bound to the invoice that it was said to. */
export const confirmations = pgTable(
  'confirmations',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    /** In lower case. */
    subscriptionId: text('subscription_id').notNull(),
    period: period('period').notNull(),
    question: text('question', { enum: ['late', 'guard'] }).notNull(),
    invoiceId: text('invoice_id').notNull(),
    confirmedBy: text('confirmed_by').notNull(),
    confirmedAt: moment('confirmed_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({
      columns: [t.organisationId, t.program, t.agreementId, t.subscriptionId, t.period, t.question],
      name: 'confirmations_pk',
    }),
  ],
)

/** What the guards found in an invoice, judged once when it became ready (F18). */
export const guardVerdicts = pgTable(
  'guard_verdicts',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    invoiceId: text('invoice_id').notNull(),
    verdict: jsonb('verdict').notNull().$type<GuardVerdict>(),
    judgedAt: moment('judged_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program, t.invoiceId], name: 'guard_verdicts_pk' })],
)

/** All additions of an agreement as ConnectWise gave them, wherever that differs from the reading before (design.md 2a, "Days billed"). */
export const readings = pgTable(
  'readings',
  {
    organisationId: organisation(),
    agreementId: integer('agreement_id').notNull(),
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    /** When it was first read like this, and when last. */
    firstReadAt: moment('first_read_at').notNull(),
    lastReadAt: moment('last_read_at').notNull(),
    /** As the agreement had it then: how far ConnectWise has invoiced it. */
    nextInvoiceDate: day('next_invoice_date'),
    additions: jsonb('additions').notNull().$type<readonly Addition[]>(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.agreementId, t.id] })],
)

/**
 * Months of each subscription (F12; design.md 2a): `good` for the lines that it had then, or `skipped` by a person and never planned
 * until that is taken back.
 */
export const periodStates = pgTable(
  'period_states',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    /** In lower case. */
    subscriptionId: text('subscription_id').notNull(),
    period: period('period').notNull(),
    tenantId: text('tenant_id').notNull(),
    agreementId: integer('agreement_id').notNull(),
    invoiceId: text('invoice_id').notNull(),
    /** Of the subscription's lines on that invoice, `''` where it had none; `null`: not known, whatever they were. */
    linesHash: text('lines_hash'),
    state: text('state', { enum: ['good', 'skipped'] }).notNull(),
    /** Who skipped it. */
    by: text('by'),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.program, t.subscriptionId, t.period] }),
    index('period_states_organisation_tenant').on(t.organisationId, t.program, t.tenantId),
  ],
)

/**
 * While an agreement did not bill as the plan assumes: what ConnectWise invoiced of it then is not known (design.md 2a, "Fit
 * for P").
 */
export const unfitSpans = pgTable(
  'unfit_spans',
  {
    organisationId: organisation(),
    agreementId: integer('agreement_id').notNull(),
    unfitSince: moment('unfit_since').notNull().defaultNow(),
    /** The first day not invoiced at the first unfit reading; `null`: not known. */
    from: day('from_day'),
    /** `null`: it is still unfit. */
    fitAgainAt: moment('fit_again_at'),
    /** The first day not invoiced at the next fit reading; `null`: not known, or still unfit. */
    until: day('until_day'),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.agreementId, t.unfitSince], name: 'unfit_spans_pk' })],
)

// ───────────────────────────── runs and the ledger ─────────────────────────────

export const runs = pgTable(
  'runs',
  {
    organisationId: organisation(),
    id: uuid('id').notNull().defaultRandom(),
    program: text('program').notNull(),
    kind: text('kind', { enum: ['customers', 'products'] }).notNull(),
    trigger: text('trigger', { enum: ['schedule', 'hand', 'pod', 'api'] }).notNull(),
    actor: text('actor').notNull(),
    state: text('state', { enum: ['queued', 'running', 'finished'] }).notNull(),
    status: text('status').$type<Status>(),
    /** Why it was stopped or waits (G2). */
    note: text('note'),
    /** First and last usage period of its items. */
    firstPeriod: period('first_period'),
    lastPeriod: period('last_period'),
    stopRequestedAt: moment('stop_requested_at'),
    stopRequestedBy: text('stop_requested_by'),
    /** Of a run over products: what came of all of them, also of those without a result of their own. */
    counts: jsonb('counts').$type<ProductRunCounts>(),
    /** Of a run over products: how far it is (G5). */
    done: integer('done').notNull().default(0),
    total: integer('total').notNull().default(0),
    doing: text('doing'),
    createdAt: created(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.id] }),
    index('runs_organisation_created').on(t.organisationId, t.program, t.createdAt),
  ],
)

/** One agreement of a run. `plans` holds each period's plan as it was applied, with the outcome of each change. */
export const runItems = pgTable(
  'run_items',
  {
    organisationId: organisation(),
    runId: uuid('run_id').notNull(),
    agreementId: integer('agreement_id').notNull(),
    program: text('program').notNull(),
    agreementName: text('agreement_name').notNull().default(''),
    companyId: integer('company_id').notNull(),
    companyName: text('company_name').notNull().default(''),
    tenantIds: jsonb('tenant_ids').notNull().$type<readonly string[]>(),
    state: text('state', { enum: ['queued', 'running', 'finished'] }).notNull(),
    status: text('status').$type<Status>(),
    plans: jsonb('plans').notNull().default([]).$type<readonly AppliedPeriodPlan[]>(),
    /** First and last usage period of `plans`, which are too long to be read for all items of a run. */
    firstPeriod: period('first_period'),
    lastPeriod: period('last_period'),
    /** The plan that is being applied: what it warned of outlives the process, which may die half-way. */
    begun: jsonb('begun').$type<PeriodPlan>(),
    /** An error of the agreement as a whole: exact message, what to do, and the log's reference (F10). */
    message: text('message'),
    detail: text('detail'),
    remedy: text('remedy'),
    reference: text('reference'),
    /** What it is doing, for progress (G5), and how many of the writes planned so far are behind it. */
    doing: text('doing'),
    changesDone: integer('changes_done').notNull().default(0),
    changesTotal: integer('changes_total').notNull().default(0),
    queuedAt: moment('queued_at').notNull().defaultNow(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.runId, t.agreementId] }),
    foreignKey({
      columns: [t.organisationId, t.runId],
      foreignColumns: [runs.organisationId, runs.id],
      name: 'run_items_run',
    }).onDelete('cascade'),
    index('run_items_organisation_agreement').on(t.organisationId, t.program, t.agreementId, t.queuedAt),
    // Each item that ends asks whether it was the last; each look asks which agreements are busy.
    index('run_items_organisation_unfinished')
      .on(t.organisationId, t.runId, t.agreementId)
      .where(sql`state <> 'finished'`),
  ],
)

/**
 * The ledger. A row is the intent of one write, stored before the request, and its outcome after it. `keep` rows are
 * adoptions that need no write. What we own of ConnectWise's additions is read from here.
 */
export const changes = pgTable(
  'changes',
  {
    organisationId: organisation(),
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    runId: uuid('run_id').notNull(),
    period: period('period').notNull(),
    invoiceId: text('invoice_id').notNull(),
    /** In lower case; empty for Azure and catalog items. */
    subscriptionId: text('subscription_id').notNull(),
    leaseToken: uuid('lease_token').notNull(),
    kind: text('kind', {
      enum: ['create', 'end', 'update', 'delete', 'createCatalogItem', 'updateCatalogItem', 'keep'],
    }).notNull(),
    intent: jsonb('intent').notNull().$type<Change | UpdateCatalogItem>(),
    /** Ids of all additions the plan was made from: an equal addition among them is not this change's. */
    knownAdditionIds: jsonb('known_addition_ids').notNull().$type<readonly number[]>(),
    outcome: text('outcome', { enum: ['pending', 'done', 'refused', 'unknown', 'lost'] }).notNull(),
    additionId: integer('addition_id'),
    /** The addition as ConnectWise held it before and after; `null` where there was none. */
    before: jsonb('before').$type<Addition>(),
    after: jsonb('after').$type<Addition>(),
    catalogItem: jsonb('catalog_item').$type<CatalogItem>(),
    lots: jsonb('lots').$type<readonly Lot[]>(),
    /** Exact message where it was refused (F8). */
    message: text('message'),
    /** The job that sent it, by the name that its log carries: that of the request it goes back to, and a part of its own. */
    requestId: text('request_id'),
    createdAt: created(),
    settledAt: moment('settled_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.id] }),
    index('changes_organisation_agreement').on(t.organisationId, t.program, t.agreementId, t.id),
    index('changes_organisation_run').on(t.organisationId, t.runId, t.agreementId, t.period, t.id),
    index('changes_organisation_created_sku')
      .on(t.organisationId, t.program, sql`lower(trim(${t.intent}->>'sku'))`, t.id)
      .where(sql`kind = 'createCatalogItem'`),
    // Whoever watches the deployment asks for the last day's writes, and which are open, every few seconds.
    index('changes_organisation_created')
      .on(t.organisationId, t.createdAt, t.outcome)
      .where(sql`kind <> 'keep'`),
    index('changes_organisation_open')
      .on(t.organisationId, t.program, t.agreementId)
      .where(sql`outcome IN ('pending', 'unknown')`),
  ],
)

/** A product of a run over products that was written, or about which there is something to say. */
export const productResults = pgTable(
  'product_results',
  {
    organisationId: organisation(),
    runId: uuid('run_id').notNull(),
    sku: text('sku').notNull(),
    name: text('name').notNull(),
    status: text('status').notNull().$type<Status>(),
    what: text('what', { enum: ['created', 'updated', 'failed', 'noted'] }).notNull(),
    catalogItemId: integer('catalog_item_id'),
    before: jsonb('before').$type<Amounts>(),
    after: jsonb('after').$type<Amounts>(),
    /** Exact message where there is one (D4, D6-D8), and what to do. */
    message: text('message'),
    remedy: text('remedy'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.runId, t.sku] }),
    foreignKey({
      columns: [t.organisationId, t.runId],
      foreignColumns: [runs.organisationId, runs.id],
      name: 'product_results_run',
    }).onDelete('cascade'),
  ],
)

/** The last preview of a program's products: what was read of ConnectWise for it need not be read for every page of it. */
export const productPreviews = pgTable(
  'product_previews',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    id: uuid('id').notNull().defaultRandom(),
    readAt: moment('read_at').notNull().defaultNow(),
    plan: jsonb('plan').notNull().$type<ProductPlan>(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program] })],
)

/** Who may write to a resource, for example `microsoft-csp/agreement/42`. */
export const leases = pgTable(
  'leases',
  {
    organisationId: organisation(),
    resource: text('resource').notNull(),
    token: uuid('token').notNull(),
    holder: text('holder').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.resource] })],
)

/** Token bucket of a connection: `full_at` is when the bucket will be full again. */
export const pacing = pgTable(
  'pacing',
  {
    organisationId: organisation(),
    connection: text('connection', { enum: ['prism', 'connectwise'] }).notNull(),
    fullAt: moment('full_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.connection] })],
)

/** How often the other side of a connection said that it was asked too much (429), an hour a row; old hours are removed. */
export const throttledHours = pgTable(
  'throttled_hours',
  {
    organisationId: organisation(),
    connection: text('connection', { enum: ['prism', 'connectwise'] }).notNull(),
    /** When the hour began. */
    hour: moment('hour').notNull(),
    answers: integer('answers').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.connection, t.hour] })],
)

export const auditEvents = pgTable(
  'audit_events',
  {
    organisationId: organisation(),
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    at: moment('at').notNull().defaultNow(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    detail: jsonb('detail').notNull().default({}).$type<Readonly<Record<string, unknown>>>(),
    /** The request or job that did it, by the name that its log carries. */
    requestId: text('request_id'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.id] }),
    index('audit_events_organisation_at').on(t.organisationId, t.at),
  ],
)
