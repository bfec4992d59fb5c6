/** What ConnectWise members ask for. */
import type { BodyOf } from '#app/contracts/contract.ts'
import type { Table } from '#app/contracts/table.ts'
import { refuse } from '#app/http/api-route.ts'
import { callerOf } from '#app/http/caller.ts'
import { withCookie } from '#app/http/serve.ts'
import { organisationByPublicId } from '#db/directory/organisations.ts'
import { memberStanding } from '#db/people/members.ts'
import { memberRole } from '#lib/auth/actions.ts'
import { podSessionIn } from '#lib/auth/authorise.ts'
import { podCookie } from '#lib/auth/cookies.ts'
import { POD_SESSION_SECONDS, sealSession } from '#lib/auth/sealed-sessions.ts'
import { inEvenTime } from '#lib/members/even-time.ts'
import { verifyMember } from '#lib/members/verify.ts'
import { connectWiseOf } from './clients.ts'
import { server } from './process.ts'

/**
 * A member's claim, proved, becomes a session: a token for the record that the screen shows, and a cookie that only looks. Throws
 * `sign-in-refused`, `not-allowed` where the member has no right here, `not-found`, and what `verifyMember` throws.
 */
export async function signInMember(
  request: Request,
  { org, record, ...claimed }: BodyOf<Table['POST /api/hosted/session']>,
) {
  const { db, env } = server()
  const found = await organisationByPublicId(db, org)
  if (found === null) throw refuse('not-found', 'The address of this pod names no organisation.')
  const { client, settings } = await connectWiseOf(found.id)
  const context = {
    db,
    organisationId: found.id,
    connectWise: client,
    place: settings,
    caller: callerOf(request),
    now: () => new Date(),
  }
  const member = await inEvenTime(() => verifyMember(context, claimed))
  const standing = await memberStanding(db, found.id, member.id)
  if (standing === null || memberRole(standing.right) === null)
    throw refuse(
      'not-allowed',
      `ConnectWise member ${member.id} may not look here. An owner can change that in Prism Pod, under Settings, Members of ConnectWise.`,
    )
  const before = await podSessionIn(env, request, found.id)
  const session = {
    kind: 'pod',
    organisationId: found.id,
    publicId: org,
    memberId: member.id,
    memberName: member.name,
    sealedAt: Date.now(),
  } as const
  const token = await sealSession({ ...session, record }, env.sessionSecret)
  const cookie = podCookie(await sealSession({ ...session, record: null }, env.sessionSecret))
  const seconds = POD_SESSION_SECONDS
  const expiresAt = new Date(session.sealedAt + seconds * 1000).toISOString()
  const wasOther = before !== null && before.memberId !== member.id
  return withCookie({ member, token, expiresAt, seconds, wasOther }, cookie)
}
