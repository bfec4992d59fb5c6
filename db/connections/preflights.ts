import { and, eq } from 'drizzle-orm'
import type { Database } from '../client.ts'
import type { PreflightCheck } from '../values.ts'
import { preflights } from './tables.ts'

export type Preflight = typeof preflights.$inferSelect

export const preflight = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<Preflight | null> =>
  (
    await db
      .select()
      .from(preflights)
      .where(and(eq(preflights.organisationId, organisationId), eq(preflights.program, program)))
  )[0] ?? null

export const putPreflight = async (
  db: Database,
  organisationId: string,
  program: string,
  checks: readonly PreflightCheck[],
): Promise<Preflight> => {
  const values = { checkedAt: new Date(), checks }
  const [row] = await db
    .insert(preflights)
    .values({ ...values, organisationId, program })
    .onConflictDoUpdate({ target: [preflights.organisationId, preflights.program], set: values })
    .returning()
  if (!row) throw new Error('An insert that returns its row returned none')
  return row
}

/** After another ConnectWise was connected, or none. */
export const forgetPreflights = async (db: Database, organisationId: string): Promise<void> => {
  await db.delete(preflights).where(eq(preflights.organisationId, organisationId))
}

/** Whether the API member's role lets additions be deleted, as far as it is known (A6). */
export const mayDelete = async (db: Database, organisationId: string, program: string): Promise<boolean> => {
  const found = await preflight(db, organisationId, program)
  return found?.checks.every(({ id, items }) => id !== 'deleting' || items.length === 0) ?? true
}
