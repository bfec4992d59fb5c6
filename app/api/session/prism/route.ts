import { z } from 'zod'
import { ownPath, prismSignInSettings, seeOther } from '#app/server/prism-sign-in.ts'
import { server } from '#app/server/process.ts'
import { queryOf, route } from '#app/server/route.ts'
import { isSecure } from '#app/server/session.ts'
import { refuseForeignVisit } from '#lib/auth/origin.ts'
import { attemptCookie } from '#lib/auth/prism-cookies.ts'
import { beginPrismSignIn } from '#lib/auth/prism-sign-in.ts'

/** `purpose=link`: the person is signed in already, and lets us act for them in PRISM (B2). */
const querySchema = z.object({
  next: z.string().max(500).optional(),
  purpose: z.enum(['sign-in', 'link']).default('sign-in'),
})

/** Sends the browser to PRISM; it comes back at `callback`. */
export const GET = route(async (request) => {
  const { next, purpose } = queryOf(request, querySchema)
  // Another site could send somebody here whom it has signed in to PRISM as another.
  if (purpose === 'link') refuseForeignVisit(request)
  const { url, checks } = await beginPrismSignIn(prismSignInSettings())
  const settings = { secret: server().env.sessionSecret, secure: isSecure() }
  const cookie = await attemptCookie({ checks, purpose, next: ownPath(next) }, settings)
  return seeOther(url.href, [cookie])
})
