/** What the routes about people share. */

import { refuse } from '#app/http/route.ts'
import { organisation } from '#db/directory/organisations.ts'
import type { PersonRole, Principal } from '#lib/auth/actions.ts'
import { invite } from '#lib/auth/invitations.ts'
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
