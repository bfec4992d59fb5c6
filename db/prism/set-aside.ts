/** What the last look at PRISM set aside, and why. */
import { and, asc, eq } from 'drizzle-orm'
import { storable } from '#lib/base/storable-text.ts'
import type { Database } from '../client.ts'
import { batches } from '../rows.ts'
import { prismSetAside } from './tables.ts'

export type SetAsideList = (typeof prismSetAside.$inferSelect)['list']

export interface StoredSetAside {
  readonly list: SetAsideList
  readonly record: string
  readonly reason: string
  readonly seenAt: Date
}

/** A list of which everything is odd is told, not stored: this many records, and how many more there were. */
const mostRecords = 200

const of = (organisationId: string, program: string) =>
  and(eq(prismSetAside.organisationId, organisationId), eq(prismSetAside.program, program))

/** Replaces what an earlier look set aside of the list. */
export const replaceSetAside = async (
  db: Database,
  organisationId: string,
  program: string,
  list: SetAsideList,
  records: readonly { readonly record: string; readonly reason: string }[],
): Promise<void> => {
  const more = records.length - mostRecords
  const shown = [
    ...records.slice(0, mostRecords),
    ...(more > 0 ? [{ record: `${more} more`, reason: 'they are set aside, too' }] : []),
  ]
  await db.transaction(async (tx) => {
    await tx.delete(prismSetAside).where(and(of(organisationId, program), eq(prismSetAside.list, list)))
    const rows = shown.map(({ record, reason }, at) => ({
      organisationId,
      program,
      list,
      at,
      record: storable(record),
      reason: storable(reason),
    }))
    for (const part of batches(rows)) await tx.insert(prismSetAside).values(part)
  })
}

/** By list, in PRISM's order. */
export const setAsideOf = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<StoredSetAside[]> => {
  const rows = await db
    .select()
    .from(prismSetAside)
    .where(of(organisationId, program))
    .orderBy(asc(prismSetAside.list), asc(prismSetAside.at))
  return rows.map(({ list, record, reason, seenAt }) => ({ list, record, reason, seenAt }))
}
