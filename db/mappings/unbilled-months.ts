/** Months that PRISM invoiced and that nobody bills: skipped, or undone by a person, or missed while a Sync was off (F12, J2, E6). */
import { type SQL, sql } from 'drizzle-orm'
import type { Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'

export interface SkippedMonth {
  readonly agreementId: number
  readonly tenantId: string
  readonly subscriptionId: string
  readonly product: string
  readonly period: Period
  readonly price: Money
  readonly by: string
  readonly since: Date
}

/** What all of it comes to. */
export interface UnbilledTotals {
  readonly count: number
  readonly customers: number
  readonly price: Money
  /** `null`: there is none. */
  readonly since: Date | null
}

/** What all of it comes to, or a page of it, the largest first: each is read by itself. */
export interface Unbilled<Row> {
  readonly totals: () => Promise<UnbilledTotals>
  readonly page: (part: { readonly limit: number; readonly offset: number }) => Promise<Row[]>
}

interface TotalsRow extends Record<string, unknown> {
  count: number
  customers: number
  price: Money
  since: string | null
}

/** A row of either query has the columns of its own. */
type StoredRow = SkippedRow & MissedRow

const unbilled = <Row>(db: Database, all: SQL, toRow: (stored: StoredRow) => Row): Unbilled<Row> => ({
  async totals() {
    const { rows } = await db.execute<TotalsRow>(sql`
      SELECT count(*)::int AS count, count(DISTINCT a.tenant_id)::int AS customers,
        coalesce(sum(a.price), 0)::text AS price, min(a.since) AS since FROM (${all}) a`)
    const [totals] = rows
    if (totals === undefined) throw new Error('An aggregate gave no row')
    return { ...totals, since: totals.since === null ? null : new Date(totals.since) }
  },
  async page({ limit, offset }) {
    const { rows } = await db.execute<StoredRow>(sql`
      SELECT a.*, a.price::text AS price FROM (${all}) a
      ORDER BY a.price DESC, a.tenant_id, a.period LIMIT ${limit} OFFSET ${offset}`)
    return rows.map(toRow)
  },
})

/** @param agreementIds `null`: of all agreements */
const ofAgreement = (table: string, agreementIds: readonly number[] | null): SQL =>
  agreementIds === null ? sql`true` : isOneOf(sql.raw(`${table}.agreement_id`), agreementIds)

interface SkippedRow extends Record<string, unknown> {
  readonly agreement_id: number
  readonly tenant_id: string
  readonly subscription_id: string
  readonly product: string
  readonly period: Period
  readonly price: Money
  readonly by: string
  readonly since: string
}

/** Months that a person skipped, or undid, and that are not planned until that is taken back, with what PRISM invoiced in them. */
export const skippedMonths = (
  db: Database,
  organisationId: string,
  program: string,
  state: 'skipped' | 'parked',
  agreementIds: readonly number[] | null,
): Unbilled<SkippedMonth> =>
  unbilled(
    db,
    sql`
      SELECT s.agreement_id, s.tenant_id, s.subscription_id, s.period, s.by, s.updated_at AS since,
        coalesce(l.offer_name, '') AS product, coalesce(l.price, 0) AS price
      FROM period_states s CROSS JOIN LATERAL (
        SELECT min(offer_name) AS offer_name, sum(price) AS price FROM invoice_lines l
        WHERE l.organisation_id = s.organisation_id AND l.program = s.program AND l.subscription_id = s.subscription_id
          AND l.last_day >= (s.period || '-01')::date AND l.invoice_id = s.invoice_id) l
      WHERE s.organisation_id = ${organisationId} AND s.program = ${program} AND s.state <> 'good' AND s.state = ${state}
        AND ${ofAgreement('s', agreementIds)}`,
    (row: SkippedRow) => ({
      agreementId: row.agreement_id,
      tenantId: row.tenant_id,
      subscriptionId: row.subscription_id,
      product: row.product,
      period: row.period,
      price: row.price,
      by: row.by,
      since: new Date(row.since),
    }),
  )

export interface MissedCustomer {
  readonly agreementId: number
  readonly companyId: number
  readonly tenantId: string
  readonly from: Period
  readonly to: Period
  /** The oldest first. */
  readonly months: readonly { readonly period: Period; readonly price: Money }[]
  readonly price: Money
  readonly since: Date
}

interface MissedRow extends Record<string, unknown> {
  readonly agreement_id: number
  readonly company_id: number
  readonly tenant_id: string
  readonly period: Period
  readonly to: Period
  readonly months: MissedCustomer['months']
  readonly price: Money
  readonly since: string
}

/**
 * Customers that synced before and do not now, with the usable invoices that came after the last one that a sync of theirs took up.
 * @param isProgramOff then also those whose own Sync is on
 */
export const missedCustomers = (
  db: Database,
  organisationId: string,
  program: string,
  isProgramOff: boolean,
  agreementIds: readonly number[] | null,
): Unbilled<MissedCustomer> =>
  unbilled(
    db,
    sql`
      SELECT m.agreement_id, m.company_id, m.tenant_id, min(i.period) AS period, max(i.period) AS to,
        json_agg(json_build_object('period', i.period, 'price', l.price::text) ORDER BY i.period) AS months, sum(l.price) AS price, min(coalesce(i.ready_at, i.detected_at)) AS since
      FROM mappings m
      JOIN invoices a ON a.organisation_id = m.organisation_id AND a.program = m.program AND a.id = m.attempted_invoice_id
      JOIN invoices i ON i.organisation_id = m.organisation_id AND i.program = m.program AND i.state = 'ready'
        AND i.period > a.period
      CROSS JOIN LATERAL (
        SELECT sum(price) AS price FROM invoice_lines l
        WHERE l.organisation_id = m.organisation_id AND l.program = m.program AND l.invoice_id = i.id
          AND l.tenant_id = m.tenant_id) l
      WHERE m.organisation_id = ${organisationId} AND m.program = ${program} AND m.sync_enabled = ${isProgramOff}
        AND ${ofAgreement('m', agreementIds)} AND l.price <> 0
      GROUP BY m.agreement_id, m.company_id, m.tenant_id`,
    (row: MissedRow) => ({
      agreementId: row.agreement_id,
      companyId: row.company_id,
      tenantId: row.tenant_id,
      from: row.period,
      to: row.to,
      months: row.months,
      price: row.price,
      since: new Date(row.since),
    }),
  )
