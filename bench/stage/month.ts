/** A month of many customers as it is in a database: the lines of its invoice, and what each agreement bills. */
import type { Pool } from 'pg'

interface StoredMonth {
  readonly organisation: string
  readonly program: string
  readonly customers: number
  /** Of each customer. */
  readonly lines: number
  readonly invoiceId: string
  /** `YYYY-MM`. */
  readonly period: string
}

/** One in ten is not synced, one in forty failed. @param above agreement ids begin with `1 + above`, rows of the invoice behind it */
export async function storeMonth(
  client: Pick<Pool, 'query'>,
  { organisation, program, customers, lines, invoiceId, period }: StoredMonth,
  above = 0,
): Promise<void> {
  await client.query(
    `INSERT INTO invoice_lines (organisation_id, program, invoice_id, period, row, tenant_id, subscription_id, customer_name,
       primary_domain_name, agreement_number, offer_name, first_day, last_day, description, quantity, unit_cost, unit_price, cost, price)
     SELECT $1, $2, $5, $6::text, (i - 1) * $4::int + n + 1 + $7::int, 'tenant-' || i, 'subscription-' || i || '-' || n, '', '', '', 'Licence',
       ($6 || '-01')::date, ($6 || '-01')::date + interval '1 month' - interval '1 day', '', 5, 8, 10, 40, 50
     FROM generate_series(1, $3::int) i, generate_series(1, $4::int) n`,
    [organisation, program, customers, lines, invoiceId, period, above],
  )
  await client.query(
    `INSERT INTO month_bills (organisation_id, program, period, agreement_id, run_id, invoice_id, newest, invoiced_cost, invoiced_price,
       taken_cost, taken_price, billed_cost, billed_price, terms, failing, waiting, tenant_ids, rows, checked_at)
     SELECT $1, $2, $5::text, i + $6, gen_random_uuid(), $4, $5::text, 40 * $7::int, 50 * $7::int, 0, 0, 40 * $7::int,
       CASE WHEN i % 40 = 1 THEN 0 ELSE 50 * $7::int END,
       CASE WHEN i % 40 = 1 THEN jsonb_build_object('failed', jsonb_build_object('cost', '0', 'price', (50 * $7::int)::text)) ELSE '{}' END,
       CASE WHEN i % 40 = 1 THEN 1 ELSE 0 END, 0, ARRAY['tenant-' || i], '[]', now()
     FROM generate_series(1, $3::int) i WHERE i % 20 > 0 AND i % 10 > 0`,
    [organisation, program, customers, invoiceId, period, above, lines],
  )
  await client.query('ANALYZE')
}
