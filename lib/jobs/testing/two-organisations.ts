/** Two organisations, each with a PRISM and a ConnectWise of its own, whose jobs stand in one queue of one database. */
import { sql } from 'drizzle-orm'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { type Connection, connection, putConnection } from '#db/connections/connections.ts'
import { brief, clientsOf, settlesSoon, workerOf } from '#lib/sync/testing/processes.ts'
import { createMapped, program, type Systems, startSystems } from '#lib/sync/testing/world.ts'
import { createTestDatabase } from '../../../scripts/testing/test-database.ts'
import { type Drained, drain } from '../drain.ts'
import { enqueueDetect } from '../enqueue.ts'
import { closeQueue } from '../queue.ts'
import type { Worker } from '../worker.ts'

export interface Organisation extends Systems {
  readonly id: string
}

export interface TwoOrganisations {
  readonly odd: Organisation
  readonly sound: Organisation
  /** Replace its parts to change what this process is. */
  worker: Worker
  /** What the scheduled call does for both; the odd one stands first. */
  detectBoth(): Promise<Drained>
  cardOf(kind: Connection['kind']): Promise<Connection | null>
  close(): Promise<void>
}

/** A database for a test file. */
export const openQueueDatabase = async (): Promise<OpenDatabase> => {
  const database = await createTestDatabase()
  const opened = openDatabase(database.url)
  return {
    ...opened,
    async close() {
      await closeQueue(opened.db)
      await opened.close()
      await database.drop()
    },
  }
}

export const startTwo = async ({ db }: OpenDatabase): Promise<TwoOrganisations> => {
  await db.execute(sql`DELETE FROM pgboss.job`)
  const start = async (): Promise<Organisation> => {
    const systems = await startSystems()
    const id = await createMapped(db)
    for (const kind of ['prism', 'connectwise'] as const)
      await putConnection(db, id, { kind, settings: {}, sealed: '', sealKeyId: '' })
    return { ...systems, id }
  }
  const [odd, sound] = await Promise.all([start(), start()])
  const world: TwoOrganisations = {
    odd,
    sound,
    worker: {
      ...workerOf(db, sound.addresses, settlesSoon),
      clients: async (id) =>
        id === odd.id ? clientsOf(odd.addresses, brief.clientMs) : clientsOf(sound.addresses),
    },
    async detectBoth() {
      for (const { id } of [odd, sound]) await enqueueDetect(db, { organisationId: id, program })
      return drain(world.worker, { budgetMs: 30_000 })
    },
    cardOf: (kind) => connection(db, odd.id, kind),
    async close() {
      await Promise.all([odd.close(), sound.close()])
    },
  }
  return world
}
