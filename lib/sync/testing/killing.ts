/** Kills a process while it syncs, and lets the time pass after which another one takes over. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import type { Kill } from './killed-sync.ts'
import { settlesSoon, workerOf } from './processes.ts'
import { program, type World } from './world.ts'

/** Syncs in a process of its own that is killed at a write, after which the world's soon takes over; resolves to the signal that ended it. */
export const syncKilled = async (
  {
    world,
    organisationId,
  }: {
    readonly world: Pick<World, 'db' | 'databaseUrl' | 'addresses' | 'worker'>
    readonly organisationId: string
  },
  at: Pick<Kill, 'write' | 'side'>,
): Promise<unknown> => {
  world.worker = workerOf(world.db, world.addresses, settlesSoon)
  await enqueueDetect(world.db, { organisationId, program })
  const kill: Kill = { databaseUrl: world.databaseUrl, addresses: world.addresses, ...at }
  const script = fileURLToPath(new URL('killed-sync.ts', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify(kill)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [, signal] = await once(child, 'exit')
  return signal
}

/** As if the seconds had passed after which a process counts as dead. */
export const letTimePass = async ({ world }: { readonly world: Pick<World, 'db'> }): Promise<void> => {
  await world.db.execute(sql`UPDATE leases SET expires_at = now()`)
  await world.db.execute(
    sql`UPDATE pgboss.job SET heartbeat_on = now() - interval '1 minute' WHERE state = 'active'`,
  )
}
