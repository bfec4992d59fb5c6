import { ownPath, prismSignInSettings, seeOther } from '#app/http/prism-sign-in.ts'
import { serve } from '#app/http/serve.ts'
import { isSecure } from '#app/http/session.ts'
import { server } from '#app/process/process.ts'
import { refuseForeignVisit } from '#lib/auth/origin.ts'
import { attemptCookie } from '#lib/auth/prism-cookies.ts'
import { beginPrismSignIn } from '#lib/auth/prism-sign-in.ts'

export const GET = serve('GET /api/session/prism', async ({ request, query }) => {
  const { next, purpose } = query
  // Another site could send somebody here whom it has signed in to PRISM as another.
  if (purpose === 'link') refuseForeignVisit(request)
  const { url, checks } = await beginPrismSignIn(prismSignInSettings())
  const settings = { secret: server().env.sessionSecret, secure: isSecure() }
  const cookie = await attemptCookie({ checks, purpose, next: ownPath(next) }, settings)
  return seeOther(url.href, [cookie])
})
