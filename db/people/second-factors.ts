import { and, eq, isNotNull, isNull, lt, ne, or, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import type { Role } from './people.ts'
import { recoveryCodes, secondFactors } from './second-factor-tables.ts'
import { users } from './tables.ts'

export type SecondFactor = typeof secondFactors.$inferSelect

const isOf = (organisationId: string, userId: string) =>
  and(eq(secondFactors.organisationId, organisationId), eq(secondFactors.userId, userId))
const codesOf = (organisationId: string, userId: string) =>
  and(eq(recoveryCodes.organisationId, organisationId), eq(recoveryCodes.userId, userId))

export const secondFactor = async (
  db: Database,
  organisationId: string,
  userId: string,
): Promise<SecondFactor | null> =>
  (await db.select().from(secondFactors).where(isOf(organisationId, userId)))[0] ?? null

/** Stores one that asks for nothing yet, with its codes, in the place of another such; false where there is a confirmed one. */
export const putSecondFactor = async (
  db: Database,
  organisationId: string,
  userId: string,
  {
    codeHashes,
    ...values
  }: Pick<SecondFactor, 'sealed' | 'sealKeyId'> & { readonly codeHashes: readonly string[] },
): Promise<boolean> =>
  db.transaction(async (tx) => {
    const put = await tx
      .insert(secondFactors)
      .values({ ...values, organisationId, userId })
      .onConflictDoUpdate({
        target: [secondFactors.organisationId, secondFactors.userId],
        set: { ...values, createdAt: sql`now()`, lastStep: null },
        setWhere: isNull(secondFactors.confirmedAt),
      })
      .returning({ userId: secondFactors.userId })
    if (put.length === 0) return false
    await tx.delete(recoveryCodes).where(codesOf(organisationId, userId))
    for (const codeHash of codeHashes)
      await tx.insert(recoveryCodes).values({ organisationId, userId, codeHash })
    return true
  })

/** From now on it is asked for. */
export const confirmSecondFactor = async (
  db: Database,
  organisationId: string,
  userId: string,
): Promise<void> => {
  await db.update(secondFactors).set({ confirmedAt: new Date() }).where(isOf(organisationId, userId))
}

/** Notes that a step's code was used; false where one of it or of a later one was before. */
export const useStep = async (
  db: Database,
  organisationId: string,
  userId: string,
  step: number,
): Promise<boolean> => {
  const used = await db
    .update(secondFactors)
    .set({ lastStep: step })
    .where(
      and(isOf(organisationId, userId), or(isNull(secondFactors.lastStep), lt(secondFactors.lastStep, step))),
    )
    .returning({ userId: secondFactors.userId })
  return used.length > 0
}

/** Whether there was one that nobody had used. */
export const useRecoveryCode = async (
  db: Database,
  organisationId: string,
  userId: string,
  codeHash: string,
): Promise<boolean> => {
  const used = await db
    .update(recoveryCodes)
    .set({ usedAt: new Date() })
    .where(
      and(
        codesOf(organisationId, userId),
        eq(recoveryCodes.codeHash, codeHash),
        isNull(recoveryCodes.usedAt),
      ),
    )
    .returning({ userId: recoveryCodes.userId })
  return used.length > 0
}

/** With its codes; whether there was one. */
export const deleteSecondFactor = async (
  db: Database,
  organisationId: string,
  userId: string,
): Promise<boolean> => {
  await db.delete(recoveryCodes).where(codesOf(organisationId, userId))
  const gone = await db
    .delete(secondFactors)
    .where(isOf(organisationId, userId))
    .returning({ userId: secondFactors.userId })
  return gone.length > 0
}

/** Who of the organisation is asked for one. */
export const peopleWithSecondFactor = async (
  db: Database,
  organisationId: string,
): Promise<ReadonlySet<string>> => {
  const rows = await db
    .select({ userId: secondFactors.userId })
    .from(secondFactors)
    .where(and(eq(secondFactors.organisationId, organisationId), isNotNull(secondFactors.confirmedAt)))
  return new Set(rows.map(({ userId }) => userId))
}

/**
 * Ends the sessions, begun before `at`, of whoever signs in with a password and has no second factor that is asked for: of the one
 * person, of one role's people, or of everybody. Gives their addresses.
 */
export const endSessionsWithoutFactor = async (
  db: Database,
  organisationId: string,
  at: Date,
  { userId, role }: { readonly userId?: string; readonly role?: Role } = {},
): Promise<string[]> => {
  const rows = await db
    .update(users)
    .set({ sessionsFrom: at })
    .where(
      and(
        eq(users.organisationId, organisationId),
        userId === undefined ? undefined : eq(users.id, userId),
        role === undefined ? undefined : eq(users.role, role),
        isNotNull(users.passwordHash),
        sql`NOT EXISTS (SELECT 1 FROM ${secondFactors} WHERE ${secondFactors.organisationId} = ${organisationId}
          AND ${secondFactors.userId} = ${users.id} AND ${secondFactors.confirmedAt} IS NOT NULL)`,
      ),
    )
    .returning({ email: users.email })
  return rows.map(({ email }) => email).sort()
}

/** Every organisation's that are not sealed with the key; for the operator's command alone. */
export const secondFactorsSealedWithOther = async (
  db: Database,
  sealKeyId: string,
): Promise<Pick<SecondFactor, 'organisationId' | 'userId' | 'sealed'>[]> =>
  db
    .select({
      organisationId: secondFactors.organisationId,
      userId: secondFactors.userId,
      sealed: secondFactors.sealed,
    })
    .from(secondFactors)
    .where(ne(secondFactors.sealKeyId, sealKeyId))

/** Replaces the sealed secret where it still is `before`. */
export const replaceSealedSecondFactor = async (
  db: Database,
  organisationId: string,
  userId: string,
  { before, ...values }: Pick<SecondFactor, 'sealed' | 'sealKeyId'> & { readonly before: string },
): Promise<boolean> => {
  const rows = await db
    .update(secondFactors)
    .set(values)
    .where(and(isOf(organisationId, userId), eq(secondFactors.sealed, before)))
    .returning({ userId: secondFactors.userId })
  return rows.length > 0
}

/** What the secret of a person's second factor is sealed for. */
export const secondFactorKind = (userId: string): string => `second factor ${userId}`
