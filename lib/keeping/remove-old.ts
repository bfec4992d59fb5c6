/** What is kept for a time alone is removed when that is over, and plans of old months are packed, a part at a time (J14). */
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '#db/client.ts'
import { organisation } from '#db/directory/organisations.ts'
import { beginRemoval, removalsOf, removePart, setNextRemoval } from '#db/keeping/removals.ts'
import type { JobEnd } from '#lib/base/job-end.ts'
import { log } from '#lib/base/log.ts'
import { keptForATime, PACKING, removedBefore } from './times.ts'

/** Rows, or syncs, of one transaction: it holds nobody up. */
const AT_ONCE = 500
/** Between two parts it rests for so many times as long as a part takes: a sync that is under way has the processor meanwhile. */
const REST = 5
const LONGEST_REST_MS = 1_000
/** All is looked through so often. */
export const REMOVAL_EVERY_MS = 24 * 60 * 60 * 1000

/** Goes on where it was; `done`: all rules came to the end, and are begun again a day later. */
export async function removeOld({
  ctx: { db, organisationId, now, until },
  atOnce = AT_ONCE,
}: {
  ctx: {
    readonly db: Database
    readonly organisationId: string
    readonly now: () => Date
    readonly until: Date
  }
  readonly atOnce?: number
}): Promise<JobEnd> {
  const began = now()
  const doneToday = new Set(
    (await removalsOf(db, organisationId)).flatMap(({ rule, endedAt }) =>
      endedAt !== null && began.getTime() - endedAt.getTime() < REMOVAL_EVERY_MS / 2 ? [rule] : [],
    ),
  )
  const of = await organisation(db, organisationId)
  if (of === null) return 'done'
  const packing = of.packsFrom <= began ? [{ rule: PACKING, months: of.packsAfterMonths }] : []
  for (const kept of [...keptForATime, ...packing]) {
    if (doneToday.has(kept.rule)) continue
    await beginRemoval(db, organisationId, kept.rule, began)
    const part = { before: removedBefore(kept, began), limit: atOnce }
    for (;;) {
      const beganPart = performance.now()
      if (!(await removePart(db, organisationId, kept.rule, { ...part, now: now() }))) break
      if (now() >= until) return { againInMs: 0 }
      await pause(Math.min(LONGEST_REST_MS, REST * (performance.now() - beganPart)))
    }
    if (now() >= until) return { againInMs: 0 }
  }
  await setNextRemoval(db, organisationId, new Date(began.getTime() + REMOVAL_EVERY_MS))
  await noteRemoved(db, organisationId, began)
  return 'done'
}

async function noteRemoved(db: Database, organisationId: string, since: Date): Promise<void> {
  const rows = await removalsOf(db, organisationId)
  const removed = rows.filter((each) => each.removed > 0 && each.endedAt !== null && each.endedAt >= since)
  if (removed.length === 0) return
  log.info('old-removed', {
    organisationId,
    rows: Object.fromEntries(removed.map((each) => [each.rule, each.removed])),
  })
}
