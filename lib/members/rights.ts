/** What members of ConnectWise may in a pod, as an owner says; each change audited in its own transaction, and at once in force. */
import type { Database } from '#db/client.ts'
import { changeOrganisation, organisation } from '#db/directory/organisations.ts'
import { audit } from '#db/people/audit.ts'
import { setOwnRight } from '#db/people/members.ts'
import type { MemberRight } from '#lib/base/member-rights.ts'

export interface RightsContext {
  readonly db: Database
  readonly organisationId: string
  readonly actor: string
}

/** What every member may who has no right of their own. */
export async function setMembersRight({ ctx, input }: { ctx: RightsContext; input: { right: MemberRight } }) {
  const { db, organisationId, actor } = ctx
  await db.transaction(async (tx) => {
    const before = (await organisation(tx, organisationId))?.membersRight ?? null
    await changeOrganisation(tx, organisationId, { membersRight: input.right })
    const detail = { before: { right: before }, after: { right: input.right } }
    await audit(tx, organisationId, { actor, action: 'change-members', subject: 'all members', detail })
  })
}

/** Gives a member a right of their own; `null` takes it back. */
export async function setMemberRight({
  ctx,
  input: { memberId, right },
}: {
  ctx: RightsContext
  input: { readonly memberId: string; readonly right: MemberRight | null }
}) {
  const { db, organisationId, actor } = ctx
  await db.transaction(async (tx) => {
    const before = await setOwnRight(tx, organisationId, memberId, right)
    const detail = { before: { right: before }, after: { right } }
    await audit(tx, organisationId, { actor, action: 'change-member', subject: memberId, detail })
  })
}
