import { and, eq, gt, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { leases } from './tables.ts'

/** Time is the database's throughout, so that processes with different clocks agree. */
const until = (milliseconds: number) => sql`now() + ${milliseconds} * interval '1 millisecond'`

const is = (organisationId: string, resource: string, token: string) =>
  and(eq(leases.organisationId, organisationId), eq(leases.resource, resource), eq(leases.token, token))

interface NewLease {
  readonly resource: string
  readonly token: string
  readonly holder: string
  readonly durationMs: number
}

/** Takes the lease where nobody holds it, or whoever did let it expire; false where it is held. */
export const takeLease = async (db: Database, organisationId: string, lease: NewLease): Promise<boolean> =>
  (await takeMarkedLease(db, organisationId, lease)) !== null

/**
 * The same, with the moment of it by the database's clock, as text: what the ledger settles later was not to be seen before.
 * `null` where it is held.
 */
export const takeMarkedLease = async (
  db: Database,
  organisationId: string,
  lease: NewLease,
): Promise<string | null> => {
  const { resource, token, holder } = lease
  const expiresAt = until(lease.durationMs)
  const rows = await db
    .insert(leases)
    .values({ organisationId, resource, token, holder, expiresAt })
    .onConflictDoUpdate({
      target: [leases.organisationId, leases.resource],
      set: { token, holder, expiresAt },
      setWhere: sql`${leases.expiresAt} <= now()`,
    })
    .returning({ mark: sql<string>`clock_timestamp()::text` })
  return rows[0]?.mark ?? null
}

/** Prolongs a lease that is still ours; false where it expired or is another's by now. */
export const prolongLease = async (
  db: Database,
  organisationId: string,
  lease: { readonly resource: string; readonly token: string; readonly durationMs: number },
): Promise<boolean> => {
  const rows = await db
    .update(leases)
    .set({ expiresAt: until(lease.durationMs) })
    .where(and(is(organisationId, lease.resource, lease.token), gt(leases.expiresAt, sql`now()`)))
    .returning({ token: leases.token })
  return rows.length > 0
}

export const releaseLease = async (
  db: Database,
  organisationId: string,
  lease: { readonly resource: string; readonly token: string },
): Promise<void> => {
  await db.delete(leases).where(is(organisationId, lease.resource, lease.token))
}

export const isLeased = async (db: Database, organisationId: string, resource: string): Promise<boolean> => {
  const rows = await db
    .select({ token: leases.token })
    .from(leases)
    .where(
      and(
        eq(leases.organisationId, organisationId),
        eq(leases.resource, resource),
        gt(leases.expiresAt, sql`now()`),
      ),
    )
  return rows.length > 0
}
