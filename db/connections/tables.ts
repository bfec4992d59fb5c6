/** Credentials of PRISM and ConnectWise, sealed, and what preparing ConnectWise found. */
import { integer, primaryKey, text } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { json, moment, oneOf, organisation } from '../columns.ts'
import { table } from '../table.ts'
import { preflightCheckSchema } from '../values.ts'

/** `settings` is what may be shown; `sealed` is the secret part, sealed with the key `sealKeyId` (B5). */
export const connections = table(
  'connections',
  {
    organisationId: organisation(),
    kind: oneOf('kind', ['prism', 'connectwise']).notNull(),
    settings: json('settings', z.record(z.string(), z.unknown())).notNull(),
    sealed: text('sealed').notNull(),
    sealKeyId: text('seal_key_id').notNull(),
    state: oneOf('state', ['connected', 'failing']).notNull(),
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
export const preflights = table(
  'preflights',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    checkedAt: moment('checked_at').notNull(),
    checks: json('checks', z.array(preflightCheckSchema)).notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program] })],
)

/**
 * What ConnectWise last gave of a company and its agreements, and which customers it may be; shown with its age where it does not
 * answer. What it is, another version of the product may have stored.
 */
export const companyReadings = table(
  'company_readings',
  {
    organisationId: organisation(),
    companyId: integer('company_id').notNull(),
    /** When it was asked. */
    readAt: moment('read_at').notNull(),
    reading: json('reading', z.unknown()).notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.companyId] })],
)
