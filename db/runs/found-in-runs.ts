/** Syncs by what they found: the points of each agreement, and the words that lead to it (G2, G3). */
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { prismTenants } from '#db/prism/tables.ts'
import type { RunPoint } from '#lib/billing/run-points.ts'
import type { Database } from '../client.ts'
import { isShown } from './looks-again.ts'
import type { ItemChanges, RunItem } from './runs.ts'
import { runItems, runs } from './tables.ts'

type ItemKey = Pick<RunItem, 'runId' | 'agreementId'>

/** Notes what the sync of an agreement found, and how it ended. @param found.words beside the names of its customers, company and agreement */
export const putFound = async (
  db: Database,
  organisationId: string,
  { runId, agreementId }: ItemKey,
  { points, words }: { readonly points: readonly RunPoint[]; readonly words: string },
  ended: ItemChanges = {},
): Promise<void> => {
  const customers = sql`(
    SELECT string_agg(concat_ws(E'\n', t.name, t.domain, t.id), E'\n') FROM ${prismTenants} t
    WHERE t.organisation_id = ${runItems.organisationId} AND t.program = ${runItems.program}
      AND t.id = ANY (ARRAY (SELECT jsonb_array_elements_text(${runItems.tenantIds}))))`
  await db
    .update(runItems)
    .set({
      ...ended,
      points: [...points],
      words: sql`lower(concat_ws(E'\n', ${runItems.companyName}, ${runItems.agreementName}, ${customers}, ${words}::text))`,
    })
    .where(
      and(
        eq(runItems.organisationId, organisationId),
        eq(runItems.runId, runId),
        eq(runItems.agreementId, agreementId),
      ),
    )
}

/** Finished agreements of syncs that no search finds so far, as an earlier version of the product finished them; the newest first. */
export const itemsWithoutWords = async (
  db: Database,
  organisationId: string,
  program: string,
  most: number,
): Promise<RunItem[]> =>
  db
    .select()
    .from(runItems)
    .where(
      and(
        eq(runItems.organisationId, organisationId),
        eq(runItems.program, program),
        eq(runItems.state, 'finished'),
        isNull(runItems.words),
      ),
    )
    .limit(most)

/** An agreement of a sync in which all words were found. */
export interface FoundItem {
  readonly item: RunItem
  readonly run: Pick<typeof runs.$inferSelect, 'id' | 'createdAt' | 'trigger' | 'actor'>
}

/** As many of them are looked for; the others are left out. */
const MOST_WORDS = 8

/** What people write apart is looked for apart. */
export const wordsIn = (search: string): string[] =>
  search.trim().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS)

/** Agreements of syncs in which each word of the search is found, the newest first; none without a word. */
export const searchItems = async (
  db: Database,
  organisationId: string,
  program: string,
  { search, limit, offset }: { readonly search: string; readonly limit: number; readonly offset: number },
): Promise<FoundItem[]> => {
  const words = wordsIn(search)
  if (words.length === 0) return []
  const { id, createdAt, trigger, actor } = runs
  return db
    .select({ item: runItems, run: { id, createdAt, trigger, actor } })
    .from(runItems)
    .innerJoin(runs, and(eq(runs.organisationId, runItems.organisationId), eq(runs.id, runItems.runId)))
    .where(
      and(
        eq(runItems.organisationId, organisationId),
        eq(runItems.program, program),
        ...words.map((word) => sql`${runItems.words} LIKE lower(${`%${word.replace(/[\\%_]/g, '\\$&')}%`})`),
        isShown,
      ),
    )
    .orderBy(desc(runItems.queuedAt), desc(runItems.runId), desc(runItems.agreementId))
    .limit(limit)
    .offset(offset)
}
