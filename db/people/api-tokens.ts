import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { isOwnersAddress } from './people.ts'
import { apiTokens } from './tables.ts'

export type ApiToken = typeof apiTokens.$inferSelect

export const createApiToken = async (
  db: Database,
  organisationId: string,
  token: Pick<ApiToken, 'name' | 'tokenHash' | 'role' | 'createdBy' | 'expiresAt'>,
): Promise<ApiToken> => {
  const [row] = await db
    .insert(apiTokens)
    .values({ ...token, organisationId })
    .returning()
  if (!row) throw new Error('An insert that returns its row returned none')
  return row
}

const notRevoked = (organisationId: string) =>
  and(eq(apiTokens.organisationId, organisationId), isNull(apiTokens.revokedAt))

/** Works: not revoked, not run out, and of somebody who still owns the organisation. */
const working = (organisationId: string) =>
  and(
    notRevoked(organisationId),
    gt(apiTokens.expiresAt, sql`now()`),
    isOwnersAddress(organisationId, apiTokens.createdBy),
  )

/** Those that nobody revoked, run-out ones too; the newest first. */
export const apiTokensOf = async (
  db: Database,
  organisationId: string,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ tokens: ApiToken[]; total: number }> => {
  const [tokens, total] = await Promise.all([
    db
      .select()
      .from(apiTokens)
      .where(notRevoked(organisationId))
      .orderBy(desc(apiTokens.createdAt), apiTokens.id)
      .limit(page.limit)
      .offset(page.offset),
    db.$count(apiTokens, notRevoked(organisationId)),
  ])
  return { tokens, total }
}

/** How many of the organisation's tokens work now. */
export const workingApiTokens = (db: Database, organisationId: string): Promise<number> =>
  db.$count(apiTokens, working(organisationId))

/** The token that was revoked; `null` where there is none to revoke. */
export const revokeApiToken = async (
  db: Database,
  organisationId: string,
  id: string,
): Promise<ApiToken | null> => {
  const [row] = await db
    .update(apiTokens)
    .set({ revokedAt: new Date() })
    .where(and(notRevoked(organisationId), eq(apiTokens.id, id)))
    .returning()
  return row ?? null
}

/** Revokes what a person made; gives the names. */
export const revokeApiTokensBy = async (
  db: Database,
  organisationId: string,
  createdBy: string,
): Promise<Pick<ApiToken, 'name'>[]> =>
  db
    .update(apiTokens)
    .set({ revokedAt: new Date() })
    .where(and(notRevoked(organisationId), eq(apiTokens.createdBy, createdBy)))
    .returning({ name: apiTokens.name })

/** The token of a hash, and notes its use; `null` where it is unknown or does not work any more. */
export const useApiToken = async (
  db: Database,
  organisationId: string,
  tokenHash: string,
): Promise<ApiToken | null> => {
  const [row] = await db
    .update(apiTokens)
    .set({ lastUsedAt: new Date() })
    .where(and(working(organisationId), eq(apiTokens.tokenHash, tokenHash)))
    .returning()
  return row ?? null
}
