import { and, eq, ne } from 'drizzle-orm'
import { storable } from '#lib/base/storable-text.ts'
import type { Database } from '../client.ts'
import { connections } from '../schema.ts'

export type Connection = typeof connections.$inferSelect
export type ConnectionKind = Connection['kind']

const is = (organisationId: string, kind: ConnectionKind) =>
  and(eq(connections.organisationId, organisationId), eq(connections.kind, kind))

export const connectionsOf = async (db: Database, organisationId: string): Promise<Connection[]> =>
  db.select().from(connections).where(eq(connections.organisationId, organisationId))

export const connection = async (
  db: Database,
  organisationId: string,
  kind: ConnectionKind,
): Promise<Connection | null> =>
  (await db.select().from(connections).where(is(organisationId, kind)))[0] ?? null

/** Stores a connection that was tried and works. */
export const putConnection = async (
  db: Database,
  organisationId: string,
  values: Pick<Connection, 'kind' | 'settings' | 'sealed' | 'sealKeyId'>,
): Promise<void> => {
  const now = new Date()
  const row = {
    ...values,
    state: 'connected' as const,
    connectedAt: now,
    lastCheckedAt: now,
    lastError: null,
  }
  await db
    .insert(connections)
    .values({ ...row, organisationId })
    .onConflictDoUpdate({ target: [connections.organisationId, connections.kind], set: row })
}

/** Notes the result of a test; `error` is `null` where it works. */
export const noteConnectionCheck = async (
  db: Database,
  organisationId: string,
  kind: ConnectionKind,
  error: string | null,
): Promise<void> => {
  await db
    .update(connections)
    .set({
      state: error === null ? 'connected' : 'failing',
      lastCheckedAt: new Date(),
      lastError: error === null ? null : storable(error),
    })
    .where(is(organisationId, kind))
}

/** Every organisation's secrets that are not sealed with the key; for the operator's command alone. */
export const allSealedWithOther = async (
  db: Database,
  sealKeyId: string,
): Promise<Pick<Connection, 'organisationId' | 'kind' | 'sealed'>[]> =>
  db
    .select({
      organisationId: connections.organisationId,
      kind: connections.kind,
      sealed: connections.sealed,
    })
    .from(connections)
    .where(ne(connections.sealKeyId, sealKeyId))

/** Replaces a sealed secret where it still is `before`. */
export const replaceSealed = async (
  db: Database,
  organisationId: string,
  kind: ConnectionKind,
  { before, ...values }: Pick<Connection, 'sealed' | 'sealKeyId'> & { readonly before: string },
): Promise<boolean> => {
  const changed = await db
    .update(connections)
    .set(values)
    .where(and(is(organisationId, kind), eq(connections.sealed, before)))
    .returning({ kind: connections.kind })
  return changed.length > 0
}

export const deleteConnection = async (
  db: Database,
  organisationId: string,
  kind: ConnectionKind,
): Promise<void> => {
  await db.delete(connections).where(is(organisationId, kind))
}
