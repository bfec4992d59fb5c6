/**
 * What the guards found in each invoice, and the one read that they judge from (F18; docs/billing-rules.md,
 * "The guard").
 */
import { sql } from 'drizzle-orm'
import type { Invoice } from '#db/prism/invoices.ts'
import { firstDay, lastDay } from '#lib/billing/days.ts'
import type { ChargedLines, GuardVerdict } from '#lib/billing/guard.ts'
import type { BySubscription } from '#lib/billing/keys.ts'
import {
  type GuardReason,
  guardReasonSchema,
  type Money,
  type Period,
  type Quantity,
} from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { guardVerdicts } from './tables.ts'

/** Stores what was found; what was found in the invoice before is replaced. */
export const putGuardVerdict = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
  verdict: GuardVerdict,
): Promise<void> => {
  const judgedAt = new Date()
  await db
    .insert(guardVerdicts)
    .values({ organisationId, program, invoiceId, verdict, judgedAt })
    .onConflictDoUpdate({
      target: [guardVerdicts.organisationId, guardVerdicts.program, guardVerdicts.invoiceId],
      set: { verdict, judgedAt },
    })
}

/** By subscription, why the guards hold it: those of one agreement. `null` where nobody judged the invoice. */
export const guardedOf = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
  agreementId: number,
): Promise<BySubscription<GuardReason> | null> => {
  const { rows } = await db.execute<{ id: string | null; reason: string }>(sql`
    SELECT w->>'subscriptionId' AS id, w->>'reason' AS reason
    FROM guard_verdicts v
    LEFT JOIN LATERAL jsonb_array_elements(v.verdict->'waits') w ON (w->>'agreementId')::int = ${agreementId}
    WHERE v.organisation_id = ${organisationId} AND v.program = ${program} AND v.invoice_id = ${invoiceId}`)
  if (rows.length === 0) return null
  return Object.fromEntries(
    rows.flatMap(({ id, reason }) => (id === null ? [] : [[id, guardReasonSchema.parse(reason)]])),
  )
}

/** Agreements of which a stored verdict about a usable invoice holds something. */
export const guardedAgreements = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<number[]> => {
  const { rows } = await db.execute<{ id: number }>(sql`
    SELECT DISTINCT (w->>'agreementId')::int AS id
    FROM guard_verdicts v
    JOIN invoices i ON i.organisation_id = v.organisation_id AND i.program = v.program AND i.id = v.invoice_id,
      jsonb_array_elements(v.verdict->'waits') w
    WHERE v.organisation_id = ${organisationId} AND v.program = ${program} AND i.state = 'ready'`)
  return rows.map(({ id }) => id)
}

/** Usable invoices that some agreement has still to take up, or took up last, and those of which something is held. */
export const unappliedInvoices = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<Pick<Invoice, 'id' | 'period'>[]> => {
  const { rows } = await db.execute<{ id: string; period: Period }>(sql`
    SELECT i.id, i.period
    FROM invoices i LEFT JOIN guard_verdicts v
      ON v.organisation_id = i.organisation_id AND v.program = i.program AND v.invoice_id = i.id
    WHERE i.organisation_id = ${organisationId} AND i.program = ${program} AND i.state = 'ready'
      AND (jsonb_array_length(v.verdict->'waits') > 0 OR i.period >= coalesce((
        SELECT min(last) FROM (
          SELECT max(s.period) AS last FROM period_states s
          JOIN mappings m ON m.organisation_id = s.organisation_id AND m.program = s.program
            AND m.tenant_id = s.tenant_id AND m.sync_enabled
          WHERE s.organisation_id = i.organisation_id AND s.program = i.program AND s.state = 'good'
          GROUP BY s.agreement_id) reached), ''))
    ORDER BY i.period`)
  return rows
}

/** Tenants with a line of more than 0.00 on the invoice, or with one that cannot be read and may be. */
export const tenantsCharged = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
): Promise<Set<string>> => {
  const of = sql`organisation_id = ${organisationId} AND program = ${program} AND invoice_id = ${invoiceId}
    AND tenant_id IS NOT NULL`
  const { rows } = await db.execute<{ id: string }>(sql`
    SELECT tenant_id AS id FROM invoice_lines WHERE ${of} AND price > 0
    UNION SELECT tenant_id FROM invoice_bad_lines WHERE ${of} AND coalesce(price, 1) > 0`)
  return new Set(rows.map(({ id }) => id))
}

/** Rows of one answer; memory stays bounded however many subscriptions there are. */
const rowsAtOnce = 5_000

/**
 * What each synced subscription was charged in its last good month up to the invoice's, and what the invoice charges, summed
 * over lines that are alike; those of one subscription follow one another. Left out are subscriptions that were never good
 * where their customer is mapped now, are billed elsewhere, or have a line that cannot be read; and credits and charges for earlier
 * days, which say nothing of what runs. One scan, in parts; `tx` is
 * a transaction.
 */
export async function* chargedLines(
  tx: Database,
  organisationId: string,
  program: string,
  { id: invoiceId, period }: Pick<Invoice, 'id' | 'period'>,
): AsyncGenerator<ChargedLines> {
  const of = (table: string) =>
    sql`${sql.raw(table)}.organisation_id = ${organisationId} AND ${sql.raw(table)}.program = ${program}`
  const isBefore = sql`l.invoice_id = r.invoice_id`
  const isAfter = sql`l.invoice_id = ${invoiceId}`
  await tx.execute(sql`
    DECLARE charged_lines NO SCROLL CURSOR FOR
    WITH last_good AS (
      SELECT DISTINCT ON (s.subscription_id) s.subscription_id, s.tenant_id, s.agreement_id, s.invoice_id,
        (s.period || '-01')::date AS first_day,
        ((s.period || '-01')::date + interval '1 month - 1 day')::date AS last_day
      FROM period_states s
      WHERE ${of('s')} AND s.state = 'good' AND s.period <= ${period}
      ORDER BY s.subscription_id, s.period DESC
    ), running AS (
      SELECT g.*, p.display_template FROM last_good g
      JOIN mappings m ON ${of('m')} AND m.tenant_id = g.tenant_id AND m.agreement_id = g.agreement_id
      LEFT JOIN prism_subscriptions p ON ${of('p')} AND p.id = g.subscription_id
      WHERE m.sync_enabled AND (m.first_period IS NULL OR m.first_period <= ${period})
        AND NOT EXISTS (
          SELECT FROM subscription_starts b WHERE ${of('b')} AND b.agreement_id = g.agreement_id
            AND b.subscription_id = g.subscription_id AND b.starts = 'elsewhere')
        AND NOT EXISTS (
          SELECT FROM invoice_bad_lines x WHERE ${of('x')} AND x.invoice_id = ${invoiceId}
            AND x.subscription_id = g.subscription_id)
    )
    SELECT r.subscription_id, min(r.tenant_id) AS tenant_id, min(r.agreement_id) AS agreement_id,
      min(r.display_template) AS display_template,
      l.offer_name, l.billing_cycle, l.term_duration, l.term_unit,
      sum(l.price) FILTER (WHERE ${isBefore})::text AS price_before,
      sum(l.price) FILTER (WHERE ${isAfter})::text AS price_after,
      coalesce(sum(l.quantity) FILTER (WHERE ${isBefore} AND l.last_day >= r.last_day), 0)::text AS end_before,
      coalesce(sum(l.quantity) FILTER (WHERE ${isAfter} AND l.last_day >= ${lastDay(period)}), 0)::text AS end_after
    FROM running r JOIN invoice_lines l ON ${of('l')} AND l.subscription_id = r.subscription_id
      AND l.last_day >= r.first_day AND (${isBefore} OR (${isAfter} AND l.last_day >= ${firstDay(period)}))
      AND least(l.quantity, l.unit_cost, l.unit_price, l.cost, l.price) >= 0
    GROUP BY r.subscription_id, l.offer_name, l.billing_cycle, l.term_duration, l.term_unit
    ORDER BY r.subscription_id`)
  for (;;) {
    const { rows } = await tx.execute<ChargedRow>(
      sql`FETCH ${sql.raw(String(rowsAtOnce))} FROM charged_lines`,
    )
    yield* rows.map(toCharged)
    if (rows.length < rowsAtOnce) break
  }
  await tx.execute(sql`CLOSE charged_lines`)
}

interface ChargedRow extends Record<string, unknown> {
  subscription_id: string
  tenant_id: string
  agreement_id: number
  display_template: string | null
  offer_name: string
  billing_cycle: string | null
  term_duration: string | null
  term_unit: string | null
  price_before: Money | null
  price_after: Money | null
  end_before: Quantity
  end_after: Quantity
}

const toCharged = (row: ChargedRow): ChargedLines => ({
  subscriptionId: row.subscription_id,
  tenantId: row.tenant_id,
  agreementId: row.agreement_id,
  displayTemplate: row.display_template,
  offerName: row.offer_name,
  billingCycle: row.billing_cycle,
  termDuration: row.term_duration,
  termUnit: row.term_unit,
  before: sideOf(row.price_before, row.end_before),
  after: sideOf(row.price_after, row.end_after),
})

const sideOf = (price: Money | null, quantityAtEnd: Quantity): ChargedLines['before'] =>
  price === null ? null : { price, quantityAtEnd }

/** A verdict as people see it, with what of it waits still: neither confirmed, nor synced or skipped since. */
export interface GuardSummary {
  readonly invoiceId: string
  readonly period: Period
  readonly ended: number
  readonly running: number
  readonly totalBefore: Money
  readonly totalAfter: Money
  readonly waiting: {
    readonly subscriptions: number
    readonly customers: number
    readonly agreements: number
    readonly before: Money
    readonly after: Money
  }
}

interface SummaryRow extends Record<string, unknown> {
  invoice_id: string
  period: Period
  ended: number
  running: number
  total_before: Money
  total_after: Money
  subscriptions: number
  customers: number
  agreements: number
  before: Money
  after: Money
}

/** Of each usable invoice that was judged, the newest first. @param runId only what waits of that run's agreements and months */
export const guardSummaries = async (
  db: Database,
  organisationId: string,
  program: string,
  runId: string | null = null,
): Promise<GuardSummary[]> => {
  const ofVerdict = (table: string) =>
    sql`${sql.raw(table)}.organisation_id = v.organisation_id AND ${sql.raw(table)}.program = v.program`
  const ofRun =
    runId === null
      ? sql`true`
      : sql`EXISTS (SELECT FROM run_items t WHERE t.organisation_id = v.organisation_id AND t.run_id = ${runId}
          AND t.agreement_id = (w->>'agreementId')::int AND i.period BETWEEN t.first_period AND t.last_period)`
  const { rows } = await db.execute<SummaryRow>(sql`
    SELECT v.invoice_id, i.period, (v.verdict->>'ended')::int AS ended, (v.verdict->>'running')::int AS running,
      (v.verdict->>'totalBefore')::numeric::text AS total_before,
      (v.verdict->>'totalAfter')::numeric::text AS total_after, waiting.*
    FROM guard_verdicts v JOIN invoices i ON ${ofVerdict('i')} AND i.id = v.invoice_id AND i.state = 'ready'
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS subscriptions, count(DISTINCT w->>'tenantId')::int AS customers,
        count(DISTINCT w->>'agreementId')::int AS agreements,
        coalesce(sum((w->>'before')::numeric), 0)::text AS before,
        coalesce(sum((w->>'after')::numeric), 0)::text AS after
      FROM jsonb_array_elements(v.verdict->'waits') w
      WHERE ${ofRun}
        AND NOT EXISTS (
          SELECT FROM period_states s WHERE ${ofVerdict('s')} AND s.subscription_id = w->>'subscriptionId'
            AND s.period = i.period AND (s.state = 'skipped' OR s.invoice_id = v.invoice_id))
        AND NOT EXISTS (
          SELECT FROM confirmations c WHERE ${ofVerdict('c')} AND c.subscription_id = w->>'subscriptionId'
            AND c.question = 'guard' AND c.invoice_id = v.invoice_id)
    ) waiting
    WHERE v.organisation_id = ${organisationId} AND v.program = ${program}
    ORDER BY i.period DESC`)
  return rows.map((row) => ({
    invoiceId: row.invoice_id,
    period: row.period,
    ended: row.ended,
    running: row.running,
    totalBefore: row.total_before,
    totalAfter: row.total_after,
    waiting: {
      subscriptions: row.subscriptions,
      customers: row.customers,
      agreements: row.agreements,
      before: row.before,
      after: row.after,
    },
  }))
}
