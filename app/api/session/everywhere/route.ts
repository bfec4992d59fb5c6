import { serve, withCookie } from '#app/http/serve.ts'
import { peopleContext } from '#app/server/people.ts'
import { endedCookie } from '#app/server/session.ts'
import { signOutEverywhere } from '#lib/auth/own-account.ts'

export const DELETE = serve('DELETE /api/session/everywhere', async ({ principal }) => {
  await signOutEverywhere({ ctx: peopleContext(principal) })
  return withCookie(undefined, endedCookie())
})
