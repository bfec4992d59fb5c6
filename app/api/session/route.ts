import { server } from '#app/server/process.ts'
import { authorise, bodyOf, nothing, reply, route } from '#app/server/route.ts'
import { isSecure, personOf, shownSession, signedIn } from '#app/server/session.ts'
import { userCookie } from '#lib/auth/cookies.ts'
import { ensureFirstOwner, signIn } from '#lib/auth/sign-in.ts'
import { sessionSchema, signInSchema } from '../schemas/session.ts'

export const POST = route(async (request) => {
  const { db, env } = server()
  const input = await bodyOf(request, signInSchema)
  await ensureFirstOwner(db, env.owner)
  return signedIn(await signIn({ db, input }))
})

export const GET = route(async (request) => {
  const person = await personOf(await authorise(request, 'pods.read'))
  return reply(sessionSchema, await shownSession(person))
})

export const DELETE = route(async () => nothing({ setCookie: userCookie(null, isSecure()) }))
