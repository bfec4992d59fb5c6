/** What ConnectWise members ask for. */
import type { BodyOf } from '#app/contracts/contract.ts'
import type { Reply, Table } from '#app/contracts/table.ts'
import { refuse } from '#app/http/api-route.ts'
import { callerOf } from '#app/http/caller.ts'
import { withCookie } from '#app/http/serve.ts'
import { organisationByPublicId } from '#db/directory/organisations.ts'
import { mappingsOfCompany } from '#db/mappings/mappings.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { podCookie } from '#lib/auth/cookies.ts'
import { tryAs } from '#lib/auth/limits.ts'
import { POD_SESSION_SECONDS, sealSession } from '#lib/auth/sealed-sessions.ts'
import { memberClaimSchema } from '#lib/members/claim.ts'
import { verifyMember } from '#lib/members/verify.ts'
import { programs } from '#lib/programs/registry.ts'
import { connectWiseOf } from './clients.ts'
import { server } from './process.ts'

/** A member's claim, proved, becomes a session. Throws `sign-in-refused`, `not-found`, and what `verifyMember` throws. */
export async function signInMember(
  request: Request,
  { org, ...claimed }: BodyOf<Table['POST /api/hosted/session']>,
) {
  const { db, env } = server()
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
  return withCookie({ member, token, expiresAt }, podCookie(token))
}

/** A company's tenants and the agreements that they are mapped to, whatever the program. */
export async function companyContent(
  organisationId: string,
  companyId: number,
): Promise<Reply<'GET /api/hosted/companies/{id}'>> {
  const mappings = await Promise.all(programs.map(({ slug }) => mappingsIn(organisationId, slug, companyId)))
  return { mappings: mappings.flat() }
}

async function mappingsIn(organisationId: string, program: string, companyId: number) {
  const { db } = server()
  const mappings = await mappingsOfCompany(db, organisationId, program, companyId)
  const ids = mappings.map(({ tenantId }) => tenantId)
  const tenants = await tenantsByIds(db, organisationId, program, ids)
  const named = new Map(tenants.map(({ id, name, domain }) => [id, { id, name, domain }]))
  return mappings.map(({ tenantId, agreementId, agreementName, syncEnabled }) => ({
    program,
    tenant: named.get(tenantId) ?? { id: tenantId, name: tenantId, domain: '' },
    agreement: { id: agreementId, name: agreementName },
    syncEnabled,
  }))
}
