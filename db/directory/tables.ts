/** Which organisations there are, and how they are found; what is counted before one is known. No organisation leads these keys. */
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { count, created, lowered, memberRight, moment, oneOf } from '../columns.ts'
import { table } from '../table.ts'

const secondFactorDemands = ['optional', 'owners', 'everybody'] as const

export const organisations = table('organisations', {
  id: uuid('id').primaryKey().defaultRandom(),
  /** What pod addresses carry as `org`; not a secret, not guessable. */
  publicId: text('public_id').notNull().unique(),
  name: text('name').notNull(),
  /** PRISM's id of the partner, so that its next person finds the organisation (B6). */
  prismPartnerId: text('prism_partner_id').unique(),
  /** What a verified ConnectWise member may who has no right of their own (`members`). */
  membersRight: memberRight('members_right').notNull().default('look'),
  /** Of whom a second factor is asked who signs in with a password. */
  secondFactor: oneOf('second_factor', secondFactorDemands).notNull().default('optional'),
  /** As `Australia/Sydney`: where its days begin (J3). */
  timeZone: text('time_zone').notNull().default('UTC'),
  createdAt: created(),
  /** Since when it is being deleted: nobody finds it any more. `null`: it is not. */
  deletingSince: moment('deleting_since'),
  /** When what is kept for a time alone is next looked through; `null`: a day after it was created. */
  removalsDueAt: moment('removals_due_at'),
  /** Plans of months that are older than so many months are packed. */
  packsAfterMonths: integer('packs_after_months').notNull().default(24),
  /**
   * None is packed before: the version from before plans were packed cannot read them, and may still run beside this one, or be gone
   * back to. A week after the migration, or after the organisation was created.
   */
  packsFrom: moment('packs_from').notNull().default(sql`now() + interval '7 days'`),
})

/** Which organisation a person who signs in belongs to; `identifier` is an e-mail in lower case, or PRISM's subject. */
export const logins = table(
  'logins',
  {
    kind: oneOf('kind', ['email', 'prism']).notNull(),
    identifier: lowered('identifier').notNull(),
    organisationId: uuid('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    userId: uuid('user_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.identifier, t.organisationId] })],
)

/** A ConnectWise site + company belongs to one organisation. Both in lower case; `site` is host or host:port. */
export const connectionDirectory = table(
  'connection_directory',
  {
    site: lowered('site').notNull(),
    companyId: lowered('company_id').notNull(),
    organisationId: uuid('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.site, t.companyId] })],
)

/** When PRISM is looked at next for an organisation; it has a row while both of its systems are connected. */
export const dueLooks = table(
  'due_looks',
  {
    organisationId: uuid('organisation_id')
      .primaryKey()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    nextLookAt: moment('next_look_at').notNull(),
  },
  (t) => [index('due_looks_next').on(t.nextLookAt)],
)

/**
 * When an organisation's messages are seen to next: one that waits for its next try, a reminder, an invoice that is late. It has a
 * row once somebody is to be told of something.
 */
export const dueNotices = table(
  'due_notices',
  {
    organisationId: uuid('organisation_id')
      .primaryKey()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    nextAt: moment('next_at').notNull(),
  },
  (t) => [index('due_notices_next').on(t.nextAt)],
)

/**
 * Failed sign-ins of a person, or of an e-mail address that is nobody's. `identifier` is a SHA-256 in hexadecimal, so that
 * what people mistype is not kept.
 */
export const signInTries = table(
  'sign_in_tries',
  {
    identifier: text('identifier').primaryKey(),
    failures: count('failures').notNull(),
    lastFailedAt: moment('last_failed_at').notNull(),
    lockedUntil: moment('locked_until').notNull(),
  },
  (t) => [index('sign_in_tries_last_failed').on(t.lastFailedAt)],
)

/** How much of its allowance a caller's address has used: a leaky bucket, which is empty again at `forgottenAt`. */
export const callerTries = table(
  'caller_tries',
  {
    /** `member`: claims of names that were never proved here; `member-asked`: questions put to ConnectWise. */
    kind: oneOf('kind', ['password', 'member', 'known-member', 'member-asked']).notNull(),
    /**
     * An IPv4 address, an IPv6 network of 64 bits, or a name for all whose address is not known; of a member who is known here with
     * the organisation and the member in front.
     */
    caller: text('caller').notNull(),
    forgottenAt: moment('forgotten_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.caller] }), index('caller_tries_forgotten').on(t.forgottenAt)],
)

/** Links that make the first organisation and its owner; each is good until there is one. SHA-256, hexadecimal. */
export const firstOwnerLinks = table('first_owner_links', {
  tokenHash: text('token_hash').primaryKey(),
  createdAt: created(),
})
