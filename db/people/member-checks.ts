import { and, eq, lt } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { memberChecks } from './tables.ts'

export type MemberCheck = typeof memberChecks.$inferSelect

const KEPT_MS = 24 * 60 * 60 * 1000

export const memberCheck = async (
  db: Database,
  organisationId: string,
  claimKey: string,
): Promise<MemberCheck | null> =>
  (
    await db
      .select()
      .from(memberChecks)
      .where(and(eq(memberChecks.organisationId, organisationId), eq(memberChecks.claimKey, claimKey)))
  )[0] ?? null

/** Stores the outcome of a check and forgets those of yesterday. */
export const noteMemberCheck = async (
  db: Database,
  organisationId: string,
  check: Omit<MemberCheck, 'organisationId'>,
): Promise<void> => {
  await db
    .insert(memberChecks)
    .values({ ...check, organisationId })
    .onConflictDoUpdate({ target: [memberChecks.organisationId, memberChecks.claimKey], set: check })
  const outdated = new Date(check.checkedAt.getTime() - KEPT_MS)
  await db
    .delete(memberChecks)
    .where(and(eq(memberChecks.organisationId, organisationId), lt(memberChecks.checkedAt, outdated)))
}
