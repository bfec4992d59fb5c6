/** What the agreements of a run share of what was read of ConnectWise. */
import { and, eq, gt, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { prismSubscriptions } from '#db/prism/tables.ts'
import type { Database } from '../client.ts'
import { batches, isOneOf } from '../rows.ts'
import { runItems, sharedReads } from './tables.ts'

type SharedRead = typeof sharedReads.$inferSelect
export type SharedKind = SharedRead['kind']

/** Older rows are of no use to anybody. */
const keptFor = sql`interval '10 minutes'`

const isFresh = (maxAgeMs: number) =>
  gt(sharedReads.readAt, sql`clock_timestamp() - ${maxAgeMs} * interval '1 millisecond'`)

/** Whether the run is over several agreements. */
export const hasSeveralAgreements = async (
  db: Database,
  organisationId: string,
  runId: string,
): Promise<boolean> => {
  const known = keptOf(db, organisationId, runId)
  if (known.hasSeveral) return true
  const rows = await db
    .select({ agreementId: runItems.agreementId })
    .from(runItems)
    .where(and(eq(runItems.organisationId, organisationId), eq(runItems.runId, runId)))
    .limit(2)
  // A run never has fewer than it had.
  known.hasSeveral = rows.length > 1
  return known.hasSeveral
}

export interface SharedWanted<Value> {
  readonly kind: SharedKind
  readonly keys: readonly string[]
  readonly schema: z.ZodType<Value>
  readonly maxAgeMs: number
}

interface KeptRun {
  hasSeveral: boolean
  /** By kind and key; `until` by `performance.now()`. */
  readonly values: Map<string, { readonly value: unknown; readonly until: number }>
}

/** Runs of which a process keeps what it found; more than a drain has under way at a time. */
const mostRunsKept = 8
const keptRuns = new WeakMap<Database, Map<string, KeptRun>>()

/** What this process found of a run, so that each of its agreements does not read the same rows again. */
const keptOf = (db: Database, organisationId: string, runId: string): KeptRun => {
  const runs = keptRuns.get(db) ?? new Map<string, KeptRun>()
  keptRuns.set(db, runs)
  const key = `${organisationId}/${runId}`
  const kept = runs.get(key) ?? { hasSeveral: false, values: new Map() }
  runs.delete(key)
  runs.set(key, kept)
  const [oldest] = runs.keys()
  if (runs.size > mostRunsKept && oldest !== undefined) runs.delete(oldest)
  return kept
}

/**
 * Values by key: those of `keys` that the run read in the last `maxAgeMs`. What another version of the product stored, and this
 * one does not understand, is not there. A value that this process found is used until it is that old, also where another job
 * has read the same again since.
 */
export const sharedValues = async <Value>(
  db: Database,
  organisationId: string,
  runId: string,
  { kind, keys, schema, maxAgeMs }: SharedWanted<Value>,
): Promise<Map<string, Value>> => {
  const { values } = keptOf(db, organisationId, runId)
  const found = new Map<string, Value>()
  for (const key of keys) {
    const kept = values.get(`${kind} ${key}`)
    if (kept === undefined) continue
    // Only what `schema` gave is kept under its kind.
    if (performance.now() < kept.until) found.set(key, kept.value as Value)
    else values.delete(`${kind} ${key}`)
  }
  const missing = keys.filter((key) => !found.has(key))
  if (missing.length === 0) return found
  const asked = performance.now()
  const rows = await db
    .select({
      key: sharedReads.key,
      value: sharedReads.value,
      ageMs: sql<number>`(extract(epoch FROM clock_timestamp() - ${sharedReads.readAt}) * 1000)::float8`,
    })
    .from(sharedReads)
    .where(
      and(
        eq(sharedReads.organisationId, organisationId),
        eq(sharedReads.runId, runId),
        eq(sharedReads.kind, kind),
        isOneOf(sharedReads.key, missing),
        isFresh(maxAgeMs),
      ),
    )
  for (const { key, value, ageMs } of rows) {
    const { data } = schema.safeParse(value)
    if (data === undefined) continue
    found.set(key, data)
    values.set(`${kind} ${key}`, { value: data, until: asked + maxAgeMs - ageMs })
  }
  return found
}

/**
 * Agreements of the run that are not finished and of which it has no row of the last `maxAgeMs`: this one first, then those
 * that are under way, at most `most`.
 */
export const agreementsToRead = async (
  db: Database,
  organisationId: string,
  runId: string,
  agreementId: number,
  { maxAgeMs, most }: { readonly maxAgeMs: number; readonly most: number },
): Promise<number[]> => {
  const { rows } = await db.execute<{ agreement_id: number }>(sql`
    SELECT i.agreement_id FROM run_items i
    WHERE i.organisation_id = ${organisationId} AND i.run_id = ${runId} AND i.state <> 'finished'
      AND i.agreement_id <> ${agreementId}
      AND NOT EXISTS (
        SELECT 1 FROM shared_reads s
        WHERE s.organisation_id = i.organisation_id AND s.run_id = i.run_id AND s.kind = 'agreement'
          AND s.key = i.agreement_id::text AND s.read_at > clock_timestamp() - ${maxAgeMs} * interval '1 millisecond')
    ORDER BY i.state = 'running' DESC, i.agreement_id
    LIMIT ${most - 1}`)
  return [agreementId, ...rows.map((row) => row.agreement_id)]
}

/** ProductIds and product names of the subscriptions of the run's customers, those that ended included. */
export const productsOfRun = async (
  db: Database,
  organisationId: string,
  program: string,
  runId: string,
): Promise<{ productId: string; name: string }[]> =>
  db
    .selectDistinct({ productId: prismSubscriptions.productId, name: prismSubscriptions.productName })
    .from(prismSubscriptions)
    .where(
      and(
        eq(prismSubscriptions.organisationId, organisationId),
        eq(prismSubscriptions.program, program),
        sql`${prismSubscriptions.tenantId} IN (
          SELECT jsonb_array_elements_text(tenant_ids) FROM run_items
          WHERE organisation_id = ${organisationId} AND run_id = ${runId})`,
      ),
    )

/** Stores what was read, in place of what was read before. @param readAt from before it was asked for, by the database's clock */
export const storeShared = async (
  db: Database,
  organisationId: string,
  runId: string,
  rows: readonly Pick<SharedRead, 'kind' | 'key' | 'value'>[],
  readAt: Date,
): Promise<void> => {
  await db.execute(sql`
    DELETE FROM shared_reads WHERE ctid = ANY (ARRAY (
      SELECT ctid FROM shared_reads
      WHERE organisation_id = ${organisationId} AND read_at < clock_timestamp() - ${keptFor}
      FOR UPDATE SKIP LOCKED))`)
  // In one order, so that two that store at once do not wait for each other.
  const ordered = [...rows].sort((a, b) => (a.kind + a.key < b.kind + b.key ? -1 : 1))
  for (const part of batches(ordered))
    await db
      .insert(sharedReads)
      .values(part.map((row) => ({ ...row, organisationId, runId, readAt })))
      .onConflictDoUpdate({
        target: [sharedReads.organisationId, sharedReads.runId, sharedReads.kind, sharedReads.key],
        set: { value: sql`excluded.value`, readAt: sql`excluded.read_at` },
        setWhere: sql`excluded.read_at >= ${sharedReads.readAt}`,
      })
}
