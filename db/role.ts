import { sql } from 'drizzle-orm'
import type { Database } from './client.ts'

export interface Role {
  readonly name: string
  readonly isSuperuser: boolean
}

/** As whom the database knows us. */
export const roleOfUs = async (db: Database): Promise<Role> => {
  const { rows } = await db.execute<{ name: string; super: boolean }>(
    sql`SELECT rolname AS name, rolsuper AS super FROM pg_roles WHERE rolname = current_user`,
  )
  const [role] = rows
  if (role === undefined) throw new Error('The database does not know its own user')
  return { name: role.name, isSuperuser: role.super }
}
