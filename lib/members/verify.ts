/**
 * Proves with ConnectWise that a member is who the browser says (H4; docs/facts/host-api.md,
 * "Proving a member").
 */
import type { Database } from '#db/client.ts'
import { memberCheck, noteMemberCheck } from '#db/people/member-checks.ts'
import { endSessionsOf, member, noteProved } from '#db/people/members.ts'
import { type Caller, giveTryBack, takeTry } from '#lib/auth/limits.ts'
import { ProductError } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import { type Claimed, type ConnectWisePlace, claimKey, type MemberClaim, readClaim } from './claim.ts'

const MINUTE_MS = 60_000
const VERIFIED_FOR_MS = 5 * MINUTE_MS
const REFUSED_FOR_MS = MINUTE_MS

export interface VerifyContext {
  readonly db: Database
  readonly organisationId: string
  /** Address and credentials come from the organisation's settings, never from the claim. */
  readonly connectWise: Pick<ConnectWiseClient, 'memberInfo'>
  /** Where members sign in, as configured. */
  readonly place: ConnectWisePlace
  readonly caller: Caller
  readonly now: () => Date
}

export interface VerifiedMember {
  /** In lower case. */
  readonly id: string
  readonly name: string
}

/** Why a claim came to nothing; for the log, and never for who made it. */
type Reason = 'malformed' | 'refused-before' | 'too-many' | 'not-confirmed' | 'inactive'

/**
 * The member, proved. Throws `sign-in-refused`, the same whatever was wrong, or `connectwise-unreachable` where ConnectWise gave
 * no answer: then nothing is remembered and no failure counted.
 */
export async function verifyMember(ctx: VerifyContext, claimed: Claimed): Promise<VerifiedMember> {
  const { db, organisationId } = ctx
  const claim = readClaim(claimed, ctx.place)
  if (claim === null) throw refused(ctx, 'malformed')
  const now = ctx.now()
  const key = claimKey(ctx.place, claim)
  const before = await memberCheck(db, organisationId, key)
  const age = before === null ? Number.POSITIVE_INFINITY : now.getTime() - before.checkedAt.getTime()
  if (before?.verified === true && age < VERIFIED_FOR_MS)
    return { id: before.memberId, name: before.memberName }
  if (before?.verified === false && age < REFUSED_FOR_MS) throw refused(ctx, 'refused-before')

  const counted = await countedAs(ctx, claim, before?.verified === true ? key : null)
  // Both are taken before ConnectWise is asked, so that claims at once cannot outrun the count.
  if (
    (await takeTry({ db, kind: 'member-asked', caller: counted.caller })) !== null ||
    (await takeTry({ db, ...counted })) !== null
  )
    throw refused(ctx, 'too-many')
  const isFailure = { yes: false }
  try {
    const found = await asked(ctx, claim)
    const memberId = claim.memberId.toLowerCase()
    const check = { claimKey: key, memberId, memberName: '', checkedAt: now }
    if ('reason' in found) {
      isFailure.yes = true
      await noteMemberCheck(db, organisationId, { ...check, verified: false })
      throw refused(ctx, found.reason)
    }
    await noteMemberCheck(db, organisationId, { ...check, verified: true, memberName: found.name })
    await noteProved(db, organisationId, { memberId, name: found.name, provedAt: now })
    return { id: memberId, name: found.name }
  } finally {
    if (!isFailure.yes) await giveTryBack({ db, ...counted })
  }
}

/** Throws `connectwise-unreachable`. */
async function asked(
  { db, organisationId, connectWise }: VerifyContext,
  claim: MemberClaim,
): Promise<{ readonly name: string } | { readonly reason: Reason }> {
  const check = await connectWise.memberInfo(claim)
  if (check.result === 'unverifiable')
    throw new ProductError(
      'connectwise-unreachable',
      'ConnectWise did not answer, so it is not known who you are.',
    )
  if (check.result === 'refused') {
    if (check.isInactive !== true) return { reason: 'not-confirmed' }
    await endSessionsOf(db, organisationId, claim.memberId)
    return { reason: 'inactive' }
  }
  // One member's hash must not be used under a colleague's name, whatever the client has checked already.
  const { identifier, name } = check.member
  if (identifier.toLowerCase() !== claim.memberId.toLowerCase()) return { reason: 'not-confirmed' }
  return { name: name || identifier }
}

/**
 * What a claim counts against. Names that were never proved here fill one allowance a caller, which concerns nobody who was; a
 * known member has one at each address; and a hash that was proved in the last day one of its own, which no forged claim can
 * fill, not even from the same address.
 */
async function countedAs(
  { db, organisationId, caller }: VerifyContext,
  { memberId }: MemberClaim,
  provedKey: string | null,
) {
  const known = provedKey === null ? await member(db, organisationId, memberId) : null
  if (provedKey === null && known === null) return { kind: 'member', caller } as const
  const whose = provedKey ?? `${memberId.toLowerCase()} ${caller.name}`
  const isShared = provedKey === null && caller.isShared
  return { kind: 'known-member', caller: { name: `${organisationId} ${whose}`, isShared } } as const
}

function refused({ organisationId, caller }: VerifyContext, reason: Reason): ProductError {
  log.info('member-refused', { organisationId, caller: caller.name, reason })
  return new ProductError(
    'sign-in-refused',
    'ConnectWise does not confirm that you are signed in as this member.',
  )
}
