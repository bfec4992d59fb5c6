import { and, asc, eq, sql } from 'drizzle-orm'
import { connections } from '#db/connections/tables.ts'
import { organisations } from '#db/directory/tables.ts'
import type { MemberRight } from '#lib/base/member-rights.ts'
import type { Database } from '../client.ts'
import { members } from './tables.ts'

export type Member = typeof members.$inferSelect

const is = (organisationId: string, memberId: string) =>
  and(eq(members.organisationId, organisationId), eq(members.memberId, memberId.toLowerCase()))

/** `null` where nobody of this name was proved here, and none has a right of their own. */
export const member = async (
  db: Database,
  organisationId: string,
  memberId: string,
): Promise<Member | null> => (await db.select().from(members).where(is(organisationId, memberId)))[0] ?? null

/** By identifier. */
export const membersOf = async (db: Database, organisationId: string): Promise<Member[]> =>
  db.select().from(members).where(eq(members.organisationId, organisationId)).orderBy(asc(members.memberId))

/** Notes that ConnectWise proved the member just now. */
export const noteProved = async (
  db: Database,
  organisationId: string,
  { memberId, name, provedAt }: Pick<Member, 'memberId' | 'name'> & { readonly provedAt: Date },
): Promise<void> => {
  const proved = { name, provedAt }
  await db
    .insert(members)
    .values({ organisationId, memberId, ...proved })
    .onConflictDoUpdate({ target: [members.organisationId, members.memberId], set: proved })
}

/** Gives a member a right of their own; `null` takes it back. Gives the one before. */
export const setOwnRight = async (
  db: Database,
  organisationId: string,
  memberId: string,
  ownRight: MemberRight | null,
): Promise<MemberRight | null> => {
  const [before] = await db.select().from(members).where(is(organisationId, memberId)).for('update')
  await db
    .insert(members)
    .values({ organisationId, memberId: memberId.toLowerCase(), ownRight })
    .onConflictDoUpdate({ target: [members.organisationId, members.memberId], set: { ownRight } })
  return before?.ownRight ?? null
}

/** Ends every session of the member that was sealed until now. */
export const endSessionsOf = async (
  db: Database,
  organisationId: string,
  memberId: string,
): Promise<void> => {
  await db.update(members).set({ sessionsFrom: sql`clock_timestamp()` }).where(is(organisationId, memberId))
}

/** What a member's session rests on. */
export interface MemberStanding {
  readonly right: MemberRight
  /** A session that was sealed earlier has ended: ConnectWise was connected anew, or the member's sessions were ended. */
  readonly sessionsFrom: Date
}

/** `null` where the organisation, or its connection to ConnectWise, is not there any more. */
export const memberStanding = async (
  db: Database,
  organisationId: string,
  memberId: string,
): Promise<MemberStanding | null> => {
  const [row] = await db
    .select({
      right: sql<MemberRight>`coalesce(${members.ownRight}, ${organisations.membersRight})`,
      connectedAt: connections.connectedAt,
      sessionsFrom: members.sessionsFrom,
    })
    .from(organisations)
    .innerJoin(
      connections,
      and(eq(connections.organisationId, organisations.id), eq(connections.kind, 'connectwise')),
    )
    .leftJoin(
      members,
      and(eq(members.organisationId, organisations.id), eq(members.memberId, memberId.toLowerCase())),
    )
    .where(eq(organisations.id, organisationId))
  if (row === undefined) return null
  const { right, connectedAt, sessionsFrom } = row
  const later = sessionsFrom !== null && sessionsFrom > connectedAt ? sessionsFrom : connectedAt
  return { right, sessionsFrom: later }
}
