/**
 * The month over PRISM's whole file as one query part (J5): what each agreement bills of its customers' lines, and the lines that
 * no agreement bills. `lib/proof` says the same as a function; who closes a month has both.
 */
import { type SQL, sql } from 'drizzle-orm'
import { wholeFailureCause } from '#lib/billing/open-points.ts'
import type { Period } from '#lib/billing/types.ts'

export interface MonthOf {
  readonly organisationId: string
  readonly program: string
  readonly period: Period
  /** The usable invoice of the month. */
  readonly invoiceId: string
}

/** `failed`: something could not be synced; `open`: nobody bills it, or no sync has; `differs`: for a reason with a name. */
export const monthStates = ['failed', 'waits', 'open', 'differs', 'agrees'] as const
export type MonthState = (typeof monthStates)[number]

/** Terms that say what state a bill is in; what has none but the last two agrees. */
const failing = ['failed', 'unexplained']
const waiting = ['waiting', 'unknown', 'leftOver', 'movedAway']
const unbilled = ['unmapped', 'notSynced', 'unclaimed', 'contested', 'badLines']
/** To be mended before the month is closed, whoever says yes to it. */
const neverAccepted = ['unmapped', 'unexplained']
export const quietTerms: readonly string[] = ['rounding', 'exactAmounts']

const listed = (terms: readonly string[]): SQL => sql`${sql.param([...terms])}::text[]`
const termOf = (term: SQL, cost: SQL, price: SQL): SQL => sql`
  CASE WHEN ${cost} = 0 AND ${price} = 0 THEN '{}'::jsonb ELSE jsonb_build_object(${term},
    jsonb_build_object('cost', trim_scale(${cost})::text, 'price', trim_scale(${price})::text)) END`

/** What each customer on the file is invoiced, and where it goes: `file`, `plans` and `whose`. */
const sources = ({ organisationId, program, period, invoiceId }: MonthOf): SQL => {
  const scope = (table: string): SQL =>
    sql`${sql.raw(table)}.organisation_id = ${organisationId} AND ${sql.raw(table)}.program = ${program}`
  return sql`
  lines AS (
    SELECT tenant_id, sum(cost) AS cost, sum(price) AS price FROM invoice_lines l
    WHERE ${scope('l')} AND l.invoice_id = ${invoiceId} GROUP BY tenant_id
    UNION ALL
    SELECT tenant_id, coalesce(sum(cost), 0), coalesce(sum(price), 0) FROM invoice_bad_lines b
    WHERE ${scope('b')} AND b.invoice_id = ${invoiceId} GROUP BY tenant_id),
  plans AS MATERIALIZED (
    SELECT agreement_id, run_id, invoiced_cost, invoiced_price, taken_cost, taken_price, billed_cost, billed_price, terms, failing,
      waiting, tenant_ids, checked_at
    FROM month_bills p WHERE ${scope('p')} AND p.period = ${period}),
  -- No join: how many customers a list has is not known to the planner, which would compare each with each.
  file AS MATERIALIZED (
    SELECT tenant_id, sum(cost) AS cost, sum(price) AS price, min(agreement_id) AS named FROM (
      SELECT tenant_id, cost, price, NULL::int AS agreement_id FROM lines WHERE tenant_id IS NOT NULL
      UNION ALL SELECT t.id, NULL, NULL, plans.agreement_id FROM plans, unnest(plans.tenant_ids) t (id)) each
    GROUP BY tenant_id HAVING sum(price) IS NOT NULL),
  failed AS MATERIALIZED (
    SELECT DISTINCT agreement_id FROM waiting_subscriptions w WHERE ${scope('w')} AND w.cause = ${wholeFailureCause}),
  whose AS MATERIALIZED (
    SELECT file.tenant_id, file.cost, file.price, m.agreement_id AS mapped_to,
      CASE WHEN m.sync_enabled AND (m.first_period IS NULL OR m.first_period <= ${period}) THEN m.agreement_id END AS goes_to,
      coalesce(file.named, here.agreement_id) AS agreement_id,
      CASE WHEN m.tenant_id IS NULL THEN CASE WHEN n.tenant_id IS NULL THEN 'unmapped' ELSE 'neverMapped' END
        WHEN NOT m.sync_enabled OR NOT coalesce(o.enabled, false) THEN 'syncOff'
        WHEN m.first_period > ${period} THEN 'beforeStart'
        WHEN failed.agreement_id IS NOT NULL THEN 'failed' ELSE 'notSynced' END AS term
    FROM file
    LEFT JOIN mappings m ON ${scope('m')} AND m.tenant_id = file.tenant_id AND m.motion = 'monthly'
    LEFT JOIN never_mapped n ON ${scope('n')} AND n.tenant_id = file.tenant_id
    LEFT JOIN programs o ON ${scope('o')}
    LEFT JOIN failed ON failed.agreement_id = m.agreement_id
    LEFT JOIN plans here ON here.agreement_id = m.agreement_id AND m.sync_enabled
      AND (m.first_period IS NULL OR m.first_period <= ${period})),
  open_lines AS (
    SELECT CASE WHEN o.subscription_id IS NOT NULL THEN 'nobodysLines' WHEN c.subscription_id IS NOT NULL THEN 'contested'
        ELSE 'unclaimed' END AS term, sum(s.cost) AS cost, sum(s.price) AS price
    FROM (SELECT subscription_id, sum(cost) AS cost, sum(price) AS price FROM invoice_lines l
      WHERE ${scope('l')} AND l.invoice_id = ${invoiceId} AND l.tenant_id IS NULL GROUP BY subscription_id) s
    LEFT JOIN line_owners o ON ${scope('o')} AND o.subscription_id = s.subscription_id
    LEFT JOIN line_claims c ON ${scope('c')} AND c.invoice_id = ${invoiceId} AND c.subscription_id = s.subscription_id AND c.kind = 'contested'
    GROUP BY 1
    UNION ALL
    SELECT 'badLines', coalesce(sum(cost), 0), coalesce(sum(price), 0) FROM invoice_bad_lines b
    WHERE ${scope('b')} AND b.invoice_id = ${invoiceId} AND b.tenant_id IS NULL)`
}

/**
 * `bills`: one row for what an agreement bills, for a customer that none bills, and for lines of no customer; each with its
 * terms, its state, whether its difference needs a yes (`needs`) and has one (`is_accepted`).
 */
export const bills = (of: MonthOf): SQL => {
  const { organisationId, program, period } = of
  return sql`${sources(of)},
  parts AS (
    SELECT 'agreement/' || p.agreement_id AS bill, p.agreement_id, coalesce(f.tenant_ids, p.tenant_ids) AS tenant_ids,
      coalesce(f.cost, 0) + p.taken_cost AS invoiced_cost, coalesce(f.price, 0) + p.taken_price AS invoiced_price,
      p.billed_cost, p.billed_price,
      p.terms || ${termOf(
        sql`'notSynced'::text`,
        sql`(coalesce(f.cost, 0) + p.taken_cost - p.invoiced_cost)`,
        sql`(coalesce(f.price, 0) + p.taken_price - p.invoiced_price)`,
      )} AS terms,
      p.failing, p.waiting, p.run_id, p.checked_at
    FROM plans p LEFT JOIN (
      SELECT agreement_id, sum(cost) AS cost, sum(price) AS price, array_agg(tenant_id ORDER BY tenant_id) AS tenant_ids
      FROM whose WHERE agreement_id IS NOT NULL GROUP BY agreement_id) f ON f.agreement_id = p.agreement_id
    UNION ALL
    SELECT 'customer/' || tenant_id, mapped_to, ARRAY[tenant_id], cost, price, 0, 0, ${termOf(sql`term`, sql`cost`, sql`price`)},
      CASE WHEN term = 'failed' THEN 1 ELSE 0 END, 0, NULL, NULL
    FROM whose WHERE agreement_id IS NULL
    UNION ALL
    SELECT 'lines/' || term, NULL, '{}', cost, price, 0, 0, ${termOf(sql`term`, sql`cost`, sql`price`)}, 0, 0, NULL, NULL
    FROM (SELECT term, sum(cost) AS cost, sum(price) AS price FROM (
        SELECT term, cost, price FROM open_lines
        UNION ALL SELECT 'contested', -taken_cost, -taken_price FROM plans WHERE taken_cost <> 0 OR taken_price <> 0) each
      GROUP BY term) l
    WHERE cost <> 0 OR price <> 0),
  bills AS MATERIALIZED (
    SELECT parts.*, invoiced_price - billed_price AS difference, needs, needs AND a.bill IS NOT NULL AS is_accepted,
      a.note, a.accepted_by, a.accepted_at, CASE WHEN parts.bill LIKE 'lines/%' THEN 0 ELSE greatest(1, cardinality(tenant_ids)) END AS customers,
      CASE WHEN failing > 0 OR parts.terms ?| ${listed(failing)} THEN 'failed'
        WHEN waiting > 0 OR parts.terms ?| ${listed(waiting)} THEN 'waits'
        WHEN parts.terms ?| ${listed(unbilled)} THEN 'open'
        WHEN parts.terms - ${listed(quietTerms)} <> '{}' THEN 'differs' ELSE 'agrees' END AS state
    FROM parts
    CROSS JOIN LATERAL (SELECT NOT parts.terms ?| ${listed(neverAccepted)} AND (invoiced_cost <> billed_cost
      OR invoiced_price <> billed_price OR parts.terms - ${listed(quietTerms)} <> '{}') AS needs) n
    LEFT JOIN month_acceptances a ON a.organisation_id = ${organisationId} AND a.program = ${program} AND a.period = ${period}
      AND a.bill = parts.bill AND a.terms = parts.terms)`
}

/** What a month is made from, for whoever comes to its figures in another way. */
export const facts = (of: MonthOf): SQL => sources(of)

/** Names of a bill's customers. */
export const customerOf = ({ organisationId, program }: MonthOf, bill: string): SQL => sql`coalesce(
  (SELECT string_agg(t.name, ', ' ORDER BY t.name) FROM prism_tenants t WHERE t.organisation_id = ${organisationId} AND t.program = ${program}
    AND t.id = ANY (${sql.raw(bill)}.tenant_ids)), '')`
