/**
 * Whose a line of an invoice is (docs/billing-rules.md, "Whose line"). What PRISM lists now never decides
 * alone: every name and domain that a tenant ever had, and every tenant that a subscription was ever listed
 * under, is kept.
 *
 * D are the tenants that ever had the line's PrimaryDomainName, S those that ever listed its subscription.
 * - D and S: the one in both; of several the one that lists the subscription now.
 * - S alone: the one of S, and of several the one that lists it now; the domain is learned as a former one of it.
 * - D alone: the one of D.
 * - Neither: the one that ever had the line's CustomerName, which may be a domain (docs/facts/prism.md,
 *   "Invoice CSV").
 *
 * Where that leaves one, it is the line's tenant. Where it leaves several or, of D and S, none, the line is *contested*; where
 * nobody has a claim to it, *unclaimed*. A person's word decides about both. Lines of a subscription are decided together: one
 * that is contested, or nobody's beside one that is somebody's, makes them all contested.
 */
import { type SQL, sql } from 'drizzle-orm'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { Database } from '../client.ts'
import { insertRows } from '../rows.ts'
import { invoiceBadLines, invoiceLines } from './invoice-tables.ts'
import { subscriptionTenants, tenantAliases } from './tables.ts'

/** A tenant as PRISM lists it, cut down to what lines are told by. */
export interface Listing {
  readonly tenantId: string
  readonly name: string
  readonly domain: string
  readonly subscriptionIds: readonly string[]
}

interface Remembered {
  readonly organisationId: string
  readonly program: string
  /** The look; what it saw last of a subscription is what is listed now. */
  readonly seenAt: Date
}

/** Keeps the names, domains and subscriptions that tenants are listed with; what was seen before stays. */
export const rememberListed = async (
  tx: Database,
  { organisationId, program, seenAt }: Remembered,
  listings: readonly Listing[],
): Promise<void> => {
  const of = { organisationId, program, seenAt: seenAt.toISOString() as unknown as Date }
  const aliases = listings.flatMap(({ tenantId, name, domain }) =>
    (['domain', 'name'] as const)
      .map((kind) => ({
        ...of,
        kind,
        value: (kind === 'name' ? name : domain).trim().toLowerCase(),
        tenantId,
      }))
      .filter(({ value }) => value !== ''),
  )
  const listed = new Map(
    listings.flatMap(({ tenantId, subscriptionIds }) =>
      subscriptionIds.map((id) => {
        const subscriptionId = subscriptionKey(id)
        return [`${subscriptionId} ${tenantId}`, { ...of, subscriptionId, tenantId }] as const
      }),
    ),
  )
  await insertRows(tx, tenantAliases, aliases, sql`ON CONFLICT ON CONSTRAINT tenant_aliases_pk DO NOTHING`)
  await insertRows(
    tx,
    subscriptionTenants,
    [...listed.values()],
    sql`ON CONFLICT ON CONSTRAINT subscription_tenants_pk DO UPDATE SET seen_at = excluded.seen_at`,
  )
}

/**
 * Gives the lines of an invoice that have no tenant theirs, and notes what is contested. Returns the tenants that have lines now,
 * or a claim less.
 */
export const assignTenants = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
): Promise<string[]> => {
  const of: Scope = { organisationId, program, invoiceId }
  const scope = scopeOf(of)
  return db.transaction(async (tx) => {
    // Of a million lines that were loaded just now PostgreSQL knows nothing yet, and would look each of them up by itself.
    await tx.execute(sql`SET LOCAL enable_nestloop TO off`)
    await tx.execute(sql`
      ${decided(of, invoiceBadLines)}
      ${assigned(of, invoiceBadLines)}`)
    const { rows: before } = await tx.execute<Claimed>(sql`
      DELETE FROM line_claims WHERE ${scope} AND invoice_id = ${invoiceId} AND kind = 'contested'
      RETURNING subscription_id, tenant_ids`)
    const { rows: after } = await tx.execute<{ tenant_id: string }>(sql`
      ${decided(of, invoiceLines)},
      learned AS (
        INSERT INTO tenant_aliases (organisation_id, program, kind, value, tenant_id)
        SELECT DISTINCT ${organisationId}::uuid, ${program}, 'domain', domain, tenant_id
        FROM decided WHERE tenant_id IS NOT NULL AND by_subscription AND domain <> ''
        ON CONFLICT DO NOTHING),
      noted AS (
        INSERT INTO line_claims (organisation_id, program, invoice_id, subscription_id, kind, tenant_ids, domains)
        SELECT ${organisationId}::uuid, ${program}, ${invoiceId}, subscription_id,
          CASE WHEN bool_or(is_contested) THEN 'contested' ELSE 'learned' END,
          array_agg(DISTINCT id ORDER BY id), array_agg(DISTINCT domain)
        FROM decided CROSS JOIN unnest(claimants) id
        WHERE subscription_id <> '' AND (is_contested OR (tenant_id IS NOT NULL AND by_subscription AND domain <> ''))
        GROUP BY subscription_id
        ON CONFLICT ON CONSTRAINT line_claims_pk DO UPDATE SET
          kind = excluded.kind, tenant_ids = excluded.tenant_ids, domains = excluded.domains)
      , assigned AS (${assigned(of, invoiceLines)} RETURNING l.tenant_id)
      SELECT DISTINCT tenant_id FROM assigned`)
    const { rows: still } = await tx.execute<Claimed>(sql`
      SELECT subscription_id, tenant_ids FROM line_claims
      WHERE ${scope} AND invoice_id = ${invoiceId} AND kind = 'contested'`)
    const contested = new Set(still.map((each) => each.subscription_id))
    const settled = before.filter((each) => !contested.has(each.subscription_id))
    return [
      ...new Set([...after.map((each) => each.tenant_id), ...settled.flatMap((each) => each.tenant_ids)]),
    ]
  })
}

type Claimed = { readonly subscription_id: string; readonly tenant_ids: readonly string[] }

interface Scope {
  readonly organisationId: string
  readonly program: string
  readonly invoiceId: string
}
type Lines = typeof invoiceLines | typeof invoiceBadLines

const scopeOf = ({ organisationId, program }: Scope): SQL =>
  sql`organisation_id = ${organisationId} AND program = ${program}`

const domainOf = sql`lower(btrim(l.primary_domain_name))`
const nameOf = sql`lower(btrim(l.customer_name))`

/**
 * `decided`: of each subscription, domain and name on lines without a tenant, the tenant, or `null`. `by_subscription` says that
 * S alone told it, `is_contested` that several have a claim, who are `claimants`.
 */
const decided = (of: Scope, lines: Lines): SQL => {
  const scope = scopeOf(of)
  return sql`
  WITH named AS MATERIALIZED (
    SELECT DISTINCT l.subscription_id, ${domainOf} AS domain, ${nameOf} AS name
    FROM ${lines} l WHERE ${scope} AND invoice_id = ${of.invoiceId} AND tenant_id IS NULL),
  d AS (
    SELECT value, array_agg(tenant_id ORDER BY tenant_id) AS ids
    FROM tenant_aliases WHERE ${scope} AND kind = 'domain' GROUP BY value),
  n AS (
    SELECT value, array_agg(DISTINCT tenant_id ORDER BY tenant_id) AS ids
    FROM tenant_aliases WHERE ${scope} GROUP BY value),
  s AS (
    SELECT t.subscription_id, array_agg(t.tenant_id ORDER BY t.tenant_id) AS ids,
      coalesce(array_agg(t.tenant_id) FILTER (WHERE p.current AND t.seen_at >= p.seen_at), '{}') AS now
    FROM (SELECT * FROM subscription_tenants WHERE ${scope}) t
    LEFT JOIN (SELECT id, current, seen_at FROM prism_subscriptions WHERE ${scope}) p ON p.id = t.subscription_id
    GROUP BY t.subscription_id),
  claimed AS (
    SELECT named.*, d.ids IS NULL AND s.ids IS NOT NULL AS by_subscription, s.now,
      CASE
        WHEN d.ids IS NOT NULL AND s.ids IS NOT NULL THEN CASE
          WHEN cardinality(d.ids) = 1 AND d.ids <@ s.ids THEN d.ids
          ELSE ARRAY (SELECT unnest(d.ids) INTERSECT SELECT unnest(s.ids)) END
        WHEN s.ids IS NOT NULL THEN s.ids
        WHEN d.ids IS NOT NULL THEN d.ids
        ELSE n.ids END AS candidates,
      CASE
        WHEN d.ids IS NOT NULL OR s.ids IS NOT NULL THEN coalesce(d.ids, '{}') || coalesce(s.ids, '{}')
        WHEN cardinality(n.ids) = 1 THEN n.ids END AS claimants
    FROM named
    LEFT JOIN d ON d.value = named.domain
    LEFT JOIN s ON s.subscription_id = named.subscription_id
    LEFT JOIN n ON n.value = named.name),
  told AS (
    SELECT claimed.*, CASE
        WHEN cardinality(candidates) = 1 THEN candidates[1]
        WHEN cardinality(candidates) > 1 AND cardinality(now) = 1 AND now <@ candidates THEN now[1]
      END AS told
    FROM claimed),
  decided AS MATERIALIZED (
    SELECT told.subscription_id, domain, name, claimants, by_subscription,
      CASE WHEN is_told THEN told ELSE o.tenant_id END AS tenant_id,
      NOT is_told AND has_claimants AND o.subscription_id IS NULL AS is_contested
    FROM (
      SELECT told.*,
        CASE WHEN subscription_id = '' THEN told IS NOT NULL ELSE bool_and(told IS NOT NULL) OVER of_it END AS is_told,
        CASE WHEN subscription_id = '' THEN false ELSE bool_or(claimants IS NOT NULL) OVER of_it END AS has_claimants
      FROM told WINDOW of_it AS (PARTITION BY subscription_id)) told
    LEFT JOIN (SELECT subscription_id, tenant_id FROM line_owners WHERE ${scope}) o
      ON o.subscription_id = told.subscription_id)`
}

const assigned = ({ organisationId, program, invoiceId }: Scope, lines: Lines): SQL => sql`
  UPDATE ${lines} l SET tenant_id = decided.tenant_id FROM decided
  WHERE l.organisation_id = ${organisationId} AND l.program = ${program} AND l.invoice_id = ${invoiceId} AND l.tenant_id IS NULL
    AND decided.tenant_id IS NOT NULL AND decided.subscription_id = l.subscription_id
    AND decided.domain = ${domainOf} AND decided.name = ${nameOf}`

/** Contested lines as `subscriptionsOnInvoices` joins lines; `tenant_id` is the first of the tenants that has a claim. */
export const contestedLines = (tenantIds: readonly string[]): SQL => sql`(
  SELECT l.organisation_id, l.program, l.invoice_id, l.subscription_id, l.offer_name, l.first_day, l.last_day, l.quantity,
    l.unit_cost, l.unit_price, l.cost, l.price, l.billing_cycle, l.term_duration, l.term_unit,
    (SELECT min(id) FROM unnest(c.tenant_ids) id WHERE id = ANY (${sql.param([...tenantIds])})) AS tenant_id
  FROM line_claims c JOIN invoice_lines l ON l.organisation_id = c.organisation_id AND l.program = c.program
    AND l.invoice_id = c.invoice_id AND l.subscription_id = c.subscription_id
  WHERE c.kind = 'contested' AND l.tenant_id IS NULL)`
