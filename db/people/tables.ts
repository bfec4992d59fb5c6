/** Who may do what in an organisation, and who did it. */
import { sql } from 'drizzle-orm'
import { bigint, boolean, index, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { created, json, lowered, memberRight, moment, oneOf, organisation } from '../columns.ts'
import { table } from '../table.ts'

const roles = ['owner', 'clerk', 'viewer'] as const

export const users = table(
  'users',
  {
    organisationId: organisation(),
    id: uuid('id').notNull().defaultRandom(),
    email: lowered('email').notNull(),
    name: text('name').notNull().default(''),
    role: oneOf('role', roles).notNull(),
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
export const invitations = table(
  'invitations',
  {
    organisationId: organisation(),
    id: uuid('id').notNull().defaultRandom(),
    /** In lower case. */
    email: lowered('email').notNull(),
    role: oneOf('role', roles).notNull(),
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

export const apiTokens = table(
  'api_tokens',
  {
    organisationId: organisation(),
    id: uuid('id').notNull().defaultRandom(),
    name: text('name').notNull(),
    /** SHA-256 of the token, hexadecimal; the token itself is shown once. */
    tokenHash: text('token_hash').notNull(),
    role: oneOf('role', roles).notNull(),
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
export const endedSessions = table(
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

/**
 * ConnectWise members: who was proved here once, and who has a right of their own. A claim of one of them is counted apart from
 * claims of invented names, so that these keep nobody out.
 */
export const members = table(
  'members',
  {
    organisationId: organisation(),
    /** ConnectWise's member identifier, in lower case. */
    memberId: lowered('member_id').notNull(),
    /** As ConnectWise gave it with the last proof; `''` before the first. */
    name: text('name').notNull().default(''),
    /** `null`: what all members may. */
    ownRight: memberRight('own_right'),
    /** `null`: never yet. */
    provedAt: moment('proved_at'),
    /** A session that was sealed before has ended: the member is inactive in ConnectWise, or was then. */
    sessionsFrom: moment('sessions_from'),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.memberId] })],
)

/**
 * Recent checks of ConnectWise members, which answer the same claim for a while (docs/facts/host-api.md, "Proving a member").
 */
export const memberChecks = table(
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

export const auditEvents = table(
  'audit_events',
  {
    organisationId: organisation(),
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    at: moment('at').notNull().defaultNow(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    detail: json('detail', z.record(z.string(), z.unknown())).notNull().default({}),
    /** The request or job that did it, by the name that its log carries. */
    requestId: text('request_id'),
  },
  (t) => [
    // The moment is in it, so that the table can be cut by month.
    primaryKey({ columns: [t.organisationId, t.id, t.at], name: 'audit_events_pk' }),
    index('audit_events_organisation_at').on(t.organisationId, t.at),
    index('audit_events_organisation_subject').on(t.organisationId, t.subject),
    index('audit_events_organisation_tenant')
      .on(t.organisationId, sql`(detail ->> 'tenantId')`)
      .where(sql`detail ->> 'tenantId' IS NOT NULL`),
    index('audit_events_organisation_agreement')
      .on(t.organisationId, sql`(detail ->> 'agreementId')`)
      .where(sql`detail ->> 'agreementId' IS NOT NULL`),
  ],
)
