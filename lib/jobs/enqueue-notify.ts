import type { Database } from '#db/client.ts'
import { type NotifyPayload, withOrigin } from './definitions.ts'
import { queueOf } from './queue.ts'

/** Has an organisation's messages seen to, unless that waits already. */
export const enqueueNotify = async (db: Database, payload: NotifyPayload): Promise<void> => {
  const boss = await queueOf(db)
  const { organisationId } = payload
  await boss.send('notify', withOrigin(payload), {
    singletonKey: organisationId,
    group: { id: organisationId },
  })
}
