/** What people are to be told, what they were told, and how it reaches them. */
import { sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { count, created, json, lowered, moment, money, oneOf, organisation, period } from '../columns.ts'
import { table } from '../table.ts'

/** What of an agreement's last sync people are to be told: an index of its plans and outcomes; never read to decide. */
export const agreementFindings = table(
  'agreement_findings',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    agreementId: integer('agreement_id').notNull(),
    ordinal: count('ordinal').notNull(),
    runId: uuid('run_id').notNull(),
    kind: oneOf('kind', ['error', 'price']).notNull(),
    period: period('period').notNull(),
    /** `''` where it is about no customer, subscription or product of its own. */
    tenantId: text('tenant_id').notNull(),
    subscriptionId: lowered('subscription_id').notNull(),
    product: text('product').notNull(),
    code: text('code').notNull(),
    /** Exact. */
    message: text('message').notNull(),
    remedy: text('remedy').notNull(),
    /** What PRISM invoiced of the subscription, at RRP; `null`: of no subscription. */
    amount: money('amount'),
  },
  (t) => [
    primaryKey({
      name: 'agreement_findings_pk',
      columns: [t.organisationId, t.program, t.agreementId, t.ordinal],
    }),
  ],
)

/** What the people of a program were told (`toldSchema`); who decides on a digest locks the row. */
export const told = table(
  'told',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    told: json('told', z.unknown()).notNull(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program] })],
)

/** What was to be told at one time (`digestSchema`), once for all who are told. */
export const digests = table(
  'digests',
  {
    organisationId: organisation(),
    id: uuid('id').notNull().defaultRandom(),
    program: text('program').notNull(),
    currency: text('currency').notNull(),
    digest: json('digest', z.unknown()).notNull(),
    createdAt: created(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.id] }),
    index('digests_organisation_created').on(t.organisationId, t.createdAt),
  ],
)

/** A digest on its way to one address, or to the program's webhook: the outbox. */
export const messages = table(
  'messages',
  {
    organisationId: organisation(),
    id: uuid('id').notNull().defaultRandom(),
    digestId: uuid('digest_id').notNull(),
    program: text('program').notNull(),
    channel: oneOf('channel', ['mail', 'webhook']).notNull(),
    /** An e-mail address; `''` for the webhook. */
    recipient: text('recipient').notNull(),
    state: oneOf('state', [
      'queued',
      /** A process has claimed it; one that died leaves it so, and it is sent again under the same id. */
      'sending',
      'sent',
      /** It was not taken in all tries. */
      'failed',
      /** Nobody wants it any more: unsubscribed, or the address or webhook was taken away. */
      'dropped',
    ])
      .notNull()
      .default('queued'),
    /** Tries so far, the one under way included. */
    attempts: count('attempts').notNull().default(0),
    dueAt: moment('due_at').notNull(),
    claimedAt: moment('claimed_at'),
    /** What the last try ended with. */
    lastError: text('last_error'),
    createdAt: created(),
    endedAt: moment('ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.id] }),
    foreignKey({
      columns: [t.organisationId, t.digestId],
      foreignColumns: [digests.organisationId, digests.id],
      name: 'messages_digest',
    }).onDelete('cascade'),
    check('messages_claimed', sql`(state = 'sending') = (claimed_at IS NOT NULL)`),
    check('messages_ended', sql`(state IN ('sent', 'failed', 'dropped')) = (ended_at IS NOT NULL)`),
    index('messages_organisation_due')
      .on(t.organisationId, t.dueAt)
      .where(sql`state IN ('queued', 'sending')`),
    index('messages_organisation_address').on(
      t.organisationId,
      t.program,
      t.channel,
      sql`lower(${t.recipient})`,
      t.createdAt,
    ),
    index('messages_organisation_digest').on(t.organisationId, t.digestId),
  ],
)

/** Addresses that want no mail of a program, in lower case. */
export const unsubscribed = table(
  'unsubscribed',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    address: lowered('address').notNull(),
    since: moment('since').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program, t.address] })],
)

/** Where a program's digests go beside its addresses. */
export const webhooks = table(
  'webhooks',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    format: oneOf('format', ['standard', 'teams']).notNull(),
    /** Of its address what may be shown: an address may be a secret as a whole, as that of Teams is. */
    host: text('host').notNull(),
    /** Address and signing secret, sealed with the key `sealKeyId` (B5). */
    sealed: text('sealed').notNull(),
    sealKeyId: text('seal_key_id').notNull(),
    setBy: text('set_by').notNull(),
    setAt: moment('set_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program] })],
)
