import { authorise, nothing, route } from '#app/http/route.ts'
import { isSecure } from '#app/http/session.ts'
import { peopleContext } from '#app/process/invite.ts'
import { userCookie } from '#lib/auth/cookies.ts'
import { signOutEverywhere } from '#lib/auth/own-account.ts'

/** Ends every session of the person. */
export const DELETE = route(async (request) => {
  const principal = await authorise(request, 'own-account.write')
  await signOutEverywhere({ ctx: peopleContext(principal) })
  return nothing({ setCookie: userCookie(null, isSecure()) })
})
