/** The one place that decides who asks and whether they may. */
import type { Database } from '#db/client.ts'
import { organisation } from '#db/directory/organisations.ts'
import { useApiToken } from '#db/people/api-tokens.ts'
import { isSessionEnded, noteEndedSession } from '#db/people/ended-sessions.ts'
import { memberStanding } from '#db/people/members.ts'
import { user } from '#db/people/people.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Secret } from '#lib/base/secrets.ts'
import { type Action, mayDo, memberRole, type Principal } from './actions.ts'
import { POD_COOKIE, readCookie, userCookieName } from './cookies.ts'
import { type Asked, bearerOf, requireOrigin } from './origin.ts'
import {
  longestOf,
  type PodSession,
  type UserSession,
  unsealPodSession,
  unsealUserSession,
} from './sealed-sessions.ts'
import { maySignIn } from './sign-in.ts'
import { hashOfToken, organisationOfToken } from './tokens.ts'

/** A pod names its organisation in it. Another site's form cannot send it, so a cookie alone moves nothing. */
export const POD_HEADER = 'x-prism-pod'

export interface AuthContext {
  readonly db: Database
  readonly sessionSecret: Secret
  readonly appUrl: string
}

/** Who asks. Throws `sign-in-needed`, or `not-allowed` where the role lacks the action. */
export async function authorise(ctx: AuthContext, asked: Asked, action: Action): Promise<Principal> {
  const principal = await principalOf(ctx, asked)
  if (principal === null)
    throw new ProductError('sign-in-needed', 'Nobody is signed in, or the session has run out.')
  if (!mayDo(principal.role, action, principal.via)) {
    throw new ProductError('not-allowed', refusalOf(principal, action))
  }
  return principal
}

const refusalOf = ({ pod, actor }: Principal, action: Action): string =>
  pod === null
    ? `${actor} may not do this (${action}).`
    : `ConnectWise member ${pod.memberId} may look here, but not do this. An owner can change that in Prism Pod, under Settings, Members of ConnectWise.`

/** Who asks; `null` where nobody is signed in. */
export async function principalOf(ctx: AuthContext, asked: Asked): Promise<Principal | null> {
  const token = bearerOf(asked)
  const organisationId = token === null ? null : organisationOfToken('api', token)
  if (token !== null && organisationId !== null) return tokenPrincipal(ctx, organisationId, token)
  const session = await sessionOf(ctx, asked)
  if (session === null || (await isSessionEnded(ctx.db, session.organisationId, session.id))) return null
  return session.kind === 'pod' ? podPrincipal(ctx, session) : personPrincipal(ctx, session)
}

/** Ends the session that the request carries, for whoever has a copy of it too. Without one there is nothing to end. */
export async function endSession(ctx: AuthContext, asked: Asked): Promise<void> {
  const session = await sessionOf(ctx, asked)
  if (session === null) return
  const endsAt = new Date(Date.now() + longestOf(session) * 1000)
  await noteEndedSession(ctx.db, session.organisationId, { sessionId: session.id, endsAt })
}

/** The session as it was sealed, whoever it is of and whatever became of them since. */
async function sessionOf(ctx: AuthContext, asked: Asked): Promise<UserSession | PodSession | null> {
  const bearer = bearerOf(asked)
  if (bearer !== null) return unsealPodSession(bearer, ctx.sessionSecret)
  const cookies = asked.headers.get('cookie')
  const pod = asked.headers.get(POD_HEADER)
  if (pod !== null) {
    const sealed = readCookie(cookies, POD_COOKIE)
    const session = sealed === null ? null : await unsealPodSession(sealed, ctx.sessionSecret)
    // Pods of two organisations may be open under one ConnectWise host, and share the cookie jar.
    if (session !== null && session.publicId === pod) return ofOwnPage(asked, session)
  }
  const sealed = readCookie(cookies, userCookieName(isSecure(ctx)))
  const session = sealed === null ? null : await unsealUserSession(sealed, ctx.sessionSecret)
  if (session === null) return null
  // Someone who signed in to one organisation may open the address of another's pod: that is not theirs to see.
  if (pod !== null && (await organisation(ctx.db, session.organisationId))?.publicId !== pod) return null
  return ofOwnPage(asked, session)
}

/** A cookie is sent whoever made the request; that it was not another site's page, `route` has looked at. */
function ofOwnPage<S>(asked: Asked, session: S): S {
  requireOrigin(asked)
  return session
}

const isSecure = ({ appUrl }: AuthContext): boolean => appUrl.startsWith('https://')

async function personPrincipal(ctx: AuthContext, session: UserSession): Promise<Principal | null> {
  const { organisationId, userId, signedInAt } = session
  const person = await user(ctx.db, organisationId, userId)
  if (person === null || !maySignIn(person)) return null
  if (person.sessionsFrom !== null && signedInAt <= person.sessionsFrom.getTime()) return null
  return { organisationId, role: person.role, actor: person.email, via: 'hand', userId, pod: null }
}

async function tokenPrincipal(
  ctx: AuthContext,
  organisationId: string,
  text: string,
): Promise<Principal | null> {
  const token = await useApiToken(ctx.db, organisationId, hashOfToken(text))
  if (token === null) return null
  const actor = `API token “${token.name}”`
  return { organisationId, role: token.role, actor, via: 'api', userId: null, pod: null }
}

/** What the member may now, not when the session was sealed; `null` where the right or the connection ended since. */
async function podPrincipal(ctx: AuthContext, session: PodSession): Promise<Principal | null> {
  const { organisationId, memberId, record, sealedAt } = session
  const standing = await memberStanding(ctx.db, organisationId, memberId)
  if (standing === null || sealedAt < standing.sessionsFrom.getTime()) return null
  const role = memberRole(standing.right)
  if (role === null) return null
  const pod = { memberId, record }
  return { organisationId, role, actor: `ConnectWise member ${memberId}`, via: 'pod', userId: null, pod }
}

/** The member's session that a request of this organisation's pod carries, whatever became of it since; `null` where none. */
export async function podSessionIn(
  { sessionSecret }: Pick<AuthContext, 'sessionSecret'>,
  { headers }: Pick<Asked, 'headers'>,
  organisationId: string,
): Promise<PodSession | null> {
  const sealed = readCookie(headers.get('cookie'), POD_COOKIE)
  const session = sealed === null ? null : await unsealPodSession(sealed, sessionSecret)
  return session?.organisationId === organisationId ? session : null
}
