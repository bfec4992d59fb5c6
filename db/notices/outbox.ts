/** The outbox: what is decided to be told, one row for each who is told, until it is taken or given up. */
import { and, eq, inArray, isNull, lt, lte, min, or, sql } from 'drizzle-orm'
import { storable } from '#lib/base/storable-text.ts'
import type { Database } from '../client.ts'
import { batches } from '../rows.ts'
import { digests, messages, told } from './tables.ts'

export type Message = typeof messages.$inferSelect
export type StoredDigest = typeof digests.$inferSelect
export interface Recipient {
  readonly channel: Message['channel']
  /** `''` for the webhook. */
  readonly recipient: string
}

/** What was told, unparsed; an empty object: nothing yet. The row is locked, so that one process at a time decides. */
export const lockTold = async (db: Database, organisationId: string, program: string): Promise<unknown> => {
  await db.insert(told).values({ organisationId, program, told: {} }).onConflictDoNothing()
  const [row] = await db
    .select({ told: told.told })
    .from(told)
    .where(and(eq(told.organisationId, organisationId), eq(told.program, program)))
    .for('update')
  return row?.told ?? null
}

export const putTold = async (
  db: Database,
  organisationId: string,
  program: string,
  value: unknown,
): Promise<void> => {
  await db
    .update(told)
    .set({ told: value, updatedAt: new Date() })
    .where(and(eq(told.organisationId, organisationId), eq(told.program, program)))
}

/** Puts a digest into the outbox, once for each recipient. Call it in the transaction that decides on it. */
export const putDigest = async (
  db: Database,
  organisationId: string,
  digest: Pick<StoredDigest, 'program' | 'currency' | 'digest'>,
  recipients: readonly Recipient[],
  now: Date,
): Promise<void> => {
  const [row] = await db
    .insert(digests)
    .values({ ...digest, organisationId, createdAt: now })
    .returning({ id: digests.id })
  if (row === undefined) throw new Error('An insert that returns its row returned none')
  const { program } = digest
  const of = { organisationId, program, digestId: row.id, dueAt: now, createdAt: now }
  for (const part of batches(recipients))
    await db.insert(messages).values(part.map((each) => ({ ...each, ...of })))
}

export interface Claiming {
  readonly now: Date
  /** A claim from before this is that of a process that died. */
  readonly deadBefore: Date
}

const isClaimable = (organisationId: string, { now, deadBefore }: Claiming) =>
  and(
    eq(messages.organisationId, organisationId),
    lte(messages.dueAt, now),
    or(eq(messages.state, 'queued'), and(eq(messages.state, 'sending'), lte(messages.claimedAt, deadBefore))),
  )

/** Claims the next message that is due, those tried least first; nobody else gets it while the claim is alive. */
export const claimMessage = async (
  db: Database,
  organisationId: string,
  claiming: Claiming,
): Promise<{ readonly message: Message; readonly digest: StoredDigest } | null> => {
  const next = db
    .select({ id: messages.id })
    .from(messages)
    .where(isClaimable(organisationId, claiming))
    .orderBy(messages.attempts, messages.dueAt, messages.id)
    .limit(1)
    .for('update', { skipLocked: true })
  const [message] = await db
    .update(messages)
    .set({ state: 'sending', claimedAt: claiming.now, attempts: sql`${messages.attempts} + 1` })
    .where(and(eq(messages.organisationId, organisationId), sql`${messages.id} = (${next})`))
    .returning()
  if (message === undefined) return null
  const [digest] = await db
    .select()
    .from(digests)
    .where(and(eq(digests.organisationId, organisationId), eq(digests.id, message.digestId)))
  if (digest === undefined) throw new Error('A message has no digest')
  return { message, digest }
}

/** How a try ended. */
export type Ended =
  | { readonly state: 'sent' | 'dropped' }
  | { readonly state: 'failed'; readonly error: string }
  | { readonly state: 'queued'; readonly error: string; readonly dueAt: Date }

/** Stores it, unless another process has claimed the message since. */
export const endTry = async (
  db: Database,
  organisationId: string,
  { id, attempts }: Pick<Message, 'id' | 'attempts'>,
  ended: Ended,
  now: Date,
): Promise<void> => {
  await db
    .update(messages)
    .set({
      state: ended.state,
      claimedAt: null,
      lastError: 'error' in ended ? storable(ended.error).slice(0, 500) : null,
      ...(ended.state === 'queued' ? { dueAt: ended.dueAt } : { endedAt: now }),
    })
    .where(
      and(
        eq(messages.organisationId, organisationId),
        eq(messages.id, id),
        eq(messages.state, 'sending'),
        eq(messages.attempts, attempts),
      ),
    )
}

/** When the next message of the organisation is to be tried; `null`: none waits. */
export const nextDue = async (
  db: Database,
  organisationId: string,
  deadAfterMs: number,
): Promise<Date | null> => {
  const dead = sql`${messages.claimedAt} + ${deadAfterMs} * interval '1 millisecond'`
  const [row] = await db
    .select({
      at: min(sql`CASE WHEN ${isNull(messages.claimedAt)} THEN ${messages.dueAt} ELSE ${dead} END`).mapWith(
        messages.dueAt,
      ),
    })
    .from(messages)
    .where(and(eq(messages.organisationId, organisationId), inArray(messages.state, ['queued', 'sending'])))
  return row?.at ?? null
}

/** The last message to each of the recipients of a program, however they are spelled: what came of it. */
export const lastMessages = async (
  db: Database,
  organisationId: string,
  program: string,
  channel: Message['channel'],
  recipients: readonly string[],
): Promise<Message[]> => {
  const last = sql`(SELECT (
      SELECT id FROM ${messages} WHERE organisation_id = ${organisationId} AND program = ${program}
        AND channel = ${channel} AND lower(recipient) = lower(wanted.recipient) ORDER BY created_at DESC LIMIT 1)
    FROM unnest(${sql.param([...recipients])}::text[]) AS wanted (recipient))`
  return db
    .select()
    .from(messages)
    .where(and(eq(messages.organisationId, organisationId), sql`${messages.id} IN ${last}`))
}

/** Forgets the oldest digests of before a moment, with what came of their messages; how many. */
export const forgetDigests = async (
  db: Database,
  organisationId: string,
  before: Date,
  limit: number,
): Promise<number> => {
  const old = db
    .select({ id: digests.id })
    .from(digests)
    .where(and(eq(digests.organisationId, organisationId), lt(digests.createdAt, before)))
    .orderBy(digests.createdAt)
    .limit(limit)
  const rows = await db
    .delete(digests)
    .where(and(eq(digests.organisationId, organisationId), sql`${digests.id} IN ${old}`))
    .returning({ id: digests.id })
  return rows.length
}
