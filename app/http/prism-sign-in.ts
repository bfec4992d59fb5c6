/** What the routes of "Sign in with PRISM" share. */

import { server } from '#app/process/process.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { readCookie } from '#lib/auth/cookies.ts'
import { readPrismToken, TOKEN_COOKIE } from '#lib/auth/prism-cookies.ts'
import type { PrismSignInSettings } from '#lib/auth/prism-sign-in.ts'
import { refuse } from './api-route.ts'

/** Throws `not-found` where this deployment has no client at PRISM's identity server. */
export function prismSignInSettings(): PrismSignInSettings {
  const { env, guard } = server()
  if (env.prismSignIn === null)
    throw refuse('not-found', 'This deployment does not offer signing in with PRISM.')
  return {
    ...env.prismSignIn,
    identityUrl: env.prismIdentityUrl,
    redirectUri: `${env.appUrl}/api/session/prism/callback`,
    guard,
  }
}

/** What lets us act in PRISM for the person who signed in there. Throws `prism-sign-in-needed`. */
export async function prismTokenOf({ headers }: Pick<Request, 'headers'>, { userId }: Principal) {
  const sealed = readCookie(headers.get('cookie'), TOKEN_COOKIE)
  const token = await readPrismToken(sealed, userId ?? '', server().env.sessionSecret)
  if (token === null) throw refuse('prism-sign-in-needed', 'You have not signed in with PRISM lately.')
  return token
}

/** Only a path of our own: an address could lead away with the person's trust. */
export const ownPath = (next: string | undefined): string =>
  next !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : '/'

/** Sends the browser on; every cookie is a header of its own. */
export function seeOther(location: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store' })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}
