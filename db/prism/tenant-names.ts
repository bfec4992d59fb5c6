import { sql } from 'drizzle-orm'
import type { Database } from '../client.ts'

/** A tenant by what it is called now, and by every name and domain that PRISM or an invoice ever gave it. */
export interface NamedTenant {
  readonly id: string
  readonly name: string
  readonly domain: string
  /** In lower case, those of now among them. */
  readonly formerNames: readonly string[]
  readonly formerDomains: readonly string[]
}

/** All tenants of a program, or one of them. */
export const namedTenants = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string | null = null,
): Promise<NamedTenant[]> => {
  const isIts = (id: string) => (tenantId === null ? sql`` : sql`AND ${sql.raw(id)} = ${tenantId}`)
  const { rows } = await db.execute<{
    id: string
    name: string
    domain: string
    names: string[] | null
    domains: string[] | null
  }>(sql`
    SELECT t.id, t.name, t.domain, a.names, a.domains FROM prism_tenants t
    LEFT JOIN (
      SELECT tenant_id, array_agg(value ORDER BY value) FILTER (WHERE kind = 'name') AS names,
        array_agg(value ORDER BY value) FILTER (WHERE kind = 'domain') AS domains
      FROM tenant_aliases
      WHERE organisation_id = ${organisationId} AND program = ${program} ${isIts('tenant_id')}
      GROUP BY tenant_id
    ) a ON a.tenant_id = t.id
    WHERE t.organisation_id = ${organisationId} AND t.program = ${program} ${isIts('t.id')}
    ORDER BY t.id`)
  return rows.map(({ names, domains, ...tenant }) => ({
    ...tenant,
    formerNames: names ?? [],
    formerDomains: domains ?? [],
  }))
}
