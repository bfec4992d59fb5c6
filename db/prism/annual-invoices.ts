/** Annual invoices that are in use, as plans of One-Time agreements need them (J9; docs/billing-rules.md, "Annual invoices"). */
import { type SQL, sql } from 'drizzle-orm'
import type { AnnualInvoice } from '#lib/billing/annual/annual-situation.ts'
import { issuedOnOf } from '#lib/billing/annual/issued-on.ts'
import type { Day, Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { withClaimsOf } from './claimed-usage.ts'
import { usage } from './invoice-lines.ts'

/** With what it is stored as: `id` of its version in use, and the usage month that PRISM lists it with. */
export interface StoredAnnualInvoice extends AnnualInvoice {
  readonly id: string
  readonly period: Period
}

type Row = {
  readonly id: string
  readonly prism_invoice_id: string
  readonly period: Period
  readonly invoiced_on: Day | null
  readonly awaits_pick: boolean
  readonly is_taken: boolean
}

/** Of the invoice `i`: whether a person took over a version of it, and whether another one waits for a pick. */
export const versionsOf = (which: SQL): SQL => sql`EXISTS (
  SELECT FROM invoices v WHERE v.organisation_id = i.organisation_id AND v.program = i.program
    AND v.prism_invoice_id = i.prism_invoice_id AND ${which})`

/** All annual invoices in use, with what each charges at retail price. */
export const annualInvoicesInUse = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<(Pick<AnnualInvoice, 'issuedOn' | 'isTaken'> & { readonly price: Money })[]> => {
  const { rows } = await db.execute<
    Pick<Row, 'period' | 'invoiced_on' | 'is_taken'> & { price: Money | null }
  >(sql`
    SELECT i.period, i.invoiced_on, i.total_price::text AS price, ${versionsOf(sql`v.taken_at IS NOT NULL`)} AS is_taken
    FROM invoices i
    WHERE i.organisation_id = ${organisationId} AND i.program = ${program} AND i.state = 'annual'`)
  return rows.map((row) => ({
    issuedOn: issuedOnOf({ invoicedOn: row.invoiced_on, period: row.period }),
    isTaken: row.is_taken,
    price: row.price ?? ('0' as Money),
  }))
}

/**
 * The annual invoices in use that have lines of the tenants, bad and contested ones included, cut down to them; oldest first. All of
 * them: which are due is told by `isDue` of lib/billing, and those that are not tell what a credit takes back.
 */
export const annualInvoicesFor = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<StoredAnnualInvoice[]> => {
  if (tenantIds.length === 0) return []
  const ofIt = (of: string) =>
    sql.raw(
      `${of}.organisation_id = i.organisation_id AND ${of}.program = i.program AND ${of}.invoice_id = i.id`,
    )
  const { rows } = await db.execute<Row>(sql`
    SELECT i.id, i.prism_invoice_id, i.period, i.invoiced_on,
      ${versionsOf(sql`v.state = 'held'`)} AS awaits_pick,
      ${versionsOf(sql`v.taken_at IS NOT NULL`)} AS is_taken
    FROM invoices i
    WHERE i.organisation_id = ${organisationId} AND i.program = ${program} AND i.state = 'annual'
      AND (EXISTS (SELECT FROM invoice_lines l WHERE ${ofIt('l')} AND ${isOneOf(sql`l.tenant_id`, tenantIds)})
        OR EXISTS (SELECT FROM invoice_bad_lines b WHERE ${ofIt('b')} AND ${isOneOf(sql`b.tenant_id`, tenantIds)})
        OR EXISTS (SELECT FROM line_claims c WHERE ${ofIt('c')} AND c.kind = 'contested'
          AND c.tenant_ids && ${sql.param([...tenantIds])}::text[]))
    ORDER BY i.invoiced_on NULLS FIRST, i.period, length(i.id), i.id`)
  const found: StoredAnnualInvoice[] = []
  for (const row of rows) {
    const stored = { id: row.id, period: row.period }
    const own = await usage(db, organisationId, program, stored, tenantIds)
    const { lines, badLines, contested } = await withClaimsOf(db, organisationId, program, own, tenantIds)
    found.push({
      ...stored,
      invoiceId: row.prism_invoice_id,
      issuedOn: issuedOnOf({ invoicedOn: row.invoiced_on, period: row.period }),
      lines,
      ...(badLines === undefined ? {} : { badLines }),
      ...(contested === undefined ? {} : { contested }),
      ...(row.awaits_pick ? { awaitsPick: true } : {}),
      ...(row.is_taken ? { isTaken: true } : {}),
    })
  }
  return found
}
