import { server } from '#app/server/process.ts'
import { bodyOf, nothing, refuse, reply, route } from '#app/server/route.ts'
import { organisation } from '#db/queries/organisations.ts'
import { user } from '#db/queries/people.ts'
import { principalOf } from '#lib/auth/authorise.ts'
import { readCookie, USER_COOKIE, userCookie } from '#lib/auth/cookies.ts'
import { sealSession, unsealUserSession } from '#lib/auth/sealed-sessions.ts'
import { ensureFirstOwner, signIn } from '#lib/auth/sign-in.ts'
import { sessionSchema, signInSchema } from '../schemas/session.ts'

const isSecure = (): boolean => server().env.appUrl.startsWith('https://')

export const POST = route(async (request) => {
  const { db, env } = server()
  const input = await bodyOf(request, signInSchema)
  await ensureFirstOwner(db, env.owner)
  const person = await signIn({ db, input })
  const { organisationId, id: userId } = person
  const sealed = await sealSession({ kind: 'user', organisationId, userId }, env.sessionSecret)
  return reply(sessionSchema, await shown(organisationId, person), {
    setCookie: userCookie(sealed, isSecure()),
  })
})

export const GET = route(async (request) => {
  const { db, env } = server()
  const context = { db, sessionSecret: env.sessionSecret, appUrl: env.appUrl }
  if ((await principalOf(context, request)) === null) throw signInNeeded()
  const sealed = readCookie(request.headers.get('cookie'), USER_COOKIE)
  const session = sealed === null ? null : await unsealUserSession(sealed, env.sessionSecret)
  const person = session === null ? null : await user(db, session.organisationId, session.userId)
  if (person === null) throw signInNeeded()
  return reply(sessionSchema, await shown(person.organisationId, person))
})

export const DELETE = route(async () => nothing({ setCookie: userCookie(null, isSecure()) }))

const signInNeeded = () => refuse('sign-in-needed', 'Nobody is signed in, or the session has run out.')

async function shown(
  organisationId: string,
  { email, name, role }: { email: string; name: string; role: string },
) {
  const found = await organisation(server().db, organisationId)
  if (found === null) throw new Error('A person belongs to an organisation that is not there')
  const { publicId, membersMaySync } = found
  return { user: { email, name, role }, organisation: { publicId, name: found.name, membersMaySync } }
}
