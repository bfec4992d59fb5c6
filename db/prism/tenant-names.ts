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

/**
 * All tenants of a program, or one of them. They and their names are read apart and put together here: joined in the database
 * they take a minute at 10,000, as long as it has not looked at a table that was filled a moment ago.
 */
export const namedTenants = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string | null = null,
): Promise<NamedTenant[]> => {
  const isIts = (id: string) => (tenantId === null ? sql`` : sql`AND ${sql.raw(id)} = ${tenantId}`)
  const tenants = await db.execute<{ id: string; name: string; domain: string }>(sql`
    SELECT id, name, domain FROM prism_tenants
    WHERE organisation_id = ${organisationId} AND program = ${program} ${isIts('id')}
    ORDER BY id`)
  const aliases = await db.execute<{ tenant_id: string; kind: 'name' | 'domain'; value: string }>(sql`
    SELECT tenant_id, kind, value FROM tenant_aliases
    WHERE organisation_id = ${organisationId} AND program = ${program} ${isIts('tenant_id')}
    ORDER BY tenant_id, value`)
  const byTenant = Map.groupBy(aliases.rows, (row) => row.tenant_id)
  return tenants.rows.map((tenant) => {
    const of = (wanted: 'name' | 'domain') =>
      (byTenant.get(tenant.id) ?? []).flatMap(({ kind, value }) => (kind === wanted ? [value] : []))
    return { ...tenant, formerNames: of('name'), formerDomains: of('domain') }
  })
}
