/** Invitations: a link gives whoever has it a role in the organisation. */
import type { Database } from '#db/client.ts'
import { audit } from '#db/people/audit.ts'
import {
  createInvitation,
  type Invitation,
  openInvitation,
  useInvitation,
  withdrawInvitation,
} from '#db/people/invitations.ts'
import { changeUser, createUser, lockActiveOwners, type User, userByEmail } from '#db/people/people.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { PersonRole } from './actions.ts'
import { type Caller, tryAs } from './limits.ts'
import { requireStrong } from './password-strength.ts'
import { hashPassword } from './passwords.ts'
import { type PeopleContext, requireAnotherOwner, stateOf } from './people.ts'
import { hashBeside, knownOf } from './sign-in.ts'
import { hashOfToken, newToken, organisationOfToken } from './tokens.ts'

const INVITATION_DAYS = 7
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Invites, also somebody who is here already: then the link sets a new password. The token is given once. Throws `conflict`
 * for somebody who is switched off: no link lifts that.
 */
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
    const known = await userByEmail(tx, organisationId, input.email)
    if (known !== null && stateOf(known) === 'disabled')
      throw new ProductError(
        'conflict',
        `${known.email} is switched off. Switch them on first, under People.`,
      )
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

/** The person who was invited, new or with the new password, role and name. Throws `link-invalid`, `too-many-requests`. */
export async function acceptInvitation({
  db,
  caller,
  input,
}: {
  db: Database
  caller: Caller
  input: AcceptInput
}): Promise<User> {
  return tryAs({ db, caller, kind: 'password' }, async () => {
    const invitation = await invitationOf(db, input.token)
    requireStrong(input.password, await knownOf(db, { ...invitation, name: input.name }))
    const passwordHash = await hashPassword(input.password, await hashBeside(db, invitation))
    return db.transaction((tx) => accepted(tx, invitation, { name: input.name, passwordHash }))
  })
}

async function accepted(
  tx: Database,
  { organisationId, tokenHash }: Invitation,
  person: Pick<User, 'name' | 'passwordHash'>,
): Promise<User> {
  // Whoever changes a person locks the same: a link is used before the change, and undone by it, or not at all.
  const owners = await lockActiveOwners(tx, organisationId)
  const used = await useInvitation(tx, organisationId, tokenHash)
  if (used === null) throw invalidLink()
  const { email, role } = used
  const known = await userByEmail(tx, organisationId, email)
  if (known === null) await createUser(tx, organisationId, { ...person, role, email })
  else {
    if (stateOf(known) === 'disabled') throw invalidLink()
    if (role !== 'owner') requireAnotherOwner(owners, known)
    const restored = { waitingSince: null, sessionsFrom: new Date() }
    await changeUser(tx, organisationId, known.id, { ...person, role, ...restored })
  }
  await audit(tx, organisationId, {
    actor: email,
    action: 'accept-invitation',
    subject: email,
    detail: {
      before: known === null ? null : { role: known.role, state: stateOf(known) },
      after: { role },
    },
  })
  const now = await userByEmail(tx, organisationId, email)
  if (now === null) throw new Error('An accepted invitation left nobody')
  return now
}
