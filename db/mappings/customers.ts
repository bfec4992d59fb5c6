import { and, asc, desc, eq, ilike, or, type SQL, sql } from 'drizzle-orm'
import { invoiceLines, invoices } from '#db/prism/invoice-tables.ts'
import { prismTenants } from '#db/prism/tables.ts'
import type { Tenant } from '#db/prism/tenants.ts'
import { isShown } from '#db/runs/looks-again.ts'
import { runItems, runs } from '#db/runs/tables.ts'
import type { Period, Status } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf, statusRank } from '../rows.ts'
import type { Mapping } from './mappings.ts'
import { mappings } from './tables.ts'

export const customerSorts = ['name', 'domain', 'company', 'state', 'result'] as const
/** `attention`: its Sync is on, and its agreement's last result is a Warning or an Error (E1). */
export const customerStates = ['unmapped', 'mapped', 'syncing', 'attention'] as const
export type CustomerState = (typeof customerStates)[number]

export interface CustomerFilter {
  readonly search: string
  /** `null`: customers in every state. */
  readonly state: CustomerState | null
}

export interface CustomerRow {
  readonly tenant: Tenant
  readonly mapping: Mapping | null
  readonly state: CustomerState
  readonly running: boolean
  readonly lastResult: LastResult | null
}

/** The last finished sync of a customer's agreement. */
export interface LastResult {
  readonly runId: string
  readonly status: Status
  readonly finishedAt: Date
}

const ofAgreement = sql`${runItems.organisationId} = ${mappings.organisationId} AND ${runItems.program} = ${mappings.program} AND ${runItems.agreementId} = ${mappings.agreementId}`
/** One look into the index for each mapping. */
const lastResult = sql`LATERAL (
  SELECT ${runItems.runId} AS run_id, ${runItems.status} AS status, ${runItems.finishedAt} AS finished_at
  FROM ${runItems} WHERE ${ofAgreement} AND ${runItems.state} = 'finished'
  ORDER BY ${runItems.queuedAt} DESC LIMIT 1) AS last_result`
const lastStatus = sql<Status | null>`last_result.status`
const running = sql<boolean>`EXISTS (
  SELECT FROM ${runItems} JOIN ${runs} ON ${runs.organisationId} = ${runItems.organisationId} AND ${runs.id} = ${runItems.runId}
  WHERE ${ofAgreement} AND ${runItems.state} <> 'finished' AND ${isShown})`
const state = sql<CustomerState>`CASE
  WHEN ${mappings.tenantId} IS NULL THEN 'unmapped' WHEN NOT ${mappings.syncEnabled} THEN 'mapped'
  WHEN ${lastStatus} IN ('Warning', 'Error') THEN 'attention' ELSE 'syncing' END`

const sortColumns: Record<(typeof customerSorts)[number], SQL> = {
  name: sql`lower(${prismTenants.name})`,
  domain: sql`lower(${prismTenants.domain})`,
  company: sql`lower(${mappings.companyName})`,
  state: sql`array_position(ARRAY['unmapped', 'mapped', 'syncing', 'attention'], ${state})`,
  result: statusRank(lastStatus),
}

const isMappingOfTenant = and(
  eq(mappings.organisationId, prismTenants.organisationId),
  eq(mappings.program, prismTenants.program),
  eq(mappings.tenantId, prismTenants.id),
)

const columns = {
  tenant: prismTenants,
  mapping: mappings,
  state,
  running,
  runId: sql<string | null>`last_result.run_id`,
  status: lastStatus,
  finishedAt: sql<Date | null>`last_result.finished_at`.mapWith(runItems.finishedAt),
}

interface Selected extends Omit<CustomerRow, 'lastResult'> {
  readonly runId: string | null
  readonly status: Status | null
  readonly finishedAt: Date | null
}

const toRow = ({ tenant, mapping, state, running, runId, status, finishedAt }: Selected): CustomerRow => ({
  tenant,
  mapping,
  state,
  running,
  lastResult: runId && status && finishedAt ? { runId, status, finishedAt } : null,
})

const ofProgram = (organisationId: string, program: string) =>
  and(eq(prismTenants.organisationId, organisationId), eq(prismTenants.program, program))

/** Whether a customer of the program fits. */
const isFitting = ({ search, state: wanted }: CustomerFilter): SQL | undefined => {
  const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`
  const matches = or(
    ilike(prismTenants.name, like),
    ilike(prismTenants.domain, like),
    ilike(mappings.companyName, like),
  )
  return and(search === '' ? undefined : matches, wanted === null ? undefined : eq(state, wanted))
}

const fitting = (organisationId: string, program: string, filter: CustomerFilter): SQL | undefined =>
  and(ofProgram(organisationId, program), isFitting(filter))

/**
 * Every customer of the program as a row of what a page is chosen and counted by: `id`, `state`, the column to sort by as `key`, `name`,
 * and whether it `fits`. Each customer's last result is looked up once, whatever is asked of the rows.
 */
export const customersToChoose = (
  organisationId: string,
  program: string,
  filter: CustomerFilter,
  sort: (typeof customerSorts)[number],
): SQL => sql`
  SELECT ${prismTenants.id} AS id, ${state} AS state, ${sortColumns[sort]} AS key, ${sortColumns.name} AS name,
    ${isFitting(filter) ?? sql`true`} AS fits
  FROM ${prismTenants} LEFT JOIN ${mappings} ON ${isMappingOfTenant} LEFT JOIN ${lastResult} ON true
  WHERE ${ofProgram(organisationId, program)}`

/** Ids of all tenants that fit. */
export const tenantsFitting = async (
  db: Database,
  organisationId: string,
  program: string,
  filter: CustomerFilter,
): Promise<string[]> => {
  const rows = await db
    .select({ id: prismTenants.id })
    .from(prismTenants)
    .leftJoin(mappings, isMappingOfTenant)
    .leftJoin(lastResult, sql`true`)
    .where(fitting(organisationId, program, filter))
    .orderBy(asc(prismTenants.id))
  return rows.map(({ id }) => id)
}

/** Tenants with their mappings by name, after one of them; so many at a time, for who reads all. @param after `null`: from the first on */
export const customersAfter = async (
  db: Database,
  organisationId: string,
  program: string,
  filter: CustomerFilter,
  { after, limit }: { readonly after: Tenant | null; readonly limit: number },
): Promise<Pick<CustomerRow, 'tenant' | 'mapping'>[]> =>
  db
    .select({ tenant: prismTenants, mapping: mappings })
    .from(prismTenants)
    .leftJoin(mappings, isMappingOfTenant)
    .leftJoin(lastResult, sql`true`)
    .where(
      and(
        fitting(organisationId, program, filter),
        after === null
          ? undefined
          : sql`(${sortColumns.name}, ${prismTenants.id}) > (lower(${after.name}), ${after.id})`,
      ),
    )
    .orderBy(asc(sortColumns.name), asc(prismTenants.id))
    .limit(limit)

/** Tenants as rows of the table; those that the program has, by id. */
export const customersOf = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<CustomerRow[]> => {
  if (tenantIds.length === 0) return []
  const rows = await db
    .select(columns)
    .from(prismTenants)
    .leftJoin(mappings, isMappingOfTenant)
    .leftJoin(lastResult, sql`true`)
    .where(and(ofProgram(organisationId, program), isOneOf(prismTenants.id, tenantIds)))
    .orderBy(prismTenants.id)
  return rows.map(toRow)
}

/** One tenant as a row of the table; `null` where none of the program has the id. */
export const customerOf = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<CustomerRow | null> => (await customersOf(db, organisationId, program, [tenantId]))[0] ?? null

export type CustomerCounts = Readonly<Record<CustomerState, number>>
export const NOBODY: CustomerCounts = { unmapped: 0, mapped: 0, syncing: 0, attention: 0 }

/** How many tenants of a program are in each state. */
export const customerCounts = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<CustomerCounts> => {
  const rows = await db
    .select({ state, count: sql<number>`count(*)::int` })
    .from(prismTenants)
    .leftJoin(mappings, isMappingOfTenant)
    .leftJoin(lastResult, sql`true`)
    .where(ofProgram(organisationId, program))
    .groupBy(state)
  const counts = Object.fromEntries(rows.map((row) => [row.state, row.count]))
  return { ...NOBODY, ...counts }
}

/** How many customers that sync are in each status now: that of their agreement's last sync, `null` where there was none. */
export const syncingByStatus = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<ReadonlyMap<Status | null, number>> => {
  const rows = await db
    .select({ status: lastStatus, count: sql<number>`count(*)::int` })
    .from(mappings)
    .leftJoin(lastResult, sql`true`)
    .where(
      and(
        eq(mappings.organisationId, organisationId),
        eq(mappings.program, program),
        eq(mappings.syncEnabled, true),
      ),
    )
    .groupBy(lastStatus)
  return new Map(rows.map((row) => [row.status, row.count]))
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
        isOneOf(invoiceLines.tenantId, tenantIds),
      ),
    )
  return new Map(found.map(({ tenantId }) => [tenantId ?? '', latest]))
}
