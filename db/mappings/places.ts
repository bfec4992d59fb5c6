import { sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'

/** Which company's an agreement is, as it was mapped last; names as ConnectWise had them then. */
export interface Place {
  readonly agreementId: number
  readonly agreementName: string
  readonly companyId: number
  readonly companyName: string
  /** A customer of it, one that syncs where there is one. */
  readonly tenantId: string
}

/** Those of the agreements that a customer is mapped to, by the month or for what is billed at once, or was. */
export const placesOf = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[],
): Promise<Place[]> => {
  if (agreementIds.length === 0) return []
  const of = (table: string, rank: string) => sql`
    SELECT agreement_id, agreement_name, company_id, company_name, tenant_id, ${sql.raw(rank)} AS rank FROM ${sql.raw(table)}
    WHERE organisation_id = ${organisationId} AND program = ${program} AND ${isOneOf(sql`agreement_id`, agreementIds)}`
  const { rows } = await db.execute<{
    agreement_id: number
    agreement_name: string
    company_id: number
    company_name: string
    tenant_id: string
  }>(sql`
    SELECT DISTINCT ON (agreement_id) * FROM (${of('mappings', 'CASE WHEN sync_enabled THEN 1 ELSE 2 END')} UNION ALL ${of('one_time_mappings', 'CASE WHEN sync_enabled THEN 1 ELSE 2 END')} UNION ALL ${of('former_mappings', '3')}) places
    ORDER BY agreement_id, rank, tenant_id`)
  return rows.map((row) => ({
    agreementId: row.agreement_id,
    agreementName: row.agreement_name,
    companyId: row.company_id,
    companyName: row.company_name,
    tenantId: row.tenant_id,
  }))
}

/** Agreements of a company that a customer is mapped to, by the month or for what is billed at once, or was. */
export const agreementsOfCompany = async (
  db: Database,
  organisationId: string,
  program: string,
  companyId: number,
): Promise<number[]> => {
  const of = (table: string) => sql`
    SELECT agreement_id AS id FROM ${sql.raw(table)}
    WHERE organisation_id = ${organisationId} AND program = ${program} AND company_id = ${companyId}`
  const { rows } = await db.execute<{ id: number }>(
    sql`${of('mappings')} UNION ${of('one_time_mappings')} UNION ${of('former_mappings')} ORDER BY id`,
  )
  return rows.map(({ id }) => id)
}
