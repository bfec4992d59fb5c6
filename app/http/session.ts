/** The signed-in person's session on the standalone site. */
import type { Reply } from '#app/contracts/table.ts'
import { withCookie } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { organisation } from '#db/directory/organisations.ts'
import { type User, user } from '#db/people/people.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { userCookie } from '#lib/auth/cookies.ts'
import { sealSession } from '#lib/auth/sealed-sessions.ts'
import { refuse } from './api-route.ts'

export const isSecure = (): boolean => server().env.appUrl.startsWith('https://')

/** `Set-Cookie` of a new session. */
export async function sessionCookie({ organisationId, id: userId, sessionsFrom }: User): Promise<string> {
  // Another process, whose clock goes ahead of ours, may just have ended the sessions before.
  const signedInAt = Math.max(Date.now(), (sessionsFrom?.getTime() ?? 0) + 1)
  const session = { kind: 'user', organisationId, userId, signedInAt } as const
  return userCookie(await sealSession(session, server().env.sessionSecret), isSecure())
}

/** Answers with who is signed in now. */
export const signedIn = async (person: User) =>
  withCookie(await shownSession(person), await sessionCookie(person))

/** `Set-Cookie` that takes the session away. */
export const endedCookie = (): string => userCookie(null, isSecure())

export async function shownSession({
  organisationId,
  email,
  name,
  role,
}: User): Promise<Reply<'GET /api/session'>> {
  const found = await organisation(server().db, organisationId)
  if (found === null) throw new Error('A person belongs to an organisation that is not there')
  return { user: { email, name, role }, organisation: { publicId: found.publicId, name: found.name } }
}

/** The person behind a principal. Throws `sign-in-needed` for a token or a ConnectWise member. */
export async function personOf({ organisationId, userId }: Principal): Promise<User> {
  const person = userId === null ? null : await user(server().db, organisationId, userId)
  if (person === null) throw refuse('sign-in-needed', 'This is for a person who has signed in.')
  return person
}
