/** Lines of usable invoices that are no customer's, a subscription at a time (docs/billing-rules.md, "Whose line"). */
import { sql } from 'drizzle-orm'
import type { Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { keyedLines, ofWhose } from './lines-without-subscription.ts'

export interface OpenLineItem {
  readonly is: 'contested' | 'unclaimed'
  readonly subscriptionId: string
  /** The newest invoice that has them: where whose they are is said. */
  readonly invoiceId: string
  readonly offerName: string
  /** As the lines call it. */
  readonly customerName: string
  readonly from: Period
  readonly to: Period
  readonly price: Money
  readonly since: Date
  /** Those that have a claim. */
  readonly claimants: readonly { readonly id: string; readonly name: string }[]
}

export interface OpenLineGroup {
  readonly is: OpenLineItem['is']
  readonly count: number
  readonly price: Money
  readonly since: Date
  readonly items: readonly OpenLineItem[]
}

interface Row extends Record<string, unknown> {
  claim: OpenLineItem['is']
  subscription_id: string
  invoice_id: string
  offer_name: string
  customer_name: string
  from: Period
  to: Period
  price: Money
  since: string
  ids: string[]
  names: string[]
  count: number
  total: Money
  oldest: string
}

/** What is contested, and what is unclaimed, the largest amounts first; what a person said is nobody's is neither. */
export const openLineGroups = async (
  db: Database,
  organisationId: string,
  program: string,
  {
    agreementIds,
    limit,
    offset,
  }: {
    readonly agreementIds: readonly number[] | null
    readonly limit: number
    readonly offset: number
  },
): Promise<OpenLineGroup[]> => {
  const ofProgram = (table: string) =>
    sql`${sql.raw(table)}.organisation_id = ${organisationId} AND ${sql.raw(table)}.program = ${program}`
  const concerns =
    agreementIds === null
      ? sql`true`
      : sql`tenant_ids && ARRAY (SELECT m.tenant_id FROM mappings m WHERE ${ofProgram('m')} AND ${isOneOf(sql`m.agreement_id`, agreementIds)})`
  const { rows } = await db.execute<Row>(sql`
    WITH claims AS MATERIALIZED (
      SELECT c.invoice_id, c.subscription_id, c.tenant_ids FROM line_claims c WHERE ${ofProgram('c')} AND c.kind = 'contested'),
    owned AS MATERIALIZED (SELECT o.subscription_id FROM line_owners o WHERE ${ofProgram('o')}),
    open AS (
      SELECT l.subscription_id, l.invoice_id, i.period, coalesce(i.ready_at, i.detected_at) AS since,
        min(l.offer_name) AS offer_name, min(coalesce(nullif(l.customer_name, ''), l.primary_domain_name)) AS customer_name,
        sum(l.price) AS price
      FROM invoices i JOIN invoice_lines l ON ${ofProgram('l')} AND l.invoice_id = i.id AND l.tenant_id IS NULL
      WHERE ${ofProgram('i')} AND i.state IN ('ready', 'annual')
      GROUP BY 1, 2, 3, 4
      UNION ALL
      SELECT l.subscription_id, l.invoice_id, i.period, coalesce(i.ready_at, i.detected_at), l.offer_name, l.customer_name, l.price
      FROM invoices i JOIN (${keyedLines(ofWhose(organisationId, program))}) l ON l.invoice_id = i.id
      WHERE ${ofProgram('i')} AND i.state = 'ready'),
    told AS (
      SELECT open.*, CASE WHEN c.invoice_id IS NULL THEN 'unclaimed' ELSE 'contested' END AS claim, coalesce(c.tenant_ids, '{}') AS tenant_ids
      FROM open LEFT JOIN claims c ON c.invoice_id = open.invoice_id AND c.subscription_id = open.subscription_id),
    summed AS (
      SELECT claim, subscription_id, (array_agg(invoice_id ORDER BY period DESC))[1] AS invoice_id,
        (array_agg(to_jsonb(tenant_ids) ORDER BY period DESC))[1] AS claimants, min(offer_name) AS offer_name,
        min(customer_name) AS customer_name, min(period) AS "from", max(period) AS "to", sum(price) AS price,
        min(since) AS since
      FROM told GROUP BY claim, subscription_id),
    items AS (SELECT summed.*, ARRAY (SELECT jsonb_array_elements_text(claimants)) AS tenant_ids FROM summed
      WHERE NOT EXISTS (SELECT FROM owned WHERE owned.subscription_id = summed.subscription_id)),
    ranked AS (
      SELECT items.*, (count(*) OVER of_it)::int AS count, sum(price) OVER of_it AS total, min(since) OVER of_it AS oldest,
        row_number() OVER (PARTITION BY claim ORDER BY abs(price) DESC, subscription_id) AS place
      FROM items WHERE ${concerns} WINDOW of_it AS (PARTITION BY claim))
    SELECT ranked.*, price::text AS price, total::text AS total, tenant_ids AS ids,
      ARRAY (SELECT coalesce(t.name, c.id) FROM unnest(tenant_ids) WITH ORDINALITY c (id, at)
        LEFT JOIN prism_tenants t ON ${ofProgram('t')} AND t.id = c.id ORDER BY c.at) AS names
    FROM ranked WHERE place > ${offset} AND place <= ${offset + limit} ORDER BY claim, place`)
  return [...Map.groupBy(rows, ({ claim }) => claim).values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [
          {
            is: first.claim,
            count: first.count,
            price: first.total,
            since: new Date(first.oldest),
            items: [first, ...others].map(toItem),
          },
        ],
  )
}

const toItem = (row: Row): OpenLineItem => ({
  is: row.claim,
  subscriptionId: row.subscription_id,
  invoiceId: row.invoice_id,
  offerName: row.offer_name,
  customerName: row.customer_name,
  from: row.from,
  to: row.to,
  price: row.price,
  since: new Date(row.since),
  claimants: row.ids.map((id, at) => ({ id, name: row.names[at] ?? id })),
})
