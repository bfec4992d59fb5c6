/** A second factor that an organisation asks for, of sessions that go on. */
import type { Database } from '#db/client.ts'
import type { Organisation } from '#db/directory/organisations.ts'
import { audit } from '#db/people/audit.ts'
import { endSessionsWithoutFactor } from '#db/people/second-factors.ts'

interface Demand {
  readonly db: Database
  readonly organisationId: string
  readonly actor: string
}

/**
 * Leads whoever is asked for one from now on, and has none, through it: their sessions end, and the next sign-in sets it up. Who signs
 * in with PRISM alone goes on. For the organisation's new demand, or for one person whose role it now meets.
 */
export async function demandOfSessions(
  { db, organisationId, actor }: Demand,
  wanted: Organisation['secondFactor'],
  userId?: string,
): Promise<void> {
  if (wanted === 'optional') return
  const of = {
    ...(wanted === 'owners' ? { role: 'owner' as const } : {}),
    ...(userId === undefined ? {} : { userId }),
  }
  for (const subject of await endSessionsWithoutFactor(db, organisationId, new Date(), of))
    await audit(db, organisationId, { actor, action: 'ask-for-second-factor', subject })
}
