/** How long what is kept for a time alone is kept, and what was removed of it (J14). */
import { server } from '#app/process/process.ts'
import { organisation } from '#db/directory/organisations.ts'
import { removalsOf } from '#db/keeping/removals.ts'
import { keptForATime, PACKING, timeOf } from '#lib/keeping/times.ts'

export interface KeptRow {
  readonly rule: string
  readonly what: string
  /** As “24 months”. */
  readonly time: string
  readonly why: string
  readonly did: 'removed' | 'packed'
  /** From when on it is looked through; `null`: from now on. */
  readonly beginsAt: string | null
  /** When it was last looked through to its end; `null`: never yet. */
  readonly lookedAt: string | null
  /** Whether that is under way. */
  readonly isUnderWay: boolean
  /** Rows removed, or packed, when it was last looked through, and ever. */
  readonly removed: number
  readonly total: number
}

/** The last row is of plans that were packed. */
export async function keptRows(organisationId: string): Promise<KeptRow[]> {
  const { db } = server()
  const [found, of] = await Promise.all([removalsOf(db, organisationId), organisation(db, organisationId)])
  const packsFrom = of?.packsFrom ?? new Date()
  const packing = {
    rule: PACKING,
    what: 'Plans of syncs, by the month',
    months: of?.packsAfterMonths ?? 0,
    why: 'They are packed then, and read back as they were wherever they are shown.',
  }
  return [...keptForATime, packing].map((kept) => {
    const row = found.find(({ rule }) => rule === kept.rule)
    return {
      rule: kept.rule,
      what: kept.what,
      time: kept.rule === PACKING ? `Always; packed after ${timeOf(kept)}` : timeOf(kept),
      why: kept.why,
      did: kept.rule === PACKING ? 'packed' : 'removed',
      beginsAt: kept.rule === PACKING && packsFrom > new Date() ? packsFrom.toISOString() : null,
      lookedAt: row?.endedAt?.toISOString() ?? null,
      isUnderWay: row !== undefined && row.endedAt === null,
      removed: row?.removed ?? 0,
      total: row?.total ?? 0,
    }
  })
}
