/** Credentials of PRISM and ConnectWise, sealed, and what preparing ConnectWise found. */
import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { moment, organisation } from '../columns.ts'
import type { CompanyAgreement, LikelyTenant, PreflightCheck, ReadCompany } from '../values.ts'

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

/** What ConnectWise last gave of a company and its agreements, and which customers it may be; shown with its age where it does not answer. */
export const companyReadings = pgTable(
  'company_readings',
  {
    organisationId: organisation(),
    companyId: integer('company_id').notNull(),
    /** When it was asked. */
    readAt: moment('read_at').notNull(),
    company: jsonb('company').notNull().$type<ReadCompany>(),
    agreements: jsonb('agreements').notNull().$type<readonly CompanyAgreement[]>(),
    /** Agreements that cannot be read, and why. */
    unreadable: jsonb('unreadable')
      .notNull()
      .$type<readonly { readonly record: string; readonly reason: string }[]>(),
    /** Compared with all customers when it was read, the likeliest first. */
    suggested: jsonb('suggested').notNull().$type<readonly LikelyTenant[]>(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.companyId] })],
)
