/** What people accepted of a month, and what it was closed with (J5). */
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { type Amount, amountSchema, type Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { fits, type MonthFilter } from './month-page.ts'
import { bills, customerOf, type MonthOf } from './month-sql.ts'
import { monthAcceptances, monthClosings } from './tables.ts'

export type Closing = typeof monthClosings.$inferSelect

/** Makes others who accept, close or open the month wait until the transaction ends. */
export const lockMonth = async (
  tx: Database,
  organisationId: string,
  program: string,
  period: Period,
): Promise<void> => {
  await tx.execute(
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`month/${organisationId}/${program}/${period}`}, 0))`,
  )
}

/** Which differences: some bills, each with the difference that was shown, or all that fit. */
export type Accepting =
  | { readonly bills: readonly { readonly bill: string; readonly difference: string }[] }
  | { readonly filter: MonthFilter }

/** Accepts differences that need a yes and have none; of bills that are named, those that are as they were shown. Their names. */
export const accept = async (
  tx: Database,
  organisationId: string,
  of: Omit<MonthOf, 'organisationId'>,
  what: Accepting,
  said: { readonly note: string; readonly by: string; readonly at: Date },
): Promise<string[]> => {
  const month = { ...of, organisationId }
  const which =
    'filter' in what
      ? fits(month, what.filter)
      : sql`EXISTS (SELECT FROM unnest(${sql.param(what.bills.map(({ bill }) => bill))}::text[],
          ${sql.param(what.bills.map(({ difference }) => difference))}::numeric[]) AS shown (bill, difference)
          WHERE shown.bill = b.bill AND shown.difference = b.difference)`
  const { rows } = await tx.execute<{ bill: string }>(sql`
    WITH ${bills(month)}
    INSERT INTO month_acceptances (organisation_id, program, period, bill, terms, note, accepted_by, accepted_at)
    SELECT ${organisationId}::uuid, ${of.program}, ${of.period}, b.bill, b.terms, ${said.note}, ${said.by}, ${said.at.toISOString()}::timestamptz
    FROM bills b WHERE b.needs AND NOT b.is_accepted AND ${which}
    ON CONFLICT (organisation_id, program, period, bill)
      DO UPDATE SET terms = excluded.terms, note = excluded.note, accepted_by = excluded.accepted_by, accepted_at = excluded.accepted_at
    RETURNING bill`)
  return rows.map(({ bill }) => bill)
}

/** Takes acceptances back; the bills that had one. */
export const takeBack = async (
  tx: Database,
  organisationId: string,
  program: string,
  period: Period,
  names: readonly string[],
): Promise<string[]> => {
  const rows = await tx
    .delete(monthAcceptances)
    .where(
      and(
        eq(monthAcceptances.organisationId, organisationId),
        eq(monthAcceptances.program, program),
        eq(monthAcceptances.period, period),
        isOneOf(monthAcceptances.bill, names),
      ),
    )
    .returning({ bill: monthAcceptances.bill })
  return rows.map(({ bill }) => bill)
}

const ofMonth = (organisationId: string, program: string, period: Period) =>
  and(
    eq(monthClosings.organisationId, organisationId),
    eq(monthClosings.program, program),
    eq(monthClosings.period, period),
  )

/** How often a month was closed, the last time first. */
export const closingsOf = async (
  db: Database,
  organisationId: string,
  program: string,
  period: Period,
): Promise<Closing[]> =>
  db
    .select()
    .from(monthClosings)
    .where(ofMonth(organisationId, program, period))
    .orderBy(desc(monthClosings.closedAt))
    .limit(20)

/** Stores a closing with what each bill is now. Call it where the month is locked. */
export const putClosing = async (
  tx: Database,
  organisationId: string,
  of: Omit<MonthOf, 'organisationId'>,
  closing: Pick<
    Closing,
    'totalCost' | 'totalPrice' | 'billedCost' | 'billedPrice' | 'terms' | 'closedBy' | 'closedAt'
  >,
): Promise<Closing> => {
  const [row] = await tx
    .insert(monthClosings)
    .values({ ...closing, ...of, organisationId })
    .returning()
  if (row === undefined) throw new Error('An insert that returns its row returned none')
  const month = { ...of, organisationId }
  await tx.execute(sql`
    WITH ${bills(month)}
    INSERT INTO closed_bills (organisation_id, closing_id, bill, customer, invoiced_cost, invoiced_price, billed_cost, billed_price,
      terms, note, accepted_by, accepted_at, second_invoiced, second_terms)
    SELECT ${organisationId}::uuid, ${row.id}::uuid, b.bill, ${customerOf(month, 'b')}, b.invoiced_cost, b.invoiced_price, b.billed_cost,
      b.billed_price, b.terms, CASE WHEN b.is_accepted THEN b.note END, CASE WHEN b.is_accepted THEN b.accepted_by END,
      CASE WHEN b.is_accepted THEN b.accepted_at END, s.invoiced, s.terms
    FROM bills b LEFT JOIN second_proofs s ON s.organisation_id = ${organisationId} AND s.program = ${of.program}
      AND s.period = ${of.period} AND s.agreement_id = b.agreement_id AND s.state IN ('compared', 'blind')`)
  return row
}

/** Opens a closed month again; `null` where it is not closed. */
export const reopen = async (
  tx: Database,
  organisationId: string,
  program: string,
  period: Period,
  said: { readonly by: string; readonly at: Date; readonly reason: string },
): Promise<Closing | null> => {
  const [row] = await tx
    .update(monthClosings)
    .set({ reopenedBy: said.by, reopenedAt: said.at, reopenedFor: said.reason })
    .where(and(ofMonth(organisationId, program, period), isNull(monthClosings.reopenedAt)))
    .returning()
  return row ?? null
}

/** What is another figure than when the month was closed; `null`: it is not there, now or then. */
export interface ChangedBill {
  readonly bill: string
  readonly customer: string
  readonly was: { readonly invoiced: Amount; readonly billed: Amount } | null
  readonly is: { readonly invoiced: Amount; readonly billed: Amount } | null
}

const mostChanged = 50

/** The largest changes first, at most 50 of them, and how many there are. */
export const changedSince = async (
  db: Database,
  organisationId: string,
  of: Omit<MonthOf, 'organisationId'>,
  closingId: string,
): Promise<{ readonly changed: readonly ChangedBill[]; readonly count: number }> => {
  const month = { ...of, organisationId }
  const { rows } = await db.execute<{
    bill: string
    customer: string
    was: unknown
    is_: unknown
    count: number
  }>(sql`
    WITH ${bills(month)}
    SELECT coalesce(c.bill, b.bill) AS bill, coalesce(c.customer, ${customerOf(month, 'b')}) AS customer,
      ${figures('c')} AS was, ${figures('b')} AS is_, (count(*) OVER ())::int AS count
    FROM (SELECT * FROM closed_bills WHERE organisation_id = ${organisationId} AND closing_id = ${closingId}) c
    FULL JOIN bills b ON b.bill = c.bill
    WHERE c.bill IS NULL OR b.bill IS NULL OR c.terms <> b.terms
      OR (c.invoiced_cost, c.invoiced_price, c.billed_cost, c.billed_price) <> (b.invoiced_cost, b.invoiced_price, b.billed_cost, b.billed_price)
    ORDER BY abs(coalesce(c.billed_price, 0) - coalesce(b.billed_price, 0)) DESC, 1 LIMIT ${mostChanged}`)
  return {
    count: rows[0]?.count ?? 0,
    changed: rows.map(({ bill, customer, was, is_ }) => ({
      bill,
      customer,
      was: readFigures(was),
      is: readFigures(is_),
    })),
  }
}

const figures = (of: string) => sql`CASE WHEN ${sql.raw(of)}.bill IS NOT NULL THEN jsonb_build_array(
  trim_scale(${sql.raw(of)}.invoiced_cost)::text, trim_scale(${sql.raw(of)}.invoiced_price)::text,
  trim_scale(${sql.raw(of)}.billed_cost)::text, trim_scale(${sql.raw(of)}.billed_price)::text) END`

const readFigures = (stored: unknown): ChangedBill['is'] => {
  if (!Array.isArray(stored)) return null
  const [invoicedCost, invoicedPrice, billedCost, billedPrice] = stored
  return {
    invoiced: amountSchema.parse({ cost: invoicedCost, price: invoicedPrice }),
    billed: amountSchema.parse({ cost: billedCost, price: billedPrice }),
  }
}
