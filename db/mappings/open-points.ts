/** What only a person can settle, by cause: read from the index of each agreement's last sync, less what was answered since. */
import { type SQL, sql } from 'drizzle-orm'
import type { PointKind } from '#lib/billing/point-kinds.ts'
import {
  type AskedAddition,
  type AskedInvoice,
  type AskedLine,
  askedAdditionSchema,
  askedInvoiceSchema,
  askedLineSchema,
  type Money,
  type Period,
  type WaitQuestion,
} from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'

/** Points of one cause, together. */
export interface PointGroup {
  readonly kind: PointKind
  readonly cause: string
  readonly count: number
  readonly customers: number
  /** Retail; `null` where no point of it knows. */
  readonly amount: Money | null
  readonly since: Date
  readonly product: string
  readonly remedy: string
}

export interface PointRow {
  readonly kind: PointKind
  readonly cause: string
  /** Tells it from others of its cause and agreement. */
  readonly key: string
  readonly agreementId: number
  readonly runId: string
  readonly question: WaitQuestion | null
  readonly tenantId: string
  readonly subscriptionId: string
  readonly product: string
  readonly from: Period | null
  readonly to: Period | null
  readonly invoiced: Money
  readonly billed: Money
  readonly amount: Money | null
  readonly message: string
  readonly detail: string
  readonly remedy: string
  readonly stillWrong: string
  readonly asks: AskedAddition | null
  readonly asksBilled: AskedInvoice | null
  readonly asksLine: AskedLine | null
  readonly since: Date
}

/** What is of one agreement in all its subscriptions, and what is answered for a customer as a whole, is one point. */
const keyOf = sql`CASE WHEN w.kind = 'unfit' THEN '' WHEN coalesce(w.kind, w.question) = 'first-sync' THEN w.tenant_id
  ELSE w.ordinal::text END`

/**
 * The points of a program that are open: their customers sync still, or what they had on the agreement is still to be ended
 * there, and nobody has answered since the sync that found them.
 * @param agreementIds `null`: of all agreements
 */
export const openPoints = (
  organisationId: string,
  program: string,
  agreementIds: readonly number[] | null,
): SQL => {
  const ofPoint = (table: string, isOfProgram = true): SQL => {
    const of = sql.raw(table)
    const alike = isOfProgram ? sql`AND ${of}.program = w.program` : sql``
    return sql`${of}.organisation_id = w.organisation_id ${alike} AND ${of}.agreement_id = w.agreement_id`
  }
  const theirs = (table: string): SQL => sql`(w.tenant_id = '' OR ${sql.raw(table)}.tenant_id = w.tenant_id)`
  return sql`
    SELECT w.*, coalesce(w.kind, w.question) AS point_kind, coalesce(nullif(w.cause, ''), w.question) AS point_cause,
      ${keyOf} AS point_key
    FROM waiting_subscriptions w
    WHERE w.organisation_id = ${organisationId} AND w.program = ${program}
      AND ${agreementIds === null ? sql`true` : isOneOf(sql`w.agreement_id`, agreementIds)}
      AND (w.kind IS NOT NULL OR w.question <> 'earlier')
      AND (EXISTS (SELECT FROM mappings m WHERE ${ofPoint('m')} AND m.sync_enabled AND ${theirs('m')}
          AND NOT (m.begin IS NOT NULL AND coalesce(w.kind, w.question) = 'first-sync'))
        OR EXISTS (SELECT FROM one_time_mappings o WHERE ${ofPoint('o')} AND o.sync_enabled AND ${theirs('o')})
        OR EXISTS (SELECT FROM former_mappings f WHERE ${ofPoint('f')} AND f.done_at IS NULL AND f.last_period IS NOT NULL
          AND ${theirs('f')}))
      AND NOT (w.asks IS NOT NULL AND EXISTS (
        SELECT FROM addition_answers a WHERE ${ofPoint('a')} AND a.addition_id = w.addition_id AND a.answered_at > w.found_at))
      AND NOT (w.through IS NOT NULL AND EXISTS (
        SELECT FROM billed_answers b WHERE ${ofPoint('b', false)} AND b.addition_id = w.addition_id
          AND b.through = w.through AND b.answered_at > w.found_at))
      AND NOT (w.asks_line IS NOT NULL AND EXISTS (
        SELECT FROM line_answers l WHERE ${ofPoint('l')} AND l.invoice_id = w.asks_line -> 'line' ->> 'invoiceId'
          AND l.charge = w.asks_line -> 'line' ->> 'charge' AND l.ordinal = (w.asks_line -> 'line' ->> 'ordinal')::int
          AND l.turn = (w.asks_line -> 'line' ->> 'turn')::int AND l.answered_at > w.found_at))
      AND NOT (w.question IN ('late', 'guard') AND EXISTS (
        SELECT FROM confirmations c WHERE ${ofPoint('c')} AND c.subscription_id = w.subscription_id
          AND c.period = w.period AND c.question = w.question AND c.confirmed_at > w.found_at))
      AND NOT (w.subscription_id <> '' AND EXISTS (
        SELECT FROM period_states s WHERE s.organisation_id = w.organisation_id AND s.program = w.program
          AND s.subscription_id = w.subscription_id AND s.period = w.period AND s.state <> 'good'
          AND s.updated_at > w.found_at))`
}

interface GroupRow extends Record<string, unknown> {
  kind: PointKind
  cause: string
  count: number
  customers: number
  amount: Money | null
  since: string
  product: string
  remedy: string
}

/** The points of a program by cause, those about most money first. @param agreementIds `null`: of all agreements */
export const openPointGroups = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[] | null,
): Promise<PointGroup[]> => {
  const { rows } = await db.execute<GroupRow>(sql`
    SELECT p.point_kind AS kind, p.point_cause AS cause, count(DISTINCT (p.agreement_id, p.point_key))::int AS count,
      count(DISTINCT coalesce(nullif(p.tenant_id, ''), p.agreement_id::text))::int AS customers,
      sum(p.amount)::text AS amount, min(p.since) AS since,
      min(p.product) AS product,
      (array_agg(p.remedy ORDER BY p.since))[1] AS remedy
    FROM (${openPoints(organisationId, program, agreementIds)}) p
    GROUP BY 1, 2
    ORDER BY sum(p.amount) DESC NULLS FIRST, 2`)
  return rows.map(({ since, ...row }) => ({ ...row, since: new Date(since) }))
}

/** Which syncs of which agreements found what is open of a cause, by agreement. */
export const syncsOfCause = async (
  db: Database,
  organisationId: string,
  program: string,
  cause: string,
): Promise<{ readonly runId: string; readonly agreementId: number }[]> => {
  const { rows } = await db.execute<{ run_id: string; agreement_id: number }>(sql`
    SELECT DISTINCT p.agreement_id, p.run_id FROM (${openPoints(organisationId, program, null)}) p
    WHERE p.point_cause = ${cause} ORDER BY 1`)
  return rows.map(({ run_id: runId, agreement_id: agreementId }) => ({ runId, agreementId }))
}

/** What waits for an answer before it is written. */
export interface OpenQuestion {
  readonly agreementId: number
  readonly subscriptionId: string
  readonly question: WaitQuestion
  /** The first month that has it. */
  readonly period: Period | null
  readonly product: string
  /** What it is about, retail: what PRISM invoiced where nothing else is known. */
  readonly amount: Money
  /** `null`: the agreement's, or PRISM lists the customer no more. */
  readonly customer: string | null
}

interface QuestionRow extends Record<string, unknown> {
  agreement_id: number
  subscription_id: string
  question: WaitQuestion
  period: Period | null
  product: string
  amount: Money
  customer: string | null
}

/** The questions of a program that are open, by agreement. */
export const openQuestions = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<OpenQuestion[]> => {
  const { rows } = await db.execute<QuestionRow>(sql`
    SELECT p.agreement_id, p.subscription_id, p.question, p.period, p.product, t.name AS customer,
      coalesce(p.amount, p.invoiced_price)::text AS amount
    FROM (${openPoints(organisationId, program, null)}) p
    LEFT JOIN prism_tenants t ON t.organisation_id = p.organisation_id AND t.program = p.program AND t.id = p.tenant_id
    WHERE p.question <> 'earlier'
    ORDER BY p.agreement_id, p.ordinal`)
  return rows.map(({ agreement_id: agreementId, subscription_id: subscriptionId, ...row }) => ({
    ...row,
    agreementId,
    subscriptionId,
  }))
}

export interface PointPage {
  readonly causes: readonly string[]
  /** Of each cause. */
  readonly limit: number
  readonly offset: number
}

interface ItemRow extends Record<string, unknown> {
  kind: PointKind
  cause: string
  key: string
  agreement_id: number
  run_id: string
  question: WaitQuestion | null
  tenant_id: string
  subscription_id: string
  product: string
  period: Period | null
  last_period: Period | null
  invoiced: Money
  billed: Money
  amount: Money | null
  message: string
  detail: string
  remedy: string
  still_wrong: string
  asks: unknown
  asks_billed: unknown
  asks_line: unknown
  since: string
}

/** Points of some causes, the largest amount first. @param agreementIds `null`: of all agreements */
export const openPointsOfCauses = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[] | null,
  { causes, limit, offset }: PointPage,
): Promise<PointRow[]> => {
  const first = (column: string): SQL =>
    sql`(array_agg(${sql.raw(`p.${column}`)} ORDER BY p.ordinal))[1] AS ${sql.raw(column)}`
  const { rows } = await db.execute<ItemRow>(sql`
    WITH points AS (
      SELECT p.point_kind AS kind, p.point_cause AS cause, p.point_key AS key, p.agreement_id, ${first('run_id')},
        ${first('question')}, ${first('tenant_id')}, ${first('subscription_id')}, ${first('product')},
        min(p.period) AS period, max(p.last_period) AS last_period, sum(p.invoiced_price)::text AS invoiced,
        sum(p.billed_price)::text AS billed, sum(p.amount) AS amount, ${first('message')}, ${first('detail')},
        ${first('remedy')}, ${first('still_wrong')}, ${first('asks')}, ${first('asks_billed')}, ${first('asks_line')}, min(p.since) AS since
      FROM (${openPoints(organisationId, program, agreementIds)}) p
      WHERE ${isOneOf(sql`p.point_cause`, causes)}
      GROUP BY 1, 2, 3, 4),
    ranked AS (
      SELECT points.*, row_number() OVER (PARTITION BY cause ORDER BY amount DESC NULLS FIRST, agreement_id, key) AS place
      FROM points)
    SELECT * FROM ranked WHERE place > ${offset} AND place <= ${offset + limit} ORDER BY cause, place`)
  return rows.map((row) => ({
    kind: row.kind,
    cause: row.cause,
    key: row.key,
    agreementId: row.agreement_id,
    runId: row.run_id,
    question: row.question,
    tenantId: row.tenant_id,
    subscriptionId: row.subscription_id,
    product: row.product,
    from: row.period,
    to: row.last_period ?? row.period,
    invoiced: row.invoiced,
    billed: row.billed,
    amount: row.amount,
    message: row.message,
    detail: row.detail,
    remedy: row.remedy,
    stillWrong: row.still_wrong,
    asks: row.asks === null ? null : askedAdditionSchema.parse(row.asks),
    asksBilled: row.asks_billed === null ? null : askedInvoiceSchema.parse(row.asks_billed),
    asksLine: row.asks_line === null ? null : askedLineSchema.parse(row.asks_line),
    since: new Date(row.since),
  }))
}
