import { and, desc, eq, gt, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { isOwnersAddress } from './people.ts'
import { invitations } from './tables.ts'

export type Invitation = typeof invitations.$inferSelect

/** How an invitation names the operator of the deployment, who is no person of the organisation. */
export const OPERATOR = 'operator'

/** An invitation is worth what its maker is: that of somebody who is no owner any more cannot be accepted. */
const open = (organisationId: string): SQL | undefined =>
  and(
    eq(invitations.organisationId, organisationId),
    isNull(invitations.acceptedAt),
    isNull(invitations.withdrawnAt),
    gt(invitations.expiresAt, sql`now()`),
    or(eq(invitations.createdBy, OPERATOR), isOwnersAddress(organisationId, invitations.createdBy)),
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

/** Withdraws what is open to or by an address; gives whom it had invited. */
export const withdrawInvitationsOf = async (
  db: Database,
  organisationId: string,
  { to, by }: { readonly to?: string | undefined; readonly by?: string | undefined },
): Promise<Pick<Invitation, 'email'>[]> => {
  const meant = [
    ...(to === undefined ? [] : [eq(invitations.email, to)]),
    ...(by === undefined ? [] : [eq(invitations.createdBy, by)]),
  ]
  if (meant.length === 0) return []
  return db
    .update(invitations)
    .set({ withdrawnAt: new Date() })
    .where(
      and(
        eq(invitations.organisationId, organisationId),
        isNull(invitations.acceptedAt),
        isNull(invitations.withdrawnAt),
        or(...meant),
      ),
    )
    .returning({ email: invitations.email })
}
