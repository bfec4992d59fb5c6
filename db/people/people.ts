import { and, asc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { logins, organisations } from '#db/directory/tables.ts'
import type { Database } from '../client.ts'
import { users } from './tables.ts'

export type User = typeof users.$inferSelect
export type Role = User['role']

export interface NewUser {
  readonly email: string
  readonly name?: string
  readonly role: Role
  readonly passwordHash: string | null
  readonly waitingSince?: Date
}

/** Creates a person with an e-mail login. The e-mail is stored in lower case. */
export const createUser = async (db: Database, organisationId: string, person: NewUser): Promise<User> =>
  db.transaction(async (tx) => {
    const email = person.email.toLowerCase()
    const [user] = await tx
      .insert(users)
      .values({ ...person, organisationId, email })
      .returning()
    if (!user) throw new Error('An insert that returns its row returned none')
    await addLogin(tx, organisationId, user.id, 'email', email)
    return user
  })

/** Another way for a person to sign in; one that is there already is left as it is. */
export const addLogin = async (
  db: Database,
  organisationId: string,
  userId: string,
  kind: 'email' | 'prism',
  identifier: string,
): Promise<void> => {
  await db
    .insert(logins)
    .values({ kind, identifier: identifier.toLowerCase(), organisationId, userId })
    .onConflictDoNothing()
}

export const user = async (db: Database, organisationId: string, userId: string): Promise<User | null> =>
  (
    await db
      .select()
      .from(users)
      .where(and(eq(users.organisationId, organisationId), eq(users.id, userId)))
  )[0] ?? null

export const userByEmail = async (
  db: Database,
  organisationId: string,
  email: string,
): Promise<User | null> =>
  (
    await db
      .select()
      .from(users)
      .where(and(eq(users.organisationId, organisationId), eq(users.email, email.toLowerCase())))
  )[0] ?? null

/** A person with whether PRISM can sign them in. */
export type ListedUser = User & { readonly withPrism: boolean }

/** Everybody of the organisation, by e-mail. */
export const usersOf = async (db: Database, organisationId: string): Promise<ListedUser[]> => {
  const withPrism = sql<boolean>`EXISTS (SELECT 1 FROM ${logins} WHERE ${logins.kind} = 'prism'
    AND ${logins.organisationId} = ${users.organisationId} AND ${logins.userId} = ${users.id})`
  const rows = await db
    .select({ user: users, withPrism })
    .from(users)
    .where(eq(users.organisationId, organisationId))
    .orderBy(asc(users.email))
  return rows.map((row) => ({ ...row.user, withPrism: row.withPrism }))
}

export type UserChange = Partial<
  Pick<User, 'name' | 'role' | 'passwordHash' | 'disabledAt' | 'waitingSince' | 'sessionsFrom'>
>

export const changeUser = async (
  db: Database,
  organisationId: string,
  userId: string,
  change: UserChange,
): Promise<void> => {
  await db
    .update(users)
    .set(change)
    .where(and(eq(users.organisationId, organisationId), eq(users.id, userId)))
}

/** Whether the column holds the address of somebody who owns the organisation now. */
export const isOwnersAddress = (organisationId: string, address: PgColumn): SQL =>
  sql`EXISTS (SELECT 1 FROM ${users} WHERE ${users.organisationId} = ${organisationId} AND ${users.email} = ${address}
    AND ${users.role} = 'owner' AND ${users.disabledAt} IS NULL AND ${users.waitingSince} IS NULL)`

/** Owners who can sign in. Locks the organisation's row until the transaction ends, so that two changes at once count right. */
export const lockActiveOwners = async (db: Database, organisationId: string): Promise<User[]> => {
  await db
    .select({ id: organisations.id })
    .from(organisations)
    .where(eq(organisations.id, organisationId))
    .for('update')
  return db
    .select()
    .from(users)
    .where(
      and(
        eq(users.organisationId, organisationId),
        eq(users.role, 'owner'),
        isNull(users.disabledAt),
        isNull(users.waitingSince),
      ),
    )
}

/** Every person that a login names, one an organisation; disabled and waiting ones too. */
export const peopleOfLogin = async (
  db: Database,
  kind: 'email' | 'prism',
  identifier: string,
): Promise<User[]> => {
  const found = await db
    .select({ user: users })
    .from(logins)
    .innerJoin(users, and(eq(users.organisationId, logins.organisationId), eq(users.id, logins.userId)))
    .where(and(eq(logins.kind, kind), eq(logins.identifier, identifier.toLowerCase())))
    .orderBy(asc(users.createdAt))
  return found.map((row) => row.user)
}

/** Those who ask to be let in (B6), the longest first. */
export const peopleWaiting = async (
  db: Database,
  organisationId: string,
): Promise<(User & { readonly waitingSince: Date })[]> => {
  const rows = await db
    .select()
    .from(users)
    .where(
      and(eq(users.organisationId, organisationId), isNotNull(users.waitingSince), isNull(users.disabledAt)),
    )
    .orderBy(asc(users.waitingSince))
  return rows.flatMap((row) =>
    row.waitingSince === null ? [] : [{ ...row, waitingSince: row.waitingSince }],
  )
}
