/** Which organisations are looked at now (H7): those whose time has come, and no other is walked. */
import type { Database } from '#db/client.ts'
import { lookNoLaterThan, takeDueLooks } from '#db/directory/due-looks.ts'
import { isDatabaseLost } from '#lib/base/database-lost.ts'
import type { Log } from '#lib/base/log.ts'

/** F1: at least hourly, with calls every five minutes and the time until the look's turn comes. */
const everyMs = 45 * 60 * 1000
/** One whose look could not be enqueued is tried again after this. */
const afterTroubleMs = 60 * 1000
/** Organisations in one transaction. */
const atOnce = 100

export interface DueLooksContext {
  readonly db: Database
  readonly now: () => Date
  readonly log: Log
  /** Enqueues looks of organisations, inside `tx`: all of them or, where it throws, none. */
  readonly enqueue: (tx: Database, organisationIds: readonly string[]) => Promise<void>
}

/**
 * Enqueues the looks that are due, the longest waiting first, until none is left or the time is up; what is left is for the
 * next call. One whose look cannot be enqueued waits a minute, and no other waits for it. Returns how many were enqueued.
 */
export const enqueueDueLooks = async (ctx: DueLooksContext, until: Date): Promise<number> => {
  let enqueued = 0
  for (;;) {
    const now = ctx.now()
    const { taken, refused } = await ctx.db.transaction(async (tx) => {
      const ids = await takeDueLooks(tx, { now, limit: atOnce, everyMs })
      return { taken: ids.length, refused: await enqueueEach(ctx, tx, ids) }
    })
    const again = new Date(now.getTime() + afterTroubleMs)
    for (const id of refused) await lookNoLaterThan(ctx.db, id, again)
    enqueued += taken - refused.length
    if (taken < atOnce || ctx.now() >= until) return enqueued
  }
}

/** All at once, or one by one where that fails; those that could not be. */
const enqueueEach = async (
  ctx: DueLooksContext,
  tx: Database,
  ids: readonly string[],
): Promise<readonly string[]> => {
  if (ids.length === 0) return []
  try {
    await tx.transaction((part) => ctx.enqueue(part, ids))
    return []
  } catch (error) {
    if (isDatabaseLost(error)) throw error
    const [id] = ids
    if (ids.length === 1 && id !== undefined) {
      ctx.log.unexpected(error, { during: 'enqueueing a look', organisationId: id })
      return [id]
    }
  }
  const refused: string[] = []
  for (const id of ids) refused.push(...(await enqueueEach(ctx, tx, [id])))
  return refused
}
