/** When each organisation's messages are seen to next: one index instead of a walk over all of them (J4, I2). */
import { eq, lte, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { dueNotices } from './tables.ts'

/** Has the organisation's messages seen to no later than `at`. */
export const noticeNoLaterThan = async (db: Database, organisationId: string, at: Date): Promise<void> => {
  await db
    .insert(dueNotices)
    .values({ organisationId, nextAt: at })
    .onConflictDoUpdate({
      target: dueNotices.organisationId,
      set: { nextAt: sql`least(${dueNotices.nextAt}, excluded.next_at)` },
    })
}

/** The next time, whatever it was before; `null`: nobody is to be told of anything. */
export const setNextNotice = async (db: Database, organisationId: string, at: Date | null): Promise<void> => {
  if (at === null) {
    await db.delete(dueNotices).where(eq(dueNotices.organisationId, organisationId))
    return
  }
  await db
    .insert(dueNotices)
    .values({ organisationId, nextAt: at })
    .onConflictDoUpdate({ target: dueNotices.organisationId, set: { nextAt: at } })
}

/**
 * Takes organisations whose time has come, the longest waiting first, and notes them for `againMs` later: what takes them on says
 * when they are next, and where it dies they come by themselves. Another process takes others at the same time.
 */
export const takeDueNotices = async (
  db: Database,
  now: Date,
  { limit, againMs }: { readonly limit: number; readonly againMs: number },
): Promise<string[]> => {
  const due = db
    .select({ id: dueNotices.organisationId })
    .from(dueNotices)
    .where(lte(dueNotices.nextAt, now))
    .orderBy(dueNotices.nextAt)
    .limit(limit)
    .for('update', { skipLocked: true })
  const rows = await db
    .update(dueNotices)
    .set({ nextAt: new Date(now.getTime() + againMs) })
    .where(sql`${dueNotices.organisationId} IN ${due}`)
    .returning({ id: dueNotices.organisationId })
  return rows.map(({ id }) => id)
}
