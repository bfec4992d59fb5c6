import { authContext } from '#app/http/api-route.ts'
import { callerOf } from '#app/http/caller.ts'
import { serve, withCookie } from '#app/http/serve.ts'
import { endedCookie, personOf, shownSession, signedIn } from '#app/http/session.ts'
import { server } from '#app/process/process.ts'
import { endSession } from '#lib/auth/authorise.ts'
import { ensureFirstOwner } from '#lib/auth/first-owner.ts'
import { noteSignIn, signIn } from '#lib/auth/sign-in.ts'

export const POST = serve('POST /api/session', async ({ request, body }) => {
  const { db, env, sealer } = server()
  await ensureFirstOwner(db, env.owner)
  const caller = callerOf(request)
  const person = await signIn({ db, sealer, caller, input: body })
  await noteSignIn(db, person, { caller, way: 'password' })
  return signedIn(person)
})

export const GET = serve('GET /api/session', async ({ principal }) => shownSession(await personOf(principal)))

export const DELETE = serve('DELETE /api/session', async ({ request }) => {
  await endSession(authContext(), request)
  return withCookie(undefined, endedCookie())
})
