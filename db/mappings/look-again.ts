/** From when on `detect` syncs an agreement again by itself, as both kinds of mappings keep it (docs/applying.md, "Unknown outcomes"). */
import { type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'

/** How a sync of an agreement's tenants ended. */
export interface Attempt {
  readonly lookAgainAt: Date | null
  /** Since when each sync has ended so that it is looked at again. */
  readonly lookingSince: Date | null
  /** When it read what there is. */
  readonly readAt: Date
  /** The looks that it found asked for, by which it has been; another one was asked for since, and stays. */
  readonly seen: readonly (Date | null)[]
}

/** What an upsert keeps of a mapping's row: nothing where its agreement is another one now. */
export const keptOnAgreement =
  (agreementId: PgColumn) =>
  (column: PgColumn): SQL =>
    sql`CASE WHEN ${agreementId} <> excluded.agreement_id THEN NULL ELSE ${column} END`

/** When the first of some rows is looked at again; `null`: none is. */
export const soonest = (rows: readonly { readonly at: Date | null }[]): Date | null =>
  rows.reduce<Date | null>(
    (first, { at }) => (at !== null && (first === null || at < first) ? at : first),
    null,
  )

/** The columns of a mapping's row once a sync of it has ended. */
export const attempted = (
  { lookAgainAt, lookingSince }: Readonly<Record<'lookAgainAt' | 'lookingSince', PgColumn>>,
  attempt: Attempt,
): { lookAgainAt: SQL; lookingSince: SQL; attemptedAt: Date } => {
  const seen = attempt.seen.flatMap((at) => (at === null ? [] : [at.toISOString()]))
  // By what was seen and not by time: an answer may be stored by a transaction that began before the reading and ended after it.
  const isSeen = sql`date_trunc('milliseconds', ${lookAgainAt}) = ANY (${sql.param(seen)}::timestamptz[])`
  const unlessAskedSince = (column: PgColumn, value: Date | null): SQL =>
    sql`CASE WHEN ${lookAgainAt} IS NULL OR ${isSeen} THEN ${value}::timestamptz ELSE ${column} END`
  return {
    lookAgainAt: unlessAskedSince(lookAgainAt, attempt.lookAgainAt),
    lookingSince: unlessAskedSince(lookingSince, attempt.lookingSince),
    attemptedAt: attempt.readAt,
  }
}
