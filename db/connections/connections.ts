import { and, eq, isNull, lt, lte, ne, or, sql } from 'drizzle-orm'
import { noteConnected, noteDisconnected } from '#db/directory/due-looks.ts'
import { storable } from '#lib/base/storable-text.ts'
import type { Database } from '../client.ts'
import { connections } from './tables.ts'

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

/** Stores a connection that was tried and works; with the second one PRISM is looked at. */
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
    failingSince: null,
    lastCheckedAt: now,
    lastError: null,
  }
  await db
    .insert(connections)
    .values({ ...row, organisationId })
    .onConflictDoUpdate({ target: [connections.organisationId, connections.kind], set: row })
  await noteConnected(db, organisationId)
}

/** Notes the result of a test; `error` is `null` where it works. */
export const noteConnectionCheck = async (
  db: Database,
  organisationId: string,
  kind: ConnectionKind,
  error: string | null,
): Promise<void> => {
  await db.update(connections).set(checked(error)).where(is(organisationId, kind))
}

/** Uses that say the same are noted once in this time. */
const useNotedMs = 60_000

/**
 * Notes what a use of the connection met, as `noteConnectionCheck` does; nothing where the last minute said the same, or
 * where the credentials were entered after `usedFrom`.
 */
export const noteConnectionUse = async (
  db: Database,
  organisationId: string,
  kind: ConnectionKind,
  { error, usedFrom }: { readonly error: string | null; readonly usedFrom: Date },
): Promise<void> => {
  const saidLongAgo = or(
    isNull(connections.lastCheckedAt),
    lt(connections.lastCheckedAt, new Date(Date.now() - useNotedMs)),
  )
  const saysOtherwise = sql`${connections.lastError} IS DISTINCT FROM ${error}`
  await db
    .update(connections)
    .set(checked(error))
    .where(
      and(is(organisationId, kind), lte(connections.connectedAt, usedFrom), or(saysOtherwise, saidLongAgo)),
    )
}

/** What a check says of the connection; it fails since the first of its failures that has not passed. */
const checked = (error: string | null) => {
  const now = new Date()
  return {
    state: error === null ? ('connected' as const) : ('failing' as const),
    failingSince:
      error === null ? null : sql`coalesce(${connections.failingSince}, ${now.toISOString()}::timestamptz)`,
    lastCheckedAt: now,
    lastError: error === null ? null : storable(error),
  }
}

/** Notes where ConnectWise's API is since an upgrade, for the connection that it was found with. */
export const noteCodebase = async (
  db: Database,
  organisationId: string,
  moved: { readonly site: string; readonly companyId: string; readonly codebase: string },
): Promise<void> => {
  const { site, companyId, codebase } = moved
  await db
    .update(connections)
    .set({ settings: sql`${connections.settings} || jsonb_build_object('codebase', ${codebase}::text)` })
    .where(
      and(
        is(organisationId, 'connectwise'),
        sql`${connections.settings} @> ${JSON.stringify({ site, companyId })}::jsonb`,
      ),
    )
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
  await noteDisconnected(db, organisationId)
}
