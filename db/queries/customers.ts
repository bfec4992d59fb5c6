import { and, asc, desc, eq, ilike, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { Period, Status } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { invoiceLines, invoices, mappings, prismTenants, runItems } from '../schema.ts'
import type { Mapping } from './mappings.ts'
import type { Tenant } from './tenants.ts'

export const customerSorts = ['name', 'domain', 'company', 'state'] as const
export interface CustomerPage {
  readonly search: string
  readonly sort: (typeof customerSorts)[number]
  readonly descending: boolean
  readonly limit: number
  readonly offset: number
}

export interface CustomerRow {
  readonly tenant: Tenant
  readonly mapping: Mapping | null
}

const sortColumns: Record<CustomerPage['sort'], SQL> = {
  name: sql`lower(${prismTenants.name})`,
  domain: sql`lower(${prismTenants.domain})`,
  company: sql`lower(${mappings.companyName})`,
  // Unmapped, mapped, syncing.
  state: sql`coalesce(${mappings.syncEnabled}::int, -1)`,
}

/** One page of a program's tenants with their mappings, and how many there are in all. */
export const customersPage = async (
  db: Database,
  organisationId: string,
  program: string,
  page: CustomerPage,
): Promise<{ rows: CustomerRow[]; total: number }> => {
  const like = `%${page.search.replace(/[\\%_]/g, '\\$&')}%`
  const matches =
    page.search === ''
      ? undefined
      : or(
          ilike(prismTenants.name, like),
          ilike(prismTenants.domain, like),
          ilike(mappings.companyName, like),
        )
  const order = page.descending ? desc(sortColumns[page.sort]) : asc(sortColumns[page.sort])
  const rows = await db
    .select({ tenant: prismTenants, mapping: mappings, total: sql<number>`(count(*) OVER ())::int` })
    .from(prismTenants)
    .leftJoin(
      mappings,
      and(
        eq(mappings.organisationId, prismTenants.organisationId),
        eq(mappings.program, prismTenants.program),
        eq(mappings.tenantId, prismTenants.id),
      ),
    )
    .where(and(eq(prismTenants.organisationId, organisationId), eq(prismTenants.program, program), matches))
    .orderBy(order, asc(prismTenants.id))
    .limit(page.limit)
    .offset(page.offset)
  return { rows, total: rows[0]?.total ?? 0 }
}

/** The invoice that a tenant's first sync would take (E6): the latest usable one, where it has lines of the tenant. */
export const firstSyncs = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<Map<string, { invoiceId: string; period: Period }>> => {
  if (tenantIds.length === 0) return new Map()
  const [latest] = await db
    .select({ invoiceId: invoices.id, period: invoices.period })
    .from(invoices)
    .where(
      and(
        eq(invoices.organisationId, organisationId),
        eq(invoices.program, program),
        eq(invoices.state, 'ready'),
      ),
    )
    .orderBy(desc(invoices.period))
    .limit(1)
  if (latest === undefined) return new Map()
  const found = await db
    .selectDistinct({ tenantId: invoiceLines.tenantId })
    .from(invoiceLines)
    .where(
      and(
        eq(invoiceLines.organisationId, organisationId),
        eq(invoiceLines.program, program),
        eq(invoiceLines.invoiceId, latest.invoiceId),
        inArray(invoiceLines.tenantId, [...tenantIds]),
      ),
    )
  return new Map(found.map(({ tenantId }) => [tenantId ?? '', latest]))
}

export interface LastResult {
  readonly agreementId: number
  readonly runId: string
  readonly status: Status
  readonly finishedAt: Date
}

/** The last finished item of each agreement. */
export const lastResults = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[],
): Promise<Map<number, LastResult>> => {
  if (agreementIds.length === 0) return new Map()
  const rows = await db
    .selectDistinctOn([runItems.agreementId], {
      agreementId: runItems.agreementId,
      runId: runItems.runId,
      status: runItems.status,
      finishedAt: runItems.finishedAt,
    })
    .from(runItems)
    .where(
      and(
        eq(runItems.organisationId, organisationId),
        eq(runItems.program, program),
        inArray(runItems.agreementId, [...agreementIds]),
        eq(runItems.state, 'finished'),
      ),
    )
    .orderBy(asc(runItems.agreementId), desc(runItems.queuedAt))
  return new Map(
    rows.flatMap(({ agreementId, runId, status, finishedAt }) =>
      status === null || finishedAt === null
        ? []
        : [[agreementId, { agreementId, runId, status, finishedAt }]],
    ),
  )
}
