/** What stays until it is mended or muted (J3), as syncs found it, of customers that sync: stored, and read by cause. */
import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import { keyOf, type LastingCause, type LastingPoint } from '#lib/billing/lasting-points.ts'
import type { Day, Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { insertRows, isOneOf } from '../rows.ts'
import { lastingPoints } from './lasting-table.ts'

const ofAgreement = (organisationId: string, program: string, agreementId: number): SQL | undefined =>
  and(
    eq(lastingPoints.organisationId, organisationId),
    eq(lastingPoints.program, program),
    eq(lastingPoints.agreementId, agreementId),
  )

/** Stores the points of an agreement in place of what was stored; one that was there before keeps when it was found first. */
export const putLastingPoints = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  pointsAfter: (before: readonly LastingPoint[]) => readonly LastingPoint[],
): Promise<void> => {
  const before = await db
    .select()
    .from(lastingPoints)
    .where(ofAgreement(organisationId, program, agreementId))
    .orderBy(asc(lastingPoints.ordinal))
    .for('update')
  const points = pointsAfter(before)
  if (before.length === 0 && points.length === 0) return
  const since = new Map(before.map((each) => [keyOf(each), each.since]))
  const now = new Date()
  await db.delete(lastingPoints).where(ofAgreement(organisationId, program, agreementId))
  const rows = points.map((point, ordinal) => ({
    ...point,
    organisationId,
    program,
    agreementId,
    ordinal,
    since: since.get(keyOf(point)) ?? now,
  }))
  await insertRows(db, lastingPoints, rows)
}

/** A customer and a cause, as a person mutes it. */
export interface MutedPair {
  readonly tenantId: string
  readonly cause: LastingCause
}

export interface LastingFilter {
  /** `null`: of all agreements. */
  readonly agreementIds: readonly number[] | null
  /** What is left out. */
  readonly without: readonly MutedPair[]
}

/** Those of customers that sync there. */
const open = (
  organisationId: string,
  program: string,
  { agreementIds, without }: LastingFilter,
  more: SQL = sql`true`,
): SQL => sql`
  SELECT l.* FROM lasting_points l
  WHERE l.organisation_id = ${organisationId} AND l.program = ${program} AND ${more}
    AND ${agreementIds === null ? sql`true` : isOneOf(sql`l.agreement_id`, agreementIds)}
    AND EXISTS (SELECT FROM mappings m WHERE m.organisation_id = l.organisation_id AND m.program = l.program
      AND m.tenant_id = l.tenant_id AND m.agreement_id = l.agreement_id AND m.sync_enabled)
    AND ${without.length === 0 ? sql`true` : isNoneOfPairs(without)}`

const isNoneOfPairs = (pairs: readonly MutedPair[]): SQL => sql`NOT EXISTS (
  SELECT FROM unnest(${sql.param(pairs.map(({ tenantId }) => tenantId))}::text[],
    ${sql.param(pairs.map(({ cause }) => cause))}::text[]) AS muted (tenant_id, cause)
  WHERE muted.tenant_id = l.tenant_id AND muted.cause = l.cause)`

export interface LastingGroup {
  readonly cause: LastingCause
  readonly count: number
  readonly customers: number
  readonly amount: Money
  readonly since: Date
  readonly remedy: string
}

interface GroupRow extends Record<string, unknown> {
  cause: LastingCause
  count: number
  customers: number
  amount: Money
  since: string
  remedy: string
}

export const lastingGroups = async (
  db: Database,
  organisationId: string,
  program: string,
  filter: LastingFilter,
): Promise<LastingGroup[]> => {
  const { rows } = await db.execute<GroupRow>(sql`
    SELECT p.cause, count(*)::int AS count, count(DISTINCT p.tenant_id)::int AS customers, sum(p.amount)::text AS amount,
      min(p.since) AS since, (array_agg(p.remedy ORDER BY p.since))[1] AS remedy
    FROM (${open(organisationId, program, filter)}) p GROUP BY 1`)
  return rows.map(({ since, ...row }) => ({ ...row, since: new Date(since) }))
}

export interface LastingRow extends LastingPoint {
  readonly agreementId: number
  readonly since: Date
  /** What a mute of it covers: all of the customer and the cause. */
  readonly ofCustomer: { readonly count: number; readonly amount: Money }
}

interface ItemRow extends Record<string, unknown> {
  cause: LastingCause
  agreement_id: number
  tenant_id: string
  subscription_id: LastingPoint['subscriptionId']
  product: string
  period: Period
  amount: Money
  message: string
  detail: string
  remedy: string
  offer_price: Money | null
  offer_from: Day | null
  since: string
  all_count: number
  all_amount: Money
}

/** Points of some causes, the largest amount first; of each as many as are asked for. */
export const lastingOfCauses = async (
  db: Database,
  organisationId: string,
  program: string,
  filter: LastingFilter,
  part: { readonly causes: readonly string[]; readonly limit: number; readonly offset: number },
): Promise<LastingRow[]> => {
  const { causes, limit, offset } = part
  // What a mute covers is of all agreements, whichever one is asked for.
  const all = { agreementIds: null, without: filter.without }
  const isAsked =
    filter.agreementIds === null ? sql`true` : isOneOf(sql`summed.agreement_id`, filter.agreementIds)
  const { rows } = await db.execute<ItemRow>(sql`
    WITH summed AS (
      SELECT p.*, count(*) OVER customer AS all_count, sum(p.amount) OVER customer AS all_amount
      FROM (${open(organisationId, program, all, isOneOf(sql`l.cause`, causes))}) p
      WINDOW customer AS (PARTITION BY p.tenant_id, p.cause)),
    ranked AS (
      SELECT summed.*, row_number() OVER (PARTITION BY cause ORDER BY amount DESC, agreement_id, ordinal) AS place
      FROM summed WHERE ${isAsked})
    SELECT cause, agreement_id, tenant_id, subscription_id, product, period, amount::text, message, detail, remedy,
      offer_price::text, offer_from::text, since,
      all_count::int, all_amount::text
    FROM ranked WHERE place > ${offset} AND place <= ${offset + limit} ORDER BY cause, place`)
  return rows.map((row) => ({
    cause: row.cause,
    agreementId: row.agreement_id,
    tenantId: row.tenant_id,
    subscriptionId: row.subscription_id,
    product: row.product,
    period: row.period,
    amount: row.amount,
    message: row.message,
    detail: row.detail,
    remedy: row.remedy,
    offerPrice: row.offer_price,
    offerFrom: row.offer_from,
    since: new Date(row.since),
    ofCustomer: { count: row.all_count, amount: row.all_amount },
  }))
}

export interface LastingSum extends MutedPair {
  readonly count: number
  readonly amount: Money
  readonly agreementId: number
  readonly period: Period
}

/** What each customer's cause is about. @param tenantIds `null`: of all customers */
export const lastingSums = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[] | null,
): Promise<LastingSum[]> => {
  const theirs = tenantIds === null ? sql`true` : isOneOf(sql`l.tenant_id`, tenantIds)
  const all = { agreementIds: null, without: [] }
  const { rows } = await db.execute<{
    tenant_id: string
    cause: LastingCause
    count: number
    amount: Money
    agreement_id: number
    period: Period
  }>(sql`
    SELECT p.tenant_id, p.cause, count(*)::int AS count, sum(p.amount)::text AS amount, min(p.agreement_id) AS agreement_id,
      max(p.period) AS period
    FROM (${open(organisationId, program, all, theirs)}) p GROUP BY 1, 2 ORDER BY 1, 2`)
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    cause: row.cause,
    count: row.count,
    amount: row.amount,
    agreementId: row.agreement_id,
    period: row.period,
  }))
}

/** The price at which a customer's subscription can be billed instead, as its last sync found; `null`: none is offered. */
export const lastingOffer = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string,
  subscriptionId: LastingPoint['subscriptionId'],
): Promise<{ readonly agreementId: number; readonly unitPrice: Money; readonly from: Day } | null> => {
  const theirs = sql`l.tenant_id = ${tenantId} AND l.subscription_id = ${subscriptionId} AND l.offer_price IS NOT NULL`
  const all = { agreementIds: null, without: [] }
  const { rows } = await db.execute<{ agreement_id: number; offer_price: Money; offer_from: Day }>(sql`
    SELECT p.agreement_id, p.offer_price::text, p.offer_from::text FROM (${open(organisationId, program, all, theirs)}) p
    ORDER BY p.period DESC, p.ordinal LIMIT 1`)
  const [row] = rows
  return row === undefined
    ? null
    : { agreementId: row.agreement_id, unitPrice: row.offer_price, from: row.offer_from }
}
