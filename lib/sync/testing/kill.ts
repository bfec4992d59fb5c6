/** Syncs in processes of their own that are killed at a write. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import type { Kill } from './killed-sync.ts'
import { program, type World } from './world.ts'

/** Syncs in a process of its own that is killed at a write; resolves to the signal that ended it. */
export const syncKilled = async (
  { db, databaseUrl, addresses }: World,
  organisationId: string,
  at: Pick<Kill, 'write' | 'side'>,
): Promise<unknown> => {
  await enqueueDetect(db, { organisationId, program })
  const kill: Kill = { databaseUrl, addresses, ...at }
  const script = fileURLToPath(new URL('killed-sync.ts', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify(kill)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [, signal] = await once(child, 'exit')
  return signal
}

/** As if the seconds had passed after which a process counts as dead. */
export const letTimePass = async ({ db }: World): Promise<void> => {
  await db.execute(sql`UPDATE leases SET expires_at = now()`)
  await db.execute(
    sql`UPDATE pgboss.job SET heartbeat_on = now() - interval '1 minute' WHERE state = 'active'`,
  )
}
