/** Catalog items that syncs created (D2, D6). */
import { and, asc, desc, eq, inArray, or, sql } from 'drizzle-orm'
import { skuKey } from '#lib/billing/keys.ts'
import type { CatalogItem } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { changes } from './tables.ts'

/**
 * What came of creating a SKU's catalog item, by any sync of the organisation: settled since `unseenMs` before `mark` (so long
 * it may be missing from what ConnectWise answers), or not settled yet.
 */
export type ItemCreation = { readonly item: CatalogItem } | { readonly item: null; readonly isOpen: boolean }

export const creationOfItem = async (
  db: Database,
  organisationId: string,
  program: string,
  sku: string,
  { mark, unseenMs }: { readonly mark: string; readonly unseenMs: number },
): Promise<ItemCreation> => {
  const rows = await db
    .select({ id: changes.id, outcome: changes.outcome, item: changes.catalogItem })
    .from(changes)
    .where(
      and(
        eq(changes.organisationId, organisationId),
        eq(changes.program, program),
        eq(changes.kind, 'createCatalogItem'),
        eq(sql`lower(trim(${changes.intent}->>'sku'))`, skuKey(sku)),
        or(
          and(
            eq(changes.outcome, 'done'),
            sql`${changes.settledAt} > ${mark}::timestamptz - ${unseenMs} * interval '1 millisecond'`,
          ),
          inArray(changes.outcome, ['pending', 'unknown']),
        ),
      ),
    )
    .orderBy(desc(changes.id))
  const done = rows.find(({ outcome, item }) => outcome === 'done' && item !== null)
  return done?.item ? { item: done.item } : { item: null, isOpen: rows.length > 0 }
}

/** Catalog items that syncs of the organisation created, as settled in the last `withinMs`. */
export const createdItems = async (
  db: Database,
  organisationId: string,
  program: string,
  withinMs: number,
): Promise<CatalogItem[]> => {
  const rows = await db
    .select({ item: changes.catalogItem })
    .from(changes)
    .where(
      and(
        eq(changes.organisationId, organisationId),
        eq(changes.program, program),
        eq(changes.kind, 'createCatalogItem'),
        eq(changes.outcome, 'done'),
        sql`${changes.settledAt} > clock_timestamp() - ${withinMs} * interval '1 millisecond'`,
      ),
    )
    .orderBy(asc(changes.id))
  return rows.flatMap(({ item }) => (item === null ? [] : [item]))
}
