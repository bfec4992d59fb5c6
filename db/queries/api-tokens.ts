import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { apiTokens } from '../schema.ts'

export type ApiToken = typeof apiTokens.$inferSelect

export const createApiToken = async (
  db: Database,
  organisationId: string,
  token: Pick<ApiToken, 'name' | 'tokenHash' | 'role' | 'createdBy'>,
): Promise<ApiToken> => {
  const [row] = await db
    .insert(apiTokens)
    .values({ ...token, organisationId })
    .returning()
  if (!row) throw new Error('An insert that returns its row returned none')
  return row
}

/** Those that still work, the newest first. */
export const apiTokensOf = async (db: Database, organisationId: string): Promise<ApiToken[]> =>
  db
    .select()
    .from(apiTokens)
    .where(and(eq(apiTokens.organisationId, organisationId), isNull(apiTokens.revokedAt)))
    .orderBy(desc(apiTokens.createdAt))

/** The token that was revoked; `null` where there is none to revoke. */
export const revokeApiToken = async (
  db: Database,
  organisationId: string,
  id: string,
): Promise<ApiToken | null> => {
  const [row] = await db
    .update(apiTokens)
    .set({ revokedAt: new Date() })
    .where(
      and(eq(apiTokens.organisationId, organisationId), eq(apiTokens.id, id), isNull(apiTokens.revokedAt)),
    )
    .returning()
  return row ?? null
}

/** The token of a hash, and notes its use; `null` where it is unknown or revoked. */
export const useApiToken = async (
  db: Database,
  organisationId: string,
  tokenHash: string,
): Promise<ApiToken | null> => {
  const [row] = await db
    .update(apiTokens)
    .set({ lastUsedAt: new Date() })
    .where(
      and(
        eq(apiTokens.organisationId, organisationId),
        eq(apiTokens.tokenHash, tokenHash),
        isNull(apiTokens.revokedAt),
      ),
    )
    .returning()
  return row ?? null
}
