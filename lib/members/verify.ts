/**
 * Proves with ConnectWise that a member is who the browser says (H4; docs/facts/host-api.md,
 * "Proving a member").
 */
import type { Database } from '#db/client.ts'
import { memberCheck, noteMemberCheck, refusalsSince } from '#db/people/member-checks.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import { claimKey, type MemberClaim } from './claim.ts'

const MINUTE_MS = 60_000
const VERIFIED_FOR_MS = 5 * MINUTE_MS
const REFUSED_FOR_MS = MINUTE_MS
/** Per member in 15 minutes, and of all members in one. */
const MEMBER_LIMIT = { refusals: 10, windowMs: 15 * MINUTE_MS }
const ORGANISATION_LIMIT = { refusals: 30, windowMs: MINUTE_MS }

export interface VerifyContext {
  readonly db: Database
  readonly organisationId: string
  /** Address and credentials come from the organisation's settings, never from the claim. */
  readonly connectWise: Pick<ConnectWiseClient, 'memberInfo'>
  /** The company that members sign in to, as configured. */
  readonly connectWiseCompany: string
  readonly now: () => Date
}

export interface VerifiedMember {
  readonly id: string
  readonly name: string
}

const refused = (): ProductError =>
  new ProductError('sign-in-refused', 'ConnectWise does not confirm that you are signed in as this member.')

/**
 * The member, proved. Throws `sign-in-refused`, `too-many-requests`, or `connectwise-unreachable` where ConnectWise gave no
 * answer: then nothing is remembered and nothing counted.
 */
export async function verifyMember(ctx: VerifyContext, claim: MemberClaim): Promise<VerifiedMember> {
  const { db, organisationId } = ctx
  const now = ctx.now()
  const key = claimKey(ctx.connectWiseCompany, claim)
  const known = await memberCheck(db, organisationId, key)
  const age = known === null ? Number.POSITIVE_INFINITY : now.getTime() - known.checkedAt.getTime()
  if (known?.verified === true && age < VERIFIED_FOR_MS) return { id: known.memberId, name: known.memberName }
  if (known?.verified === false && age < REFUSED_FOR_MS) throw refused()
  await refuseFlood(ctx, claim.memberId, now)

  const check = await ctx.connectWise.memberInfo(claim)
  if (check.result === 'unverifiable') {
    throw new ProductError(
      'connectwise-unreachable',
      'ConnectWise did not answer, so it is not known who you are.',
    )
  }
  // One member's hash must not be used under a colleague's name, whatever the client has checked already.
  const verified =
    check.result === 'verified' && check.member.identifier.toLowerCase() === claim.memberId.toLowerCase()
  const memberId = claim.memberId.toLowerCase()
  const memberName = verified ? check.member.name || check.member.identifier : ''
  await noteMemberCheck(db, organisationId, { claimKey: key, memberId, verified, memberName, checkedAt: now })
  if (!verified) throw refused()
  return { id: memberId, name: memberName }
}

async function refuseFlood(
  { db, organisationId }: VerifyContext,
  memberId: string,
  now: Date,
): Promise<void> {
  const since = (windowMs: number): Date => new Date(now.getTime() - windowMs)
  const [ofMember, ofAll] = await Promise.all([
    refusalsSince(db, organisationId, memberId, since(MEMBER_LIMIT.windowMs)),
    refusalsSince(db, organisationId, null, since(ORGANISATION_LIMIT.windowMs)),
  ])
  if (ofMember < MEMBER_LIMIT.refusals && ofAll < ORGANISATION_LIMIT.refusals) return
  throw new ProductError(
    'too-many-requests',
    'Too many sign-ins from ConnectWise were refused in a short time.',
  )
}
