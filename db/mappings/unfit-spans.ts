import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Day, UnfitSpan } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { unfitSpans as table } from './tables.ts'

export interface Fitness {
  readonly isUnfit: boolean
  /** First day that ConnectWise has not invoiced; `null` where that is not known. */
  readonly nextInvoiceDate: Day | null
}

/** The spans of an agreement, of which its first unfit reading begins one and the next fit one ends it. @param before as they were read */
export const notedFitness = async (
  db: Database,
  organisationId: string,
  agreementId: number,
  fitness: Fitness,
  before: readonly UnfitSpan[],
): Promise<readonly UnfitSpan[]> => {
  if (before.length === 0 && !fitness.isUnfit) return before
  await noteFitness(db, organisationId, agreementId, fitness)
  return unfitSpans(db, organisationId, agreementId)
}

/** Begins a span with the first unfit reading of an agreement, and ends it with the next fit one. */
export const noteFitness = async (
  db: Database,
  organisationId: string,
  agreementId: number,
  { isUnfit, nextInvoiceDate }: Fitness,
): Promise<void> => {
  const open = and(
    eq(table.organisationId, organisationId),
    eq(table.agreementId, agreementId),
    isNull(table.fitAgainAt),
  )
  if (!isUnfit) await db.update(table).set({ fitAgainAt: sql`now()`, until: nextInvoiceDate }).where(open)
  else if ((await db.$count(table, open)) === 0)
    await db
      .insert(table)
      .values({ organisationId, agreementId, from: nextInvoiceDate })
      .onConflictDoNothing()
}

/** Oldest first; one that goes on ends `null`. */
export const unfitSpans = async (
  db: Database,
  organisationId: string,
  agreementId: number,
): Promise<UnfitSpan[]> =>
  db
    .select({ from: table.from, until: table.until })
    .from(table)
    .where(and(eq(table.organisationId, organisationId), eq(table.agreementId, agreementId)))
    .orderBy(asc(table.unfitSince))

/** Agreements of the organisation that were unfit when they were read last. */
export const openUnfitAgreements = async (
  db: Database,
  organisationId: string,
): Promise<ReadonlySet<number>> => {
  const rows = await db
    .select({ agreementId: table.agreementId })
    .from(table)
    .where(and(eq(table.organisationId, organisationId), isNull(table.fitAgainAt)))
  return new Set(rows.map(({ agreementId }) => agreementId))
}
