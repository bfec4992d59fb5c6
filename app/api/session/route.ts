import { callerOf } from '#app/http/caller.ts'
import { authContext, authorise, bodyOf, nothing, reply, route } from '#app/http/route.ts'
import { isSecure, personOf, shownSession, signedIn } from '#app/http/session.ts'
import { server } from '#app/process/process.ts'
import { endSession } from '#lib/auth/authorise.ts'
import { userCookie } from '#lib/auth/cookies.ts'
import { ensureFirstOwner, signIn } from '#lib/auth/sign-in.ts'
import { sessionSchema, signInSchema } from '../schemas/session.ts'

export const POST = route(async (request) => {
  const { db, env } = server()
  const input = await bodyOf(request, signInSchema)
  await ensureFirstOwner(db, env.owner)
  return signedIn(await signIn({ db, caller: callerOf(request), input }))
})

export const GET = route(async (request) => {
  const person = await personOf(await authorise(request, 'pods.read'))
  return reply(sessionSchema, await shownSession(person))
})

/** Ends the session on the server too: a copy of the cookie opens nothing any more. */
export const DELETE = route(async (request) => {
  await endSession(authContext(), request)
  return nothing({ setCookie: userCookie(null, isSecure()) })
})
