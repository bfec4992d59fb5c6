/** An organisation is deleted: shut at once, then emptied a part at a time, so that it goes on after whatever interrupted it (I2). */
import type { Database } from '#db/client.ts'
import { type DeletingOrganisation, deletingOrganisations } from '#db/directory/organisations.ts'
import {
  deleteEmptyOrganisation,
  deleteSomeRows,
  forgetJobs,
  isAtWork,
  shutOrganisation,
} from '#db/keeping/deletions.ts'
import { lockActiveOwners, type User } from '#db/people/people.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { JobEnd } from '#lib/base/job-end.ts'
import { log } from '#lib/base/log.ts'

/** Rows of one statement. */
const AT_ONCE = 2_000
/** How soon it is looked again whether its last job has ended. */
const WORK_AGAIN_MS = 2_000
/** No request that began before the organisation was shut goes on for longer; what one of them writes is deleted, too. */
export const STRAYS_END_MS = 90_000

/**
 * Shuts the organisation: from now on nobody is in, its addresses lead nowhere, its keys are gone, its syncs end before their next
 * write. ConnectWise is not asked. Throws `conflict` where that was done before.
 * @returns whoever else owned it and could sign in: nothing else knows their addresses any more
 */
export async function beginDeletion({
  ctx: { db, organisationId, userId, now },
}: {
  ctx: {
    readonly db: Database
    readonly organisationId: string
    /** Who deletes it. */
    readonly userId: string
    readonly now: Date
  }
}): Promise<User[]> {
  const owners = await db.transaction(async (tx) => {
    const active = await lockActiveOwners(tx, organisationId)
    if (!(await shutOrganisation(tx, organisationId, now)))
      throw new ProductError('conflict', 'The organisation is being deleted already.')
    return active
  })
  // Neither who it was nor by whom: nothing of it is to remain, here neither.
  log.info('organisation-deletion-begun', { organisationId })
  return owners.filter(({ id }) => id !== userId)
}

export interface DeletionContext {
  readonly db: Database
  readonly now: () => Date
  /** When the rest is left to another job. */
  readonly until: Date
}

/** Goes on with every organisation that is being deleted. `done`: there is nothing to do before the next scheduled call. */
export async function goOnDeleting({ ctx }: { ctx: DeletionContext }): Promise<JobEnd> {
  const ends: JobEnd[] = []
  for (const each of await deletingOrganisations(ctx.db)) ends.push(await goOnWith(ctx, each))
  const waits = ends.flatMap((end) => (end === 'done' ? [] : [end.againInMs]))
  return waits.length === 0 ? 'done' : { againInMs: Math.min(...waits) }
}

async function goOnWith(
  { db, now, until }: DeletionContext,
  { id, since }: DeletingOrganisation,
): Promise<JobEnd> {
  if (now() >= until) return { againInMs: 0 }
  await forgetJobs(db, id)
  if (await isAtWork(db, id, now())) return { againInMs: WORK_AGAIN_MS }
  let rows = 0
  for (;;) {
    const deleted = await deleteSomeRows(db, id, AT_ONCE)
    rows += deleted
    if (deleted === 0) break
    if (now() >= until) return { againInMs: 0 }
  }
  if (rows > 0) log.info('organisation-rows-deleted', { organisationId: id, rows })
  if (now().getTime() - since.getTime() < STRAYS_END_MS) return 'done'
  if (!(await deleteEmptyOrganisation(db, id))) return { againInMs: 0 }
  log.info('organisation-deleted', { organisationId: id })
  return 'done'
}
