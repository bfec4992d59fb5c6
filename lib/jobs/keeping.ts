/** Deleting organisations, and removing what is kept for a time alone, as jobs: each for as long as its turn lasts (I2, J14). */
import type { Database } from '#db/client.ts'
import { deletingOrganisations, takeDueRemovals } from '#db/directory/organisations.ts'
import { goOnDeleting } from '#lib/keeping/delete.ts'
import { removeOld } from '#lib/keeping/remove-old.ts'
import { type Attempt, type Done, restOf } from './attempt.ts'
import type { RemoveOldPayload } from './definitions.ts'
import { enqueueDeletions, enqueueRemoval } from './enqueue.ts'
import type { Worker } from './worker.ts'

/** What is left after so long is a job of its own, so that others have their turn. */
const sliceMs = 10_000
/** Organisations that one call takes, and when they come again by themselves where the job dies. */
const dueAtOnce = { limit: 20, againMs: 60 * 60 * 1000 }

/** What is due of both; a deletion that was interrupted goes on. */
export const enqueueKeeping = async (db: Database, now: Date): Promise<void> => {
  if ((await deletingOrganisations(db)).length > 0) await enqueueDeletions(db)
  for (const organisationId of await takeDueRemovals(db, now, dueAtOnce))
    await enqueueRemoval(db, { organisationId })
}

const untilOf = (now: Date, { until }: Attempt): Date => {
  const slice = new Date(now.getTime() + sliceMs)
  return slice < until ? slice : until
}

export const deleteJob = async (worker: Worker, _: object, attempt: Attempt): Promise<Done> => {
  const { db, now = () => new Date() } = worker
  const end = await goOnDeleting({ ctx: { db, now, until: untilOf(now(), attempt) } })
  if (end !== 'done') await enqueueDeletions(db, restOf(end, attempt))
  return {}
}

export const removeOldJob = async (
  worker: Worker,
  { organisationId }: RemoveOldPayload,
  attempt: Attempt,
): Promise<Done> => {
  const { db, now = () => new Date() } = worker
  const end = await removeOld({ ctx: { db, organisationId, now, until: untilOf(now(), attempt) } })
  if (end !== 'done') await enqueueRemoval(db, { organisationId }, restOf(end, attempt))
  return {}
}
