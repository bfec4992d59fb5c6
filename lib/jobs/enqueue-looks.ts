import type { Database } from '#db/client.ts'
import { connectionsOf } from '#db/connections/connections.ts'
import { organisationIds } from '#db/directory/organisations.ts'
import { log } from '#lib/base/log.ts'
import { programs } from '#lib/programs/registry.ts'
import { enqueueDetect } from './enqueue.ts'

/**
 * Enqueues a look for invoices for every organisation with both connections: without one of them nothing could be carried. One
 * whose look could not be enqueued has to wait for the next call, and no other waits for it.
 */
export async function enqueueLooks(db: Database): Promise<void> {
  for (const organisationId of await organisationIds(db)) {
    try {
      if ((await connectionsOf(db, organisationId)).length < 2) continue
      for (const { slug } of programs) await enqueueDetect(db, { organisationId, program: slug })
    } catch (error) {
      log.unexpected(error, { during: 'enqueueing looks', organisationId })
    }
  }
}
