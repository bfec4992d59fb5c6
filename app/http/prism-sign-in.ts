/** What the two routes of "Sign in with PRISM" share. */

import { server } from '#app/process/process.ts'
import type { PrismSignInSettings } from '#lib/auth/prism-sign-in.ts'
import { refuse } from './route.ts'

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

/** Only a path of our own: an address could lead away with the person's trust. */
export const ownPath = (next: string | undefined): string =>
  next !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : '/'

/** Sends the browser on; every cookie is a header of its own. */
export function seeOther(location: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store' })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}
