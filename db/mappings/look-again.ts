/** From when on `detect` syncs an agreement again by itself, as both kinds of mappings keep it (docs/applying.md, "Unknown outcomes"). */
import { type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'

/** How a sync of an agreement's tenants ended. */
export interface Attempt {
  readonly lookAgainAt: Date | null
  /** Since when each sync has ended so that it is looked at again. */
  readonly lookingSince: Date | null
  /** When it read what there is; a look that was asked for since stays. */
  readonly readAt: Date
}

/** What an upsert keeps of a mapping's row: nothing where its agreement is another one now. */
export const keptOnAgreement =
  (agreementId: PgColumn) =>
  (column: PgColumn): SQL =>
    sql`CASE WHEN ${agreementId} <> excluded.agreement_id THEN NULL ELSE ${column} END`

/** The columns of a mapping's row once a sync of it has ended. */
export const attempted = (
  { lookAgainAt, lookingSince }: Readonly<Record<'lookAgainAt' | 'lookingSince', PgColumn>>,
  attempt: Attempt,
): { lookAgainAt: SQL; lookingSince: SQL; attemptedAt: Date } => {
  const unlessAskedSince = (column: PgColumn, value: Date | null): SQL =>
    sql`CASE WHEN ${lookAgainAt} > ${attempt.readAt} THEN ${column} ELSE ${value}::timestamptz END`
  return {
    lookAgainAt: unlessAskedSince(lookAgainAt, attempt.lookAgainAt),
    lookingSince: unlessAskedSince(lookingSince, attempt.lookingSince),
    attemptedAt: attempt.readAt,
  }
}
