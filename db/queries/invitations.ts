import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { invitations } from '../schema.ts'

export type Invitation = typeof invitations.$inferSelect

const open = (organisationId: string) =>
  and(
    eq(invitations.organisationId, organisationId),
    isNull(invitations.acceptedAt),
    isNull(invitations.withdrawnAt),
    gt(invitations.expiresAt, sql`now()`),
  )

/** Stores an invitation; open ones of the same address are withdrawn, so that one link works at a time. */
export const createInvitation = async (
  db: Database,
  organisationId: string,
  invitation: Pick<Invitation, 'email' | 'role' | 'tokenHash' | 'createdBy' | 'expiresAt'>,
): Promise<Invitation> =>
  db.transaction(async (tx) => {
    const email = invitation.email.toLowerCase()
    await tx
      .update(invitations)
      .set({ withdrawnAt: new Date() })
      .where(and(open(organisationId), eq(invitations.email, email)))
    const [row] = await tx
      .insert(invitations)
      .values({ ...invitation, email, organisationId })
      .returning()
    if (!row) throw new Error('An insert that returns its row returned none')
    return row
  })

/** Those that can still be accepted, the newest first. */
export const openInvitations = async (db: Database, organisationId: string): Promise<Invitation[]> =>
  db.select().from(invitations).where(open(organisationId)).orderBy(desc(invitations.createdAt))

/** `null` where it cannot be accepted any more. */
export const openInvitation = async (
  db: Database,
  organisationId: string,
  tokenHash: string,
): Promise<Invitation | null> =>
  (
    await db
      .select()
      .from(invitations)
      .where(and(open(organisationId), eq(invitations.tokenHash, tokenHash)))
  )[0] ?? null

/** Uses the invitation up; `null` where somebody was faster, or it cannot be accepted any more. */
export const useInvitation = async (
  db: Database,
  organisationId: string,
  tokenHash: string,
): Promise<Invitation | null> => {
  const [row] = await db
    .update(invitations)
    .set({ acceptedAt: new Date() })
    .where(and(open(organisationId), eq(invitations.tokenHash, tokenHash)))
    .returning()
  return row ?? null
}

export const withdrawInvitation = async (
  db: Database,
  organisationId: string,
  id: string,
): Promise<Invitation | null> => {
  const [row] = await db
    .update(invitations)
    .set({ withdrawnAt: new Date() })
    .where(and(open(organisationId), eq(invitations.id, id)))
    .returning()
  return row ?? null
}
