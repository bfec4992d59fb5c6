/** The people of an organisation: invited, changed, switched off; each change audited in its own transaction. */
import type { Database } from '#db/client.ts'
import { audit } from '#db/queries/audit.ts'
import {
  createInvitation,
  type Invitation,
  openInvitation,
  useInvitation,
  withdrawInvitation,
} from '#db/queries/invitations.ts'
import { changeUser, createUser, lockActiveOwners, type User, user, userByEmail } from '#db/queries/people.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { PersonRole } from './actions.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { hashOfToken, newToken, organisationOfToken } from './tokens.ts'

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

const INVITATION_DAYS = 7
const DAY_MS = 24 * 60 * 60 * 1000

/** Invites, also somebody who is here already: then the link sets a new password. The token is given once. */
export async function invite({
  ctx,
  input,
}: {
  ctx: PeopleContext
  input: { readonly email: string; readonly role: PersonRole }
}): Promise<{ invitation: Invitation; token: string }> {
  const { db, organisationId, actor } = ctx
  const token = newToken('invitation', organisationId)
  const expiresAt = new Date(Date.now() + INVITATION_DAYS * DAY_MS)
  const invitation = await db.transaction(async (tx) => {
    const stored = await createInvitation(tx, organisationId, {
      ...input,
      tokenHash: hashOfToken(token),
      createdBy: actor,
      expiresAt,
    })
    await audit(tx, organisationId, {
      actor,
      action: 'invite-person',
      subject: stored.email,
      detail: { after: { role: input.role } },
    })
    return stored
  })
  return { invitation, token }
}

/** Throws `not-found`. */
export async function withdraw({
  ctx,
  input,
}: {
  ctx: PeopleContext
  input: { readonly id: string }
}): Promise<void> {
  const { db, organisationId, actor } = ctx
  await db.transaction(async (tx) => {
    const withdrawn = await withdrawInvitation(tx, organisationId, input.id)
    if (withdrawn === null) throw new ProductError('not-found', 'There is no such open invitation.')
    await audit(tx, organisationId, { actor, action: 'withdraw-invitation', subject: withdrawn.email })
  })
}

const invalidLink = (): ProductError =>
  new ProductError('link-invalid', 'This invitation was used already, was withdrawn, or is too old.')

/** Whom the link invites. Throws `link-invalid`. */
export async function invitationOf(db: Database, token: string): Promise<Invitation> {
  const organisationId = organisationOfToken('invitation', token)
  const found = organisationId === null ? null : await openInvitation(db, organisationId, hashOfToken(token))
  if (found === null) throw invalidLink()
  return found
}

export interface AcceptInput {
  readonly token: string
  readonly name: string
  readonly password: string
}

/** The person who was invited, new or with the new password, role and name. Throws `link-invalid`. */
export async function acceptInvitation({ db, input }: { db: Database; input: AcceptInput }): Promise<User> {
  const { organisationId, tokenHash } = await invitationOf(db, input.token)
  const passwordHash = await hashPassword(input.password)
  return db.transaction(async (tx) => {
    const used = await useInvitation(tx, organisationId, tokenHash)
    if (used === null) throw invalidLink()
    const { email, role } = used
    const known = await userByEmail(tx, organisationId, email)
    const person = { name: input.name, role, passwordHash }
    if (known === null) await createUser(tx, organisationId, { ...person, email })
    else await changeUser(tx, organisationId, known.id, { ...person, ...restored() })
    await audit(tx, organisationId, {
      actor: email,
      action: 'accept-invitation',
      subject: email,
      detail: {
        before: known === null ? null : { role: known.role, state: stateOf(known) },
        after: { role },
      },
    })
    const accepted = await userByEmail(tx, organisationId, email)
    if (accepted === null) throw new Error('An accepted invitation left nobody')
    return accepted
  })
}

const restored = () => ({ disabledAt: null, waitingSince: null, sessionsFrom: new Date() })

export interface PersonChange {
  readonly role?: PersonRole | undefined
  /** `active` also is the owner's yes to somebody who waits. */
  readonly state?: 'active' | 'disabled' | undefined
}

/** Throws `not-found`, and `conflict` where nobody would be left who owns the organisation. */
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
    const role = change.role ?? before.role
    const state = change.state ?? stateOf(before)
    const staysOwner = role === 'owner' && state === 'active'
    if (!staysOwner && owners.every(({ id }) => id === userId) && owners.length > 0)
      throw new ProductError('conflict', `${before.email} is the only owner; make somebody else owner first.`)
    await changeUser(tx, organisationId, userId, {
      role,
      ...(change.state === 'active' ? { disabledAt: null, waitingSince: null } : {}),
      ...(change.state === 'disabled' ? { disabledAt: new Date(), sessionsFrom: new Date() } : {}),
    })
    await audit(tx, organisationId, {
      actor,
      action: 'change-person',
      subject: before.email,
      detail: { before: { role: before.role, state: stateOf(before) }, after: { role, state } },
    })
  })
}

interface OwnContext extends PeopleContext {
  readonly userId: string
}

/** Ends every session of the person, this one included. */
export async function signOutEverywhere({ ctx }: { ctx: OwnContext }): Promise<void> {
  const { db, organisationId, actor, userId } = ctx
  await db.transaction(async (tx) => {
    await changeUser(tx, organisationId, userId, { sessionsFrom: new Date() })
    await audit(tx, organisationId, { actor, action: 'sign-out-everywhere', subject: actor })
  })
}

/** Sets a new password and ends the person's other sessions. Throws `sign-in-refused` where the present one is wrong. */
export async function changePassword({
  ctx,
  input,
}: {
  ctx: OwnContext
  input: { readonly current: string; readonly password: string }
}): Promise<void> {
  const { db, organisationId, actor, userId } = ctx
  const person = await user(db, organisationId, userId)
  if (person === null || !(await isPassword(input.current, person.passwordHash)))
    throw new ProductError('sign-in-refused', 'The present password is not right.')
  const passwordHash = await hashPassword(input.password)
  await db.transaction(async (tx) => {
    await changeUser(tx, organisationId, userId, { passwordHash, sessionsFrom: new Date() })
    await audit(tx, organisationId, { actor, action: 'change-password', subject: actor })
  })
}
