/** What ConnectWise had invoiced when a month was closed, against what it has by now (J5, J6). */
import { sql } from 'drizzle-orm'
import type { Money } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import type { MonthOf } from './month-sql.ts'

/** Of the agreements that the month was closed with. */
export interface ClosedSecondCounts {
  readonly all: number
  /** Compared by then, and of these invoiced otherwise than planned. */
  readonly compared: number
  readonly differ: number
  /** Of those compared by then, how many ConnectWise invoices otherwise by now. */
  readonly changed: number
}

const kept = (organisationId: string, of: Omit<MonthOf, 'organisationId'>, closingId: string) => sql`
  FROM closed_bills c LEFT JOIN second_proofs s ON s.organisation_id = c.organisation_id AND s.program = ${of.program}
    AND s.period = ${of.period} AND s.agreement_id = split_part(c.bill, '/', 2)::int AND s.state IN ('compared', 'blind')
  WHERE c.organisation_id = ${organisationId} AND c.closing_id = ${closingId} AND c.bill ~ '^agreement/[0-9]+$'`

const isOther = sql`c.second_terms IS NOT NULL
  AND (s.invoiced IS DISTINCT FROM c.second_invoiced OR s.terms IS DISTINCT FROM c.second_terms)`

/** @param wrong the terms that no reason is named by */
export const closedSecondCounts = async (
  db: Database,
  organisationId: string,
  of: Omit<MonthOf, 'organisationId'>,
  closingId: string,
  wrong: readonly string[],
): Promise<ClosedSecondCounts> => {
  const { rows } = await db.execute<{ all: number; compared: number; differ: number; changed: number }>(sql`
    SELECT count(*)::int AS all, (count(*) FILTER (WHERE c.second_terms IS NOT NULL))::int AS compared,
      (count(*) FILTER (WHERE c.second_terms ?| ${sql.param([...wrong])}::text[]))::int AS differ,
      (count(*) FILTER (WHERE ${isOther}))::int AS changed
    ${kept(organisationId, of, closingId)}`)
  return rows[0] ?? { all: 0, compared: 0, differ: 0, changed: 0 }
}

/** Of some bills that were compared by then: what was invoiced of each, with its reasons, and whether that is otherwise by now. */
export interface ClosedSecond {
  readonly invoiced: Money | null
  readonly terms: Readonly<Record<string, Money>>
  readonly isOther: boolean
}

export const closedSeconds = async (
  db: Database,
  organisationId: string,
  of: Omit<MonthOf, 'organisationId'>,
  closingId: string,
  bills: readonly string[],
): Promise<ReadonlyMap<string, ClosedSecond>> => {
  const { rows } = await db.execute<{
    bill: string
    invoiced: Money | null
    terms: Record<string, Money>
    is_other: boolean
  }>(sql`
    SELECT c.bill, trim_scale(c.second_invoiced)::text AS invoiced, c.second_terms AS terms, ${isOther} AS is_other
    ${kept(organisationId, of, closingId)} AND c.second_terms IS NOT NULL AND c.bill = ANY(${sql.param([...bills])}::text[])`)
  return new Map(
    rows.map(({ bill, invoiced, terms, is_other }) => [bill, { invoiced, terms, isOther: is_other }]),
  )
}
