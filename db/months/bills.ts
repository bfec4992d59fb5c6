/** The index of what the plans of each agreement's month come to: where it is written, and what it is made from (J5). */
import { and, eq, max, or, sql } from 'drizzle-orm'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import type { Amount, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { batches, isOneOf, replacing } from '../rows.ts'
import { monthBills } from './tables.ts'

export type StoredBill = typeof monthBills.$inferSelect
export type NewBill = Omit<StoredBill, 'organisationId' | 'program' | 'agreementId'>

const ofAgreement = (organisationId: string, program: string, agreementId: number) =>
  and(
    eq(monthBills.organisationId, organisationId),
    eq(monthBills.program, program),
    eq(monthBills.agreementId, agreementId),
  )

/** Of an agreement, all its months, oldest first. */
export const billsOfAgreement = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<StoredBill[]> =>
  db
    .select()
    .from(monthBills)
    .where(ofAgreement(organisationId, program, agreementId))
    .orderBy(monthBills.period)

/** Of an agreement, these months and the newest one, as far as they are in the index. */
export const billsAndNewest = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  periods: readonly Period[],
): Promise<StoredBill[]> => {
  const its = ofAgreement(organisationId, program, agreementId)
  const newest = db
    .select({ period: max(monthBills.period) })
    .from(monthBills)
    .where(its)
  return db
    .select()
    .from(monthBills)
    .where(and(its, or(isOneOf(monthBills.period, periods), eq(monthBills.period, newest))))
}

/** Months of an agreement, each once, in the place of what the index has of them. */
export const putBills = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  bills: readonly NewBill[],
): Promise<void> => {
  const key = [monthBills.organisationId, monthBills.program, monthBills.period, monthBills.agreementId]
  for (const part of batches(bills))
    await db
      .insert(monthBills)
      .values(part.map((bill) => ({ ...bill, organisationId, program, agreementId })))
      .onConflictDoUpdate({ target: key, set: replacing(monthBills, key) })
}

/** What a bill is made from beside its plan. */
export interface BesidePlan {
  /** By subscription, the sum of its lines on the invoice that no customer is known for and several have a claim to. */
  readonly unowned: ReadonlyMap<SubscriptionKey, Amount>
  /** Subscriptions that are good for the month on the agreement. */
  readonly good: ReadonlySet<SubscriptionKey>
  /** Lines on the invoice of subscriptions that begin later on the agreement, or are billed elsewhere. */
  readonly unplanned: readonly {
    readonly subscriptionId: SubscriptionKey
    readonly tenantId: string
    readonly isElsewhere: boolean
    readonly lines: Amount
  }[]
  readonly azure: ReadonlySet<SubscriptionKey>
}

interface Row extends Record<string, unknown> {
  readonly kind: 'unowned' | 'good' | 'begins' | 'elsewhere' | 'azure'
  readonly id: SubscriptionKey
  readonly tenant_id: string | null
  readonly cost: Amount['cost'] | null
  readonly price: Amount['price'] | null
}

/** @param subscriptionIds of the plan, and of the plans before it */
export const besidePlan = async (
  db: Database,
  organisationId: string,
  program: string,
  of: { readonly agreementId: number; readonly period: Period; readonly invoiceId: string },
  subscriptionIds: readonly string[],
): Promise<BesidePlan> => {
  const scope = (table: string) =>
    sql`${sql.raw(table)}.organisation_id = ${organisationId} AND ${sql.raw(table)}.program = ${program}`
  const lines = sql`invoice_lines l ON ${scope('l')} AND l.invoice_id = ${of.invoiceId}`
  const { rows } = await db.execute<Row>(sql`
    SELECT 'unowned' AS kind, c.subscription_id AS id, NULL AS tenant_id, sum(l.cost)::text AS cost, sum(l.price)::text AS price
    FROM line_claims c JOIN ${lines} AND l.subscription_id = c.subscription_id AND l.tenant_id IS NULL
    WHERE ${scope('c')} AND c.invoice_id = ${of.invoiceId} AND c.kind = 'contested' AND ${isOneOf(sql`c.subscription_id`, subscriptionIds)}
    GROUP BY c.subscription_id
    UNION ALL
    SELECT 'good', s.subscription_id, s.tenant_id, NULL, NULL FROM period_states s
    WHERE ${scope('s')} AND ${isOneOf(sql`s.subscription_id`, subscriptionIds)} AND s.period = ${of.period}
      AND s.agreement_id = ${of.agreementId} AND s.state = 'good'
    UNION ALL
    SELECT CASE WHEN s.starts = 'elsewhere' THEN 'elsewhere' ELSE 'begins' END, s.subscription_id, l.tenant_id, sum(l.cost)::text, sum(l.price)::text
    FROM subscription_starts s JOIN ${lines} AND l.subscription_id = s.subscription_id AND l.tenant_id IS NOT NULL
    WHERE ${scope('s')} AND s.agreement_id = ${of.agreementId} AND (s.starts = 'elsewhere' OR s.starts ~ '^[0-9]' AND s.starts > ${of.period})
    GROUP BY s.starts, s.subscription_id, l.tenant_id
    UNION ALL
    SELECT DISTINCT 'azure', l.subscription_id, NULL, NULL::text, NULL::text
    FROM invoice_lines l LEFT JOIN prism_subscriptions p ON ${scope('p')} AND p.id = l.subscription_id
    WHERE ${scope('l')} AND l.invoice_id = ${of.invoiceId} AND ${isOneOf(sql`l.subscription_id`, subscriptionIds)}
      AND (lower(btrim(p.display_template)) = 'azure' OR coalesce(btrim(p.display_template), '') = '' AND lower(btrim(l.offer_name)) LIKE 'azure%')`)
  const ids = (kind: Row['kind']) => new Set(rows.filter((row) => row.kind === kind).map(({ id }) => id))
  const amountOf = ({ cost, price }: Row): Amount => {
    if (cost === null || price === null) throw new Error('Lines have amounts')
    return { cost, price }
  }
  return {
    unowned: new Map(rows.filter(({ kind }) => kind === 'unowned').map((row) => [row.id, amountOf(row)])),
    good: ids('good'),
    azure: ids('azure'),
    unplanned: rows
      .filter(({ kind }) => kind === 'begins' || kind === 'elsewhere')
      .map((row) => ({
        subscriptionId: row.id,
        tenantId: row.tenant_id ?? '',
        isElsewhere: row.kind === 'elsewhere',
        lines: amountOf(row),
      })),
  }
}

/** A customer's months on an agreement, as it is mapped and was. */
export interface StayRow {
  readonly tenantId: string
  readonly from: Period | null
  readonly until: Period | null
}

export const staysOn = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<StayRow[]> => {
  const { rows } = await db.execute<{ tenant_id: string; from: Period | null; until: Period | null }>(sql`
    SELECT tenant_id, first_period AS from, NULL AS until FROM mappings
    WHERE organisation_id = ${organisationId} AND program = ${program} AND agreement_id = ${agreementId}
    UNION ALL
    SELECT tenant_id, first_period, last_period FROM former_mappings
    WHERE organisation_id = ${organisationId} AND program = ${program} AND agreement_id = ${agreementId}`)
  return rows.map(({ tenant_id, from, until }) => ({ tenantId: tenant_id, from, until }))
}

/** A month of an agreement of a finished sync. */
export interface IndexedMonth {
  readonly agreementId: number
  readonly runId: string
}

/**
 * Finished syncs of agreements of which a month is in no index, as an earlier version of the product wrote none: all of the
 * agreement's that planned something, the oldest first.
 */
export const syncsWithoutBill = async (
  db: Database,
  organisationId: string,
  program: string,
  most: number,
): Promise<IndexedMonth[]> => {
  const { rows } = await db.execute<{ agreement_id: number; run_id: string }>(sql`
    WITH without AS (
      SELECT DISTINCT i.agreement_id FROM run_items i
      WHERE i.organisation_id = ${organisationId} AND i.program = ${program} AND i.state = 'finished' AND i.first_period IS NOT NULL
        AND NOT EXISTS (SELECT FROM month_bills b WHERE b.organisation_id = i.organisation_id AND b.program = i.program
          AND b.agreement_id = i.agreement_id)
        AND EXISTS (SELECT FROM run_periods p WHERE p.organisation_id = i.organisation_id AND p.run_id = i.run_id
          AND p.agreement_id = i.agreement_id AND p.kind = 'month')
      ORDER BY i.agreement_id LIMIT ${most})
    SELECT i.agreement_id, i.run_id FROM without
    JOIN run_items i ON i.organisation_id = ${organisationId} AND i.program = ${program} AND i.agreement_id = without.agreement_id
      AND i.state = 'finished' AND i.first_period IS NOT NULL
    ORDER BY i.agreement_id, i.queued_at`)
  return rows.map(({ agreement_id, run_id }) => ({ agreementId: agreement_id, runId: run_id }))
}
