import { sql } from 'drizzle-orm'
import type { Database } from '../client.ts'

/** Agreements of ConnectWise that customers of the organisation are mapped to: their additions stay when it is deleted. */
export const mappedAgreements = async (db: Database, organisationId: string): Promise<number> => {
  const { rows } = await db.execute<{ count: number }>(sql`
    SELECT count(*)::int AS count FROM (
      SELECT agreement_id FROM mappings WHERE organisation_id = ${organisationId}
      UNION SELECT agreement_id FROM one_time_mappings WHERE organisation_id = ${organisationId}) mapped`)
  return rows[0]?.count ?? 0
}
