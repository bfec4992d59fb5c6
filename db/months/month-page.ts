/** A page of a month's customers, with the month's sums, in one look at all of it (J5). */
import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { amountSchema, moneySchema, type Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { bills, customerOf, type MonthOf, type MonthState, monthStates } from './month-sql.ts'

export interface MonthFilter {
  /** `''`: all. */
  readonly search: string
  readonly term: string
  /** `to-accept`: differences that need a yes and have none. */
  readonly state: MonthState | 'to-accept' | 'accepted' | ''
}

const billSchema = z.object({
  bill: z.string(),
  agreementId: z.number().int().nullable(),
  tenantIds: z.array(z.string()),
  customer: z.string(),
  invoiced: amountSchema,
  billed: amountSchema,
  terms: z.record(z.string(), amountSchema),
  state: z.enum(monthStates),
  failing: z.number().int(),
  waiting: z.number().int(),
  needs: z.boolean(),
  accepted: z.object({ note: z.string(), by: z.string(), at: z.string() }).nullable(),
  runId: z.string().nullable(),
  checkedAt: z.string().nullable(),
})
export type MonthBillRow = z.infer<typeof billSchema>

const totalsSchema = z.object({
  billed: amountSchema,
  invoiced: amountSchema,
  terms: z.array(z.object({ term: z.string(), amount: amountSchema, bills: z.number().int() })),
  states: z.array(
    z.object({
      state: z.enum(monthStates),
      bills: z.number().int(),
      customers: z.number().int(),
      /** Of them, those whose difference a person has accepted. */
      accepted: z.number().int(),
      invoiced: moneySchema,
    }),
  ),
  toAccept: z.number().int(),
  accepted: z.number().int(),
})
/** Of the whole month, whatever fits. */
export type MonthTotals = z.infer<typeof totalsSchema>

export interface MonthPage {
  readonly rows: readonly MonthBillRow[]
  /** How many fit. */
  readonly total: number
  readonly totals: MonthTotals
}

const pageSchema = z.object({ page: z.array(billSchema), total: z.number().int(), totals: totalsSchema })

export const fits = (of: MonthOf, { search, term, state }: MonthFilter): SQL => {
  const text = search.toLowerCase()
  const conditions = [
    ...(term === '' ? [] : [sql`b.terms ? ${term}`]),
    ...(state === ''
      ? []
      : state === 'to-accept'
        ? [sql`b.needs AND NOT b.is_accepted`]
        : state === 'accepted'
          ? [sql`b.is_accepted`]
          : [sql`b.state = ${state}`]),
    ...(search === ''
      ? []
      : [
          // The names are looked through once, not once a row.
          sql`EXISTS (SELECT FROM unnest(b.tenant_ids) its (id) WHERE its.id IN (
            SELECT t.id FROM prism_tenants t WHERE t.organisation_id = ${of.organisationId} AND t.program = ${of.program}
              AND (strpos(lower(t.name), ${text}) > 0 OR strpos(lower(t.domain), ${text}) > 0)))`,
        ]),
  ]
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` AND `)
}

const textOf = (value: string): SQL => sql`trim_scale(${sql.raw(value)})::text`
const pairOf = (of: string): SQL =>
  sql`jsonb_build_object('cost', ${textOf(`${of}_cost`)}, 'price', ${textOf(`${of}_price`)})`

/** What is wrong first: by state, what is not accepted before what is, then what is about most money. */
const order = sql`array_position(ARRAY['failed', 'waits', 'open', 'differs', 'agrees'], b.state), b.is_accepted, abs(b.difference) DESC,
  b.invoiced_price DESC, b.bill`

const totals = sql`jsonb_build_object(
  'invoiced', (SELECT jsonb_build_object('cost', trim_scale(coalesce(sum(invoiced_cost), 0))::text, 'price', trim_scale(coalesce(sum(invoiced_price), 0))::text) FROM bills),
  'billed', (SELECT jsonb_build_object('cost', trim_scale(coalesce(sum(billed_cost), 0))::text, 'price', trim_scale(coalesce(sum(billed_price), 0))::text) FROM bills),
  'terms', (SELECT coalesce(jsonb_agg(jsonb_build_object('term', term, 'bills', bills,
      'amount', jsonb_build_object('cost', trim_scale(cost)::text, 'price', trim_scale(price)::text))), '[]')
    FROM (SELECT key AS term, count(*)::int AS bills, sum((value->>'cost')::numeric) AS cost, sum((value->>'price')::numeric) AS price
      FROM bills, jsonb_each(bills.terms) GROUP BY key ORDER BY key) t),
  'states', (SELECT coalesce(jsonb_agg(jsonb_build_object('state', state, 'bills', bills, 'customers', customers,
      'accepted', accepted, 'invoiced', trim_scale(invoiced)::text)), '[]')
    FROM (SELECT state, count(*)::int AS bills, sum(customers)::int AS customers,
      coalesce(sum(customers) FILTER (WHERE is_accepted), 0)::int AS accepted, sum(invoiced_price) AS invoiced FROM bills GROUP BY state) s),
  'toAccept', (SELECT count(*)::int FROM bills WHERE needs AND NOT is_accepted),
  'accepted', (SELECT count(*)::int FROM bills WHERE is_accepted))`

/** @param limit `null`: all that fit */
export const monthPage = async (
  db: Database,
  organisationId: string,
  of: Omit<MonthOf, 'organisationId'>,
  filter: MonthFilter,
  { limit, offset }: { readonly limit: number | null; readonly offset: number },
): Promise<MonthPage> => {
  const month = { ...of, organisationId }
  const { rows } = await db.execute<{ page: unknown; total: number; totals: unknown }>(sql`
    WITH ${bills(month)},
      fitting AS ${filter.search === '' ? sql`NOT MATERIALIZED` : sql`MATERIALIZED`} (SELECT * FROM bills b WHERE ${fits(month, filter)}),
      page AS (SELECT ordered.*, row_number() OVER () AS place FROM (SELECT b.* FROM fitting b ORDER BY ${order}
        ${limit === null ? sql`` : sql`LIMIT ${limit} OFFSET ${offset}`}) ordered)
    SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object('bill', p.bill, 'agreementId', p.agreement_id, 'tenantIds', p.tenant_ids,
        'customer', ${customerOf(month, 'p')}, 'invoiced', ${pairOf('p.invoiced')}, 'billed', ${pairOf('p.billed')}, 'terms', p.terms,
        'state', p.state, 'failing', p.failing, 'waiting', p.waiting, 'needs', p.needs, 'runId', p.run_id, 'checkedAt', p.checked_at,
        'accepted', CASE WHEN p.is_accepted THEN jsonb_build_object('note', p.note, 'by', p.accepted_by, 'at', p.accepted_at) END)
        ORDER BY p.place), '[]') FROM page p) AS page,
      (SELECT count(*)::int FROM fitting) AS total, ${totals} AS totals`)
  const read = pageSchema.parse(rows[0])
  return { rows: read.page, total: read.total, totals: read.totals }
}

/** The month's sums alone. */
export const monthTotals = async (
  db: Database,
  organisationId: string,
  of: Omit<MonthOf, 'organisationId'>,
): Promise<MonthTotals> => {
  const { rows } = await db.execute<{ totals: unknown }>(
    sql`WITH ${bills({ ...of, organisationId })} SELECT ${totals} AS totals`,
  )
  return totalsSchema.parse(rows[0]?.totals)
}

/** What bills of agreements came to in another month, by agreement. */
export const billedIn = async (
  db: Database,
  organisationId: string,
  program: string,
  period: Period,
  agreementIds: readonly number[],
): Promise<ReadonlyMap<number, string>> => {
  if (agreementIds.length === 0) return new Map()
  const { rows } = await db.execute<{ agreement_id: number; price: string }>(sql`
    SELECT agreement_id, trim_scale(billed_price)::text AS price FROM month_bills
    WHERE organisation_id = ${organisationId} AND program = ${program} AND period = ${period}
      AND agreement_id = ANY (${sql.param([...agreementIds])}::int[])`)
  return new Map(rows.map(({ agreement_id, price }) => [agreement_id, price]))
}

/** When a sync last looked at an agreement of the month; `null`: none has. */
export const lastChecked = async (
  db: Database,
  organisationId: string,
  program: string,
  period: Period,
): Promise<Date | null> => {
  const { rows } = await db.execute<{ at: string | null }>(sql`
    SELECT max(checked_at) AS at FROM month_bills
    WHERE organisation_id = ${organisationId} AND program = ${program} AND period = ${period}`)
  const at = rows[0]?.at ?? null
  return at === null ? null : new Date(at)
}
