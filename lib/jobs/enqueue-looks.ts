import type { Database } from '#db/client.ts'
import { lookAtAll } from '#db/directory/due-looks.ts'
import { log } from '#lib/base/log.ts'
import { enqueueDueLooks } from '#lib/intake/due-looks.ts'
import { programs } from '#lib/programs/registry.ts'
import { enqueueDetects } from './enqueue.ts'
import { enqueueKeeping } from './keeping.ts'
import { enqueueDueNotices } from './notify.ts'

/** Of a call's time; what is left is due first at the next one. */
const LONGEST_MS = 5_000

/** Enqueues the looks for invoices that are due (H7). @param options.all every organisation's look is due now */
export async function enqueueLooks(db: Database, { all }: { readonly all: boolean }): Promise<void> {
  const now = () => new Date()
  await enqueueDueNotices(db, now())
  await enqueueKeeping(db, now())
  if (all) await lookAtAll(db, now())
  const enqueue = (tx: Database, ids: readonly string[]) =>
    enqueueDetects(
      db,
      tx,
      ids.flatMap((organisationId) => programs.map(({ slug }) => ({ organisationId, program: slug }))),
    )
  await enqueueDueLooks({ db, now, log, enqueue }, new Date(Date.now() + LONGEST_MS))
}
