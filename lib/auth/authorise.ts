/** The one place that decides who asks and whether they may. */
import type { Database } from '#db/client.ts'
import { useApiToken } from '#db/queries/api-tokens.ts'
import { organisation } from '#db/queries/organisations.ts'
import { user } from '#db/queries/people.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Secret } from '#lib/base/secrets.ts'
import { type Action, mayDo, type Principal } from './actions.ts'
import { POD_COOKIE, readCookie, USER_COOKIE } from './cookies.ts'
import { type PodSession, type UserSession, unsealPodSession, unsealUserSession } from './sealed-sessions.ts'
import { maySignIn } from './sign-in.ts'
import { hashOfToken, organisationOfToken } from './tokens.ts'

/** A pod names its organisation in it. Another site's form cannot send it, so a cookie alone moves nothing. */
export const POD_HEADER = 'x-prism-pod'

export interface AuthContext {
  readonly db: Database
  readonly sessionSecret: Secret
  readonly appUrl: string
}

/** What of a request decides; a page hands in its headers, a route its request. */
export interface Asked {
  readonly method: string
  readonly headers: Pick<Headers, 'get'>
}

/** Who asks. Throws `sign-in-needed`, or `not-allowed` where the role lacks the action. */
export async function authorise(ctx: AuthContext, asked: Asked, action: Action): Promise<Principal> {
  const principal = await principalOf(ctx, asked)
  if (principal === null)
    throw new ProductError('sign-in-needed', 'Nobody is signed in, or the session has run out.')
  if (!mayDo(principal.role, action, principal.via)) {
    throw new ProductError('not-allowed', `${principal.actor} may not do this (${action}).`)
  }
  return principal
}

/** Who asks; `null` where nobody is signed in. */
export async function principalOf(ctx: AuthContext, asked: Asked): Promise<Principal | null> {
  const bearer = /^Bearer (.+)$/i.exec(asked.headers.get('authorization') ?? '')?.[1]
  if (bearer !== undefined) return bearerPrincipal(ctx, bearer)
  const cookies = asked.headers.get('cookie')
  const pod = asked.headers.get(POD_HEADER)
  if (pod !== null) {
    const sealed = readCookie(cookies, POD_COOKIE)
    const session = sealed === null ? null : await unsealPodSession(sealed, ctx.sessionSecret)
    // Pods of two organisations may be open under one ConnectWise host, and share the cookie jar.
    if (session !== null && session.publicId === pod) {
      refuseForeignOrigin(ctx, asked)
      return podPrincipal(ctx, session)
    }
  }
  const sealed = readCookie(cookies, USER_COOKIE)
  const session = sealed === null ? null : await unsealUserSession(sealed, ctx.sessionSecret)
  if (session === null) return null
  // Someone who signed in to one organisation may open the address of another's pod: that is not theirs to see.
  if (pod !== null && (await organisation(ctx.db, session.organisationId))?.publicId !== pod) return null
  refuseForeignOrigin(ctx, asked)
  return personPrincipal(ctx, session)
}

async function personPrincipal(ctx: AuthContext, session: UserSession): Promise<Principal | null> {
  const { organisationId, userId, signedInAt } = session
  const person = await user(ctx.db, organisationId, userId)
  if (person === null || !maySignIn(person)) return null
  if (person.sessionsFrom !== null && signedInAt < person.sessionsFrom.getTime()) return null
  return { organisationId, role: person.role, actor: person.email, via: 'hand', userId }
}

async function bearerPrincipal(ctx: AuthContext, bearer: string): Promise<Principal | null> {
  const organisationId = organisationOfToken('api', bearer)
  if (organisationId === null) {
    const session = await unsealPodSession(bearer, ctx.sessionSecret)
    return session === null ? null : podPrincipal(ctx, session)
  }
  const token = await useApiToken(ctx.db, organisationId, hashOfToken(bearer))
  if (token === null) return null
  return { organisationId, role: token.role, actor: `API token “${token.name}”`, via: 'api', userId: null }
}

async function podPrincipal(ctx: AuthContext, session: PodSession): Promise<Principal | null> {
  const { organisationId, memberId } = session
  const found = await organisation(ctx.db, organisationId)
  if (found === null) return null
  const role = found.membersMaySync ? 'syncing-member' : 'member'
  return { organisationId, role, actor: `ConnectWise member ${memberId}`, via: 'pod', userId: null }
}

const READING = ['GET', 'HEAD']

/** A cookie is sent whoever made the request; browsers say who with every state change. */
function refuseForeignOrigin({ appUrl }: AuthContext, { method, headers }: Asked): void {
  if (READING.includes(method)) return
  const origin = headers.get('origin')
  if (origin === new URL(appUrl).origin) return
  if (origin !== null && URL.canParse(origin) && new URL(origin).host === headers.get('host')) return
  throw new ProductError(
    'not-allowed',
    `A change was asked for from ${origin ?? 'an unnamed place'}, not from this site.`,
  )
}
