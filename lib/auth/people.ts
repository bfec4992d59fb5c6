/** The people of an organisation: another role, switched off, on again; each change audited in its own transaction. */
import type { Database } from '#db/client.ts'
import { organisation } from '#db/directory/organisations.ts'
import { revokeApiTokensBy } from '#db/people/api-tokens.ts'
import { audit } from '#db/people/audit.ts'
import { withdrawInvitationsOf } from '#db/people/invitations.ts'
import { changeUser, lockActiveOwners, type User, user } from '#db/people/people.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { PersonRole } from './actions.ts'
import { demandOfSessions } from './factor-demand.ts'

export interface PeopleContext {
  readonly db: Database
  readonly organisationId: string
  readonly actor: string
}

export type PersonState = 'active' | 'waiting' | 'disabled'

export const stateOf = ({
  disabledAt,
  waitingSince,
}: Pick<User, 'disabledAt' | 'waitingSince'>): PersonState =>
  disabledAt !== null ? 'disabled' : waitingSince !== null ? 'waiting' : 'active'

export interface PersonChange {
  readonly role?: PersonRole | undefined
  /** `active` also is the owner's yes to somebody who waits. */
  readonly state?: 'active' | 'disabled' | undefined
}

/**
 * Also ends what the person could come back by, or act by in somebody's name: see `endAccess`. Throws `not-found`, and
 * `conflict` where nobody would be left who owns the organisation.
 */
export async function changePerson({
  ctx,
  input: { userId, change },
}: {
  ctx: PeopleContext
  input: { readonly userId: string; readonly change: PersonChange }
}): Promise<void> {
  const { db, organisationId, actor } = ctx
  await db.transaction(async (tx) => {
    const owners = await lockActiveOwners(tx, organisationId)
    const before = await user(tx, organisationId, userId)
    if (before === null) throw new ProductError('not-found', 'There is no such person.')
    const after = { role: change.role ?? before.role, state: change.state ?? stateOf(before) }
    if (!isActiveOwner(after)) requireAnotherOwner(owners, before)
    await changeUser(tx, organisationId, userId, { role: after.role, ...switched(before, change.state) })
    await audit(tx, organisationId, {
      actor,
      action: 'change-person',
      subject: before.email,
      detail: { before: { role: before.role, state: stateOf(before) }, after },
    })
    if (after.role !== before.role) {
      const wanted = (await organisation(tx, organisationId))?.secondFactor
      if (wanted !== undefined) await demandOfSessions({ ...ctx, db: tx }, wanted, userId)
    }
    const isLess = after.role !== before.role || after.state === 'disabled'
    await endAccess({ ...ctx, db: tx }, before.email, {
      asInvited: isLess,
      asOwner: !isActiveOwner(after),
    })
  })
}

const isActiveOwner = ({ role, state }: { role: PersonRole; state: PersonState }): boolean =>
  role === 'owner' && state === 'active'

/** Throws `conflict` where the person is the only owner of the organisation. */
export function requireAnotherOwner(owners: readonly User[], person: User): void {
  if (owners.length > 0 && owners.every(({ id }) => id === person.id))
    throw new ProductError('conflict', `${person.email} is the only owner; make somebody else owner first.`)
}

/** Sessions from before do not come back with the person. */
function switched(before: User, state: PersonChange['state']) {
  if (state === undefined || state === stateOf(before)) return {}
  const now = new Date()
  return state === 'disabled'
    ? { disabledAt: now, sessionsFrom: now }
    : { disabledAt: null, waitingSince: null, sessionsFrom: now }
}

/**
 * Ends what outlives a session: links that would give the person back the role they had, and, of somebody who owns the
 * organisation no more, the links they sent and the API tokens they made, of which they may hold copies.
 */
async function endAccess(
  { db, organisationId, actor }: PeopleContext,
  email: string,
  { asInvited, asOwner }: { readonly asInvited: boolean; readonly asOwner: boolean },
): Promise<void> {
  const meant = { to: asInvited ? email : undefined, by: asOwner ? email : undefined }
  for (const invitation of await withdrawInvitationsOf(db, organisationId, meant))
    await audit(db, organisationId, { actor, action: 'withdraw-invitation', subject: invitation.email })
  if (!asOwner) return
  for (const token of await revokeApiTokensBy(db, organisationId, email))
    await audit(db, organisationId, { actor, action: 'revoke-token', subject: token.name })
}
