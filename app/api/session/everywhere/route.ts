import { serve, withCookie } from '#app/http/serve.ts'
import { endedCookie } from '#app/http/session.ts'
import { peopleContext } from '#app/process/invite.ts'
import { signOutEverywhere } from '#lib/auth/own-account.ts'

export const DELETE = serve('DELETE /api/session/everywhere', async ({ principal }) => {
  await signOutEverywhere({ ctx: peopleContext(principal) })
  return withCookie(undefined, endedCookie())
})
