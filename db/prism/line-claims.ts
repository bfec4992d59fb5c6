/**
 * Lines that several customers have a claim to, and domains that were learned from lines
 * (docs/billing-rules.md, "Whose line").
 */
import { and, arrayOverlaps, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { isWithoutSubscription, type SubscriptionKey, withoutSubscription } from '#lib/billing/keys.ts'
import type { Amount, InvoiceLine, Money } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { toLine } from './invoice-lines.ts'
import { isNotLoading } from './invoice-loads.ts'
import { invoiceLines, lineClaims } from './invoice-tables.ts'
import { countOfKey, keyedLines, ofWhose } from './lines-without-subscription.ts'
import { lineOwners } from './tables.ts'

export interface ContestedSubscription {
  readonly subscriptionId: SubscriptionKey
  /** Who has a claim, in order. */
  readonly tenantIds: readonly string[]
  /** Without a tenant. */
  readonly lines: readonly InvoiceLine[]
}

export interface Claims {
  readonly contested: readonly ContestedSubscription[]
  /** By subscription, the domain on its lines that PRISM never gave its customer. */
  readonly learned: ReadonlyMap<SubscriptionKey, string>
}

/** What of an invoice is contested or was learned, and concerns one of the tenants. */
export const claimsOf = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
  tenantIds: readonly string[],
): Promise<Claims> => {
  if (tenantIds.length === 0) return { contested: [], learned: new Map() }
  const theirs = and(
    eq(lineClaims.organisationId, organisationId),
    eq(lineClaims.program, program),
    eq(lineClaims.invoiceId, invoiceId),
    arrayOverlaps(lineClaims.tenantIds, [...tenantIds]),
  )
  const claims = await db.select().from(lineClaims).where(theirs).orderBy(lineClaims.subscriptionId)
  const learned = claims.filter((each) => each.kind === 'learned')
  return {
    contested: claims.length === learned.length ? [] : await contestedOf(db, theirs),
    learned: new Map(learned.map((each) => [each.subscriptionId, each.domains.join(', ')])),
  }
}

const contestedOf = async (db: Database, theirs: SQL | undefined): Promise<ContestedSubscription[]> => {
  const rows = await db
    .select({ line: invoiceLines, tenantIds: lineClaims.tenantIds })
    .from(lineClaims)
    .innerJoin(
      invoiceLines,
      and(
        eq(invoiceLines.organisationId, lineClaims.organisationId),
        eq(invoiceLines.program, lineClaims.program),
        eq(invoiceLines.invoiceId, lineClaims.invoiceId),
        eq(invoiceLines.subscriptionId, lineClaims.subscriptionId),
        isNull(invoiceLines.tenantId),
      ),
    )
    .where(and(theirs, eq(lineClaims.kind, 'contested')))
    .orderBy(invoiceLines.row)
  return [...Map.groupBy(rows, ({ line }) => line.subscriptionId)].map(([subscriptionId, of]) => ({
    subscriptionId,
    tenantIds: of[0]?.tenantIds ?? [],
    lines: of.map(({ line }) => toLine(line)),
  }))
}

const linesOf = (organisationId: string, program: string, subscriptionId: SubscriptionKey) =>
  and(
    eq(invoiceLines.organisationId, organisationId),
    eq(invoiceLines.program, program),
    eq(invoiceLines.subscriptionId, subscriptionId),
  )
const ownerOf = (organisationId: string, program: string, subscriptionId: SubscriptionKey) =>
  and(
    eq(lineOwners.organisationId, organisationId),
    eq(lineOwners.program, program),
    eq(lineOwners.subscriptionId, subscriptionId),
  )

/** How many lines the subscription has on the invoice, how many of them without a tenant, and what a person said of it. */
export const lineOwner = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
  subscriptionId: SubscriptionKey,
): Promise<{ lines: number; open: number; said: { readonly tenantId: string | null } | null }> => {
  const whole = isWithoutSubscription(subscriptionId)
    ? await countOfKey(db, organisationId, program, invoiceId, subscriptionId)
    : 0
  const [counts] = await db
    .select({
      lines: sql<number>`count(*)::int`,
      assigned: sql<number>`count(${invoiceLines.tenantId})::int`,
    })
    .from(invoiceLines)
    .where(and(linesOf(organisationId, program, subscriptionId), eq(invoiceLines.invoiceId, invoiceId)))
  const [said = null] = await db
    .select({ tenantId: lineOwners.tenantId })
    .from(lineOwners)
    .where(ownerOf(organisationId, program, subscriptionId))
  const { lines, assigned } = counts ?? { lines: 0, assigned: 0 }
  return { lines: lines + whole, open: lines + whole - assigned, said }
}

export const putLineOwner = async (
  db: Database,
  organisationId: string,
  program: string,
  said: Pick<typeof lineOwners.$inferSelect, 'subscriptionId' | 'tenantId' | 'decidedBy' | 'decidedAt'>,
): Promise<void> => {
  await db
    .insert(lineOwners)
    .values({ ...said, organisationId, program })
    .onConflictDoUpdate({
      target: [lineOwners.organisationId, lineOwners.program, lineOwners.subscriptionId],
      set: { tenantId: said.tenantId, decidedBy: said.decidedBy, decidedAt: said.decidedAt },
    })
}

/** Takes the subscription's lines away from the tenant, to be decided anew. */
export const forgetOwner = async (
  db: Database,
  organisationId: string,
  program: string,
  subscriptionId: SubscriptionKey,
  tenantId: string,
): Promise<void> => {
  await db
    .update(invoiceLines)
    .set({ tenantId: null })
    .where(and(linesOf(organisationId, program, subscriptionId), eq(invoiceLines.tenantId, tenantId)))
}

/** Invoices with lines of the subscription that have no tenant; one whose lines are just coming in is none of them. */
export const invoicesOfOwner = async (
  db: Database,
  organisationId: string,
  program: string,
  subscriptionId: SubscriptionKey,
): Promise<string[]> => {
  const rows = await db
    .selectDistinct({ id: invoiceLines.invoiceId })
    .from(invoiceLines)
    .where(
      and(
        linesOf(organisationId, program, subscriptionId),
        isNull(invoiceLines.tenantId),
        isNotLoading(invoiceLines, invoiceLines.invoiceId),
      ),
    )
  return rows.map(({ id }) => id)
}

/** Lines of a subscription that are no customer's. */
export interface OpenLines {
  readonly invoiceId: string
  readonly subscriptionId: string
  readonly offerName: string
  /** As the lines call it. */
  readonly customerName: string
  readonly cost: Money
  readonly price: Money
  /** `given`: of a line without a subscription, which a person gave to a customer. */
  readonly is: 'unclaimed' | 'contested' | 'nobodys' | 'given'
  /** Names of those that have a claim, or of the one that has it. */
  readonly customers: readonly string[]
}

/** Of each of the invoices the largest open amounts, at most `most`, and what all that is unclaimed comes to. */
export const openLinesOf = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceIds: readonly string[],
  most = 20,
): Promise<(OpenLines & { readonly unclaimed: Amount })[]> => {
  const { rows } = await db.execute<{
    invoice_id: string
    subscription_id: string
    offer_name: string
    customer_name: string
    cost: Money
    price: Money
    claim: OpenLines['is']
    customers: string[]
    unclaimed_cost: Money
    unclaimed_price: Money
  }>(sql`
    WITH open AS (
      SELECT invoice_id, subscription_id, min(offer_name) AS offer_name,
        min(coalesce(nullif(customer_name, ''), primary_domain_name)) AS customer_name, sum(cost) AS cost, sum(price) AS price
      FROM invoice_lines
      WHERE organisation_id = ${organisationId} AND program = ${program}
        AND ${isOneOf(sql`invoice_id`, invoiceIds)} AND tenant_id IS NULL
      GROUP BY invoice_id, subscription_id
      UNION ALL
      SELECT invoice_id, subscription_id, offer_name, customer_name, cost, price FROM (${keyedLines(ofWhose(organisationId, program, invoiceIds))}) keyed),
    told AS (
      SELECT open.*, CASE WHEN o.tenant_id IS NOT NULL AND starts_with(open.subscription_id, ${withoutSubscription}) THEN 'given'
          WHEN o.subscription_id IS NOT NULL THEN 'nobodys' WHEN c.kind = 'contested' THEN 'contested' ELSE 'unclaimed' END AS claim,
        coalesce(c.tenant_ids, ARRAY[o.tenant_id]) AS tenant_ids
      FROM open
      LEFT JOIN line_owners o ON o.organisation_id = ${organisationId} AND o.program = ${program} AND o.subscription_id = open.subscription_id
      LEFT JOIN line_claims c ON c.organisation_id = ${organisationId} AND c.program = ${program}
        AND c.invoice_id = open.invoice_id AND c.subscription_id = open.subscription_id AND c.kind = 'contested'),
    ranked AS (
      SELECT told.*, row_number() OVER (PARTITION BY invoice_id ORDER BY claim IN ('nobodys', 'given'), abs(price) DESC, subscription_id) AS place,
        coalesce(sum(cost) FILTER (WHERE claim = 'unclaimed') OVER of_it, 0) AS unclaimed_cost,
        coalesce(sum(price) FILTER (WHERE claim = 'unclaimed') OVER of_it, 0) AS unclaimed_price
      FROM told WINDOW of_it AS (PARTITION BY invoice_id))
    SELECT invoice_id, subscription_id, offer_name, customer_name, cost, price, claim, unclaimed_cost, unclaimed_price,
      ARRAY (SELECT t.name FROM prism_tenants t WHERE t.organisation_id = ${organisationId} AND t.program = ${program}
        AND t.id = ANY (tenant_ids) ORDER BY t.id) AS customers
    FROM ranked WHERE place <= ${most} ORDER BY invoice_id, place`)
  return rows.map((row) => ({
    invoiceId: row.invoice_id,
    subscriptionId: row.subscription_id,
    offerName: row.offer_name,
    customerName: row.customer_name,
    cost: row.cost,
    price: row.price,
    is: row.claim,
    customers: row.customers,
    unclaimed: { cost: row.unclaimed_cost, price: row.unclaimed_price },
  }))
}
