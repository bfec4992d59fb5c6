/** What the routes about people share. */
import type { Reply } from '#app/contracts/table.ts'
import { refuse } from '#app/http/api-route.ts'
import { createOrganisation, organisation } from '#db/directory/organisations.ts'
import { OPERATOR } from '#db/people/invitations.ts'
import type { PersonRole, Principal } from '#lib/auth/actions.ts'
import { invitationOf, invite } from '#lib/auth/invitations.ts'
import type { PeopleContext } from '#lib/auth/people.ts'
import { log } from '#lib/base/log.ts'
import { invitationMail } from '#lib/notify/invitation.ts'
import { server } from './process.ts'

/** The context of a verb, and the person. Throws `sign-in-needed` for a token or a ConnectWise member. */
export function peopleContext({
  organisationId,
  actor,
  userId,
}: Principal): PeopleContext & { userId: string } {
  if (userId === null) throw refuse('sign-in-needed', 'This is for a person who has signed in.')
  return { db: server().db, organisationId, actor, userId }
}

/** Invites and mails the link. Where no mail goes out, the answer has the link, to be handed over by other means. */
export async function inviteByMail(ctx: PeopleContext, input: { email: string; role: PersonRole }) {
  const { env, mailer, db } = server()
  const { invitation, token } = await invite({ ctx, input })
  // After the #: it reaches no server log on its way.
  const link = `${env.appUrl}/invitation#${token}`
  const found = await organisation(db, ctx.organisationId)
  const mail = invitationMail({
    to: invitation.email,
    by: ctx.actor,
    organisation: found?.name ?? '',
    role: invitation.role,
    link,
    expiresAt: invitation.expiresAt,
  })
  const sent = mailer !== null && (await mailer.send(mail).then(() => true, noteFailure))
  const { id, email, role, expiresAt } = invitation
  return { id, email, role, expiresAt: expiresAt.toISOString(), sent, link: sent ? null : link }
}

function noteFailure(error: unknown): boolean {
  log.warn('mail-not-sent', { kind: 'invitation', error })
  return false
}

/** An organisation, whose owner is invited by the operator (B6). */
export async function createOrganisationWithOwner({
  name,
  ownerEmail,
}: {
  readonly name: string
  readonly ownerEmail: string
}): Promise<Reply<'POST /api/organisations'>> {
  const { db } = server()
  const { id, publicId } = await createOrganisation(db, { name })
  const ctx = { db, organisationId: id, actor: OPERATOR }
  const invitation = await inviteByMail(ctx, { email: ownerEmail, role: 'owner' })
  return { id, publicId, name, invitation }
}

/** Whom a link invites. Throws `link-invalid`. */
export async function invitedBy(token: string): Promise<Reply<'PUT /api/session/invitation'>> {
  const { db } = server()
  const { email, role, organisationId } = await invitationOf(db, token)
  const found = await organisation(db, organisationId)
  return { email, role, organisation: found?.name ?? '' }
}
