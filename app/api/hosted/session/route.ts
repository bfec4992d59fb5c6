import { callerOf } from '#app/http/caller.ts'
import { bodyOf, refuse, reply, route } from '#app/http/route.ts'
import { connectWiseOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { organisationByPublicId } from '#db/directory/organisations.ts'
import { podCookie } from '#lib/auth/cookies.ts'
import { tryAs } from '#lib/auth/limits.ts'
import { POD_SESSION_SECONDS, sealSession } from '#lib/auth/sealed-sessions.ts'
import { memberClaimSchema } from '#lib/members/claim.ts'
import { verifyMember } from '#lib/members/verify.ts'
import { podSessionSchema } from '../../schemas/pod.ts'
import { hostedSignInSchema } from '../../schemas/session.ts'

/** A member's claim becomes a verified session: a cookie, and the same as a token for browsers that drop the cookie (H4). */
export const POST = route(async (request) => {
  const { db, env } = server()
  const { org, ...claimed } = await bodyOf(request, hostedSignInSchema)
  const claim = memberClaimSchema.safeParse(claimed)
  if (!claim.success)
    throw refuse('sign-in-refused', 'What ConnectWise said about you is not a member’s proof.')
  const found = await organisationByPublicId(db, org)
  if (found === null) throw refuse('not-found', 'The address of this pod names no organisation.')
  const { client, settings } = await connectWiseOf(found.id)
  const context = {
    db,
    organisationId: found.id,
    connectWise: client,
    connectWiseCompany: settings.companyId,
    now: () => new Date(),
  }
  const member = await tryAs({ db, caller: callerOf(request), kind: 'member' }, () =>
    verifyMember(context, claim.data),
  )
  const token = await sealSession(
    { kind: 'pod', organisationId: found.id, publicId: org, memberId: member.id, memberName: member.name },
    env.sessionSecret,
  )
  const expiresAt = new Date(Date.now() + POD_SESSION_SECONDS * 1000).toISOString()
  return reply(podSessionSchema, { member, token, expiresAt }, { setCookie: podCookie(token) })
})
