import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { pruned } from '../rows.ts'
import { endedSessions } from './tables.ts'

/** From now on the session does not work; `endsAt` is when it would have run out by itself. */
export const noteEndedSession = async (
  db: Database,
  organisationId: string,
  session: { readonly sessionId: string; readonly endsAt: Date },
): Promise<void> => {
  await db
    .insert(endedSessions)
    .values({ ...session, organisationId })
    .onConflictDoNothing()
  await db.execute(
    pruned(endedSessions, sql`organisation_id = ${organisationId} AND ends_at < clock_timestamp()`),
  )
}

export const isSessionEnded = async (
  db: Database,
  organisationId: string,
  sessionId: string,
): Promise<boolean> => {
  const found = await db
    .select({ sessionId: endedSessions.sessionId })
    .from(endedSessions)
    .where(and(eq(endedSessions.organisationId, organisationId), eq(endedSessions.sessionId, sessionId)))
  return found.length > 0
}
