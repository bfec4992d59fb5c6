import { and, eq, isNull } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { apiTokens, logins, users } from '../schema.ts'

export type User = typeof users.$inferSelect
export type Role = User['role']
export type ApiToken = typeof apiTokens.$inferSelect

/** Creates a person with an e-mail login. The e-mail is stored in lower case. */
export const createUser = async (
  db: Database,
  organisationId: string,
  person: {
    readonly email: string
    readonly name?: string
    readonly role: Role
    readonly passwordHash: string | null
  },
): Promise<User> =>
  db.transaction(async (tx) => {
    const email = person.email.toLowerCase()
    const [user] = await tx
      .insert(users)
      .values({ ...person, organisationId, email })
      .returning()
    if (!user) throw new Error('An insert that returns its row returned none')
    await tx.insert(logins).values({ kind: 'email', identifier: email, organisationId, userId: user.id })
    return user
  })

export const user = async (db: Database, organisationId: string, userId: string): Promise<User | null> =>
  (
    await db
      .select()
      .from(users)
      .where(and(eq(users.organisationId, organisationId), eq(users.id, userId)))
  )[0] ?? null

/** Every person that a login names, one an organisation; disabled ones are left out. */
export const usersOfLogin = async (
  db: Database,
  kind: 'email' | 'prism',
  identifier: string,
): Promise<User[]> => {
  const found = await db
    .select({ user: users })
    .from(logins)
    .innerJoin(users, and(eq(users.organisationId, logins.organisationId), eq(users.id, logins.userId)))
    .where(
      and(eq(logins.kind, kind), eq(logins.identifier, identifier.toLowerCase()), isNull(users.disabledAt)),
    )
  return found.map((row) => row.user)
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
