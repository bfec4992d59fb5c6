import type { Members } from '#app/api/schemas/members.ts'
import { server } from '#app/process/process.ts'
import { organisation } from '#db/directory/organisations.ts'
import { membersOf } from '#db/people/members.ts'

/** What members of ConnectWise may, as the API shows it. */
export async function shownMembers(organisationId: string): Promise<Members> {
  const { db } = server()
  const [found, members] = await Promise.all([
    organisation(db, organisationId),
    membersOf(db, organisationId),
  ])
  if (found === null) throw new Error('A principal belongs to an organisation that is not there')
  return {
    everyone: found.membersRight,
    members: members.map(({ memberId, name, ownRight, provedAt }) => ({
      memberId,
      name,
      ownRight,
      provedAt: provedAt?.toISOString() ?? null,
    })),
  }
}
