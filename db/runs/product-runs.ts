import { and, count, desc, eq, ne, sql } from 'drizzle-orm'
import { worst } from '#lib/billing/status.ts'
import type { Status } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import type { ProductRunCounts } from '../values.ts'
import type { Run } from './runs.ts'
import { productResults, runs } from './tables.ts'

export type ProductResult = typeof productResults.$inferSelect

const isRun = (organisationId: string, runId: string) =>
  and(eq(runs.organisationId, organisationId), eq(runs.id, runId))

/** The run over products that is not finished; `null` where there is none. */
export const unfinishedProductRun = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<Run | null> => newest(db, organisationId, program, ne(runs.state, 'finished'))

/** The last run over products, whatever came of it. */
export const lastProductRun = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<Run | null> => newest(db, organisationId, program, undefined)

const newest = async (
  db: Database,
  organisationId: string,
  program: string,
  state: ReturnType<typeof ne> | undefined,
): Promise<Run | null> => {
  const [row] = await db
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.organisationId, organisationId),
        eq(runs.program, program),
        eq(runs.kind, 'products'),
        state,
      ),
    )
    .orderBy(desc(runs.createdAt))
    .limit(1)
  return row ?? null
}

export const startProductRun = async (db: Database, organisationId: string, runId: string): Promise<void> => {
  await db
    .update(runs)
    .set({ state: 'running', startedAt: sql`coalesce(${runs.startedAt}, clock_timestamp())` })
    .where(and(isRun(organisationId, runId), ne(runs.state, 'finished')))
}

export const noteProductProgress = async (
  db: Database,
  organisationId: string,
  runId: string,
  progress: { readonly done: number; readonly total: number; readonly doing: string | null },
): Promise<void> => {
  await db.update(runs).set(progress).where(isRun(organisationId, runId))
}

export const putProductResult = async (
  db: Database,
  organisationId: string,
  result: Omit<ProductResult, 'organisationId'>,
): Promise<void> => {
  const row = { ...result, organisationId }
  await db
    .insert(productResults)
    .values(row)
    .onConflictDoUpdate({
      target: [productResults.organisationId, productResults.runId, productResults.sku],
      set: row,
    })
}

export const productResultsOf = async (
  db: Database,
  organisationId: string,
  runId: string,
): Promise<ProductResult[]> =>
  db
    .select()
    .from(productResults)
    .where(and(eq(productResults.organisationId, organisationId), eq(productResults.runId, runId)))
    .orderBy(productResults.sku)

/** Finishes the run: its status is its worst product's (G2), `floor` where no product has a result. */
export const finishProductRun = async (
  db: Database,
  organisationId: string,
  runId: string,
  end: { readonly unchanged: number; readonly floor?: Status; readonly note?: string },
): Promise<void> =>
  db.transaction(async (tx) => {
    const rows = await tx
      .select({ what: productResults.what, status: productResults.status, count: count() })
      .from(productResults)
      .where(and(eq(productResults.organisationId, organisationId), eq(productResults.runId, runId)))
      .groupBy(productResults.what, productResults.status)
    const of = (what: ProductResult['what']) =>
      rows.filter((row) => row.what === what).reduce((sum, row) => sum + row.count, 0)
    const counts: ProductRunCounts = {
      created: of('created'),
      updated: of('updated'),
      unchanged: end.unchanged,
      failed: of('failed'),
    }
    const status = worst([end.floor ?? 'No Change', ...rows.map((row) => row.status)])
    await tx
      .update(runs)
      .set({
        state: 'finished',
        status,
        counts,
        doing: null,
        finishedAt: new Date(),
        ...(end.note === undefined ? {} : { note: end.note }),
      })
      .where(and(isRun(organisationId, runId), ne(runs.state, 'finished')))
  })
