import { sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { createOrganisation, organisationIds } from './organisations.ts'
import { createUser } from './people.ts'

/** Any number that nothing else in this database locks on. */
const lock = 7_246_002

/** Creates the first organisation and its owner; does nothing where there is one, also when two ask at once. */
export const createFirstOwner = async (
  db: Database,
  owner: { readonly organisationName: string; readonly email: string; readonly passwordHash: string },
): Promise<void> => {
  const { organisationName: name, email, passwordHash } = owner
  await db.transaction(async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${lock})`)
    if ((await organisationIds(tx)).length > 0) return
    const { id } = await createOrganisation(tx, { name })
    await createUser(tx, id, { email, role: 'owner', passwordHash })
  })
}
