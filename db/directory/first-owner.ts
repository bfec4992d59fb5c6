import { eq, sql } from 'drizzle-orm'
import { createUser, type User } from '#db/people/people.ts'
import type { Database } from '../client.ts'
import { createOrganisation, organisationIds } from './organisations.ts'
import { firstOwnerLinks } from './tables.ts'

/** Any number that nothing else in this database locks on. */
const lock = 7_246_002

export interface FirstOwner {
  readonly organisationName: string
  readonly email: string
  readonly name?: string
  readonly passwordHash: string
}

/** Creates the first organisation and its owner; `null` where there is one, also when two ask at once. */
export const createFirstOwner = async (db: Database, owner: FirstOwner): Promise<User | null> => {
  const { organisationName, ...person } = owner
  return db.transaction(async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${lock})`)
    if ((await organisationIds(tx)).length > 0) return null
    const { id } = await createOrganisation(tx, { name: organisationName })
    await tx.delete(firstOwnerLinks)
    return createUser(tx, id, { ...person, role: 'owner' })
  })
}

/** The one link that works from now on. */
export const putFirstOwnerLink = async (db: Database, tokenHash: string): Promise<void> => {
  await db.transaction(async (tx) => {
    await tx.delete(firstOwnerLinks)
    await tx.insert(firstOwnerLinks).values({ tokenHash })
  })
}

export const isFirstOwnerLink = async (db: Database, tokenHash: string): Promise<boolean> =>
  (await db.select().from(firstOwnerLinks).where(eq(firstOwnerLinks.tokenHash, tokenHash))).length > 0
