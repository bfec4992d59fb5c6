import { sql } from 'drizzle-orm'
import type { Money } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'

/** What two invoices charge a customer otherwise, retail; `0` where one has no line of it. */
export interface InvoiceDifference {
  readonly customer: string
  readonly one: Money
  readonly other: Money
}

/** By customer, the largest difference first: at most `limit` of them, and how many there are. */
export const invoiceDifferences = async (
  db: Database,
  organisationId: string,
  program: string,
  { one, other, limit }: { readonly one: string; readonly other: string; readonly limit: number },
): Promise<{ readonly differences: readonly InvoiceDifference[]; readonly count: number }> => {
  const charged = (invoiceId: string) => sql`
    SELECT coalesce(tenant_id, customer_name) AS id, min(customer_name) AS name, sum(price) AS price FROM invoice_lines
    WHERE organisation_id = ${organisationId} AND program = ${program} AND invoice_id = ${invoiceId} GROUP BY 1`
  const { rows } = await db.execute<{ customer: string; one: Money; other: Money; count: number }>(sql`
    SELECT coalesce(a.name, b.name) AS customer, coalesce(a.price, 0)::text AS one, coalesce(b.price, 0)::text AS other,
      (count(*) OVER ())::int AS count
    FROM (${charged(one)}) a FULL JOIN (${charged(other)}) b ON b.id = a.id
    WHERE coalesce(a.price, 0) <> coalesce(b.price, 0)
    ORDER BY abs(coalesce(a.price, 0) - coalesce(b.price, 0)) DESC, 1
    LIMIT ${limit}`)
  return {
    differences: rows.map(({ count: _, ...row }) => row),
    count: rows[0]?.count ?? 0,
  }
}
