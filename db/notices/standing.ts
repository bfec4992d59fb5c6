/** What is true of a program's agreements, products and invoices now, as far as people are told of it. */
import { and, asc, desc, eq, gt, inArray, isNotNull, ne, sql } from 'drizzle-orm'
import { mappings } from '#db/mappings/tables.ts'
import { invoices } from '#db/prism/invoice-tables.ts'
import { prismTenants } from '#db/prism/tables.ts'
import { isShown } from '#db/runs/looks-again.ts'
import { productResults, runItems, runs } from '#db/runs/tables.ts'
import type { Period, Status } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { agreementFindings } from './tables.ts'

export interface AgreementStanding {
  readonly agreementId: number
  readonly companyName: string
  readonly agreementName: string
  readonly runId: string
  readonly status: Status
  /** Of the agreement as a whole; `null` where it could be read. */
  readonly message: string | null
  readonly remedy: string | null
}

/** The last result of every agreement of which a customer syncs. */
export const agreementStandings = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<AgreementStanding[]> => {
  const last = sql`LATERAL (
    SELECT run_id, status, message, remedy FROM ${runItems}
    WHERE ${runItems.organisationId} = ${mappings.organisationId} AND ${runItems.program} = ${mappings.program}
      AND ${runItems.agreementId} = ${mappings.agreementId} AND ${runItems.state} = 'finished'
    ORDER BY ${runItems.queuedAt} DESC LIMIT 1) AS last_result`
  return db
    .selectDistinctOn([mappings.agreementId], {
      agreementId: mappings.agreementId,
      companyName: mappings.companyName,
      agreementName: mappings.agreementName,
      runId: sql<string>`last_result.run_id`,
      status: sql<Status>`last_result.status`,
      message: sql<string | null>`last_result.message`,
      remedy: sql<string | null>`last_result.remedy`,
    })
    .from(mappings)
    .innerJoin(last, sql`last_result.status IS NOT NULL`)
    .where(
      and(
        eq(mappings.organisationId, organisationId),
        eq(mappings.program, program),
        eq(mappings.syncEnabled, true),
      ),
    )
    .orderBy(mappings.agreementId)
}

/** What is indexed of all agreements, with the customers' names. */
export const findingsNow = async (db: Database, organisationId: string, program: string) =>
  db
    .select({ finding: agreementFindings, customer: prismTenants.name })
    .from(agreementFindings)
    .leftJoin(
      prismTenants,
      and(
        eq(prismTenants.organisationId, agreementFindings.organisationId),
        eq(prismTenants.program, agreementFindings.program),
        eq(prismTenants.id, agreementFindings.tenantId),
      ),
    )
    .where(and(eq(agreementFindings.organisationId, organisationId), eq(agreementFindings.program, program)))
    .orderBy(asc(agreementFindings.agreementId), asc(agreementFindings.ordinal))

/** Invoices that wait for a person, or of which the file cannot be had or read. */
export const stuckInvoices = async (db: Database, organisationId: string, program: string) =>
  db
    .select({
      id: invoices.id,
      period: invoices.period,
      state: invoices.state,
      reason: invoices.reason,
      totalPrice: invoices.totalPrice,
    })
    .from(invoices)
    .where(
      and(
        eq(invoices.organisationId, organisationId),
        eq(invoices.program, program),
        inArray(invoices.state, ['held', 'refused', 'unread']),
      ),
    )
    .orderBy(invoices.period, invoices.id)

/** When the first invoice of each usage month came; what is ignored (credits, other programs) or annual is none of it. */
export const invoiceArrivals = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<{ readonly period: Period; readonly at: Date }[]> =>
  db
    .select({
      period: invoices.period,
      at: sql<Date>`min(${invoices.detectedAt})`.mapWith(invoices.detectedAt),
    })
    .from(invoices)
    .where(
      and(
        eq(invoices.organisationId, organisationId),
        eq(invoices.program, program),
        ne(invoices.state, 'ignored'),
        eq(invoices.kind, 'monthly'),
      ),
    )
    .groupBy(invoices.period)
    .orderBy(desc(invoices.period))
    .limit(24)

/** The last product sync that ended, with the products that failed in it; `null` before the first. */
export const productsNow = async (db: Database, organisationId: string, program: string) => {
  const [run] = await db
    .select({ id: runs.id, status: runs.status, note: runs.note })
    .from(runs)
    .where(
      and(
        eq(runs.organisationId, organisationId),
        eq(runs.program, program),
        eq(runs.kind, 'products'),
        eq(runs.state, 'finished'),
      ),
    )
    .orderBy(desc(runs.createdAt))
    .limit(1)
  if (run === undefined) return null
  const failed = await db
    .select({
      sku: productResults.sku,
      name: productResults.name,
      message: productResults.message,
      remedy: productResults.remedy,
    })
    .from(productResults)
    .where(
      and(
        eq(productResults.organisationId, organisationId),
        eq(productResults.runId, run.id),
        eq(productResults.status, 'Error'),
        isNotNull(productResults.message),
      ),
    )
    .orderBy(productResults.sku)
  return { ...run, failed }
}

/** Whether a sync is under way that people see, since `since` or later: its end tells more than its middle. */
export const isSyncUnderWay = async (
  db: Database,
  organisationId: string,
  program: string,
  since: Date,
): Promise<boolean> => {
  const rows = await db
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(
        eq(runs.organisationId, organisationId),
        eq(runs.program, program),
        ne(runs.state, 'finished'),
        gt(runs.createdAt, since),
        isShown,
      ),
    )
    .limit(1)
  return rows.length > 0
}
