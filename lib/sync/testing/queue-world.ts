/** A small world of a test in a database that the file's tests share, with an empty queue. */
import { sql } from 'drizzle-orm'
import type { OpenDatabase } from '#db/client.ts'
import { workerOf } from './processes.ts'
import { createMapped, type StartOptions, startSystems, type World } from './world.ts'

interface QueueWorld {
  readonly world: World
  readonly organisationId: string
}

/** Its `close` leaves the database open. */
export const startInQueue = async ({ db }: OpenDatabase, options: StartOptions = {}): Promise<QueueWorld> => {
  await db.execute(sql`DELETE FROM pgboss.job`)
  const systems = await startSystems(options)
  const world = { ...systems, db, databaseUrl: '', worker: workerOf(db, systems.addresses) }
  return { world, organisationId: await createMapped(db) }
}
