/** How the database is, asked beside the work; and what is said while it is away. */
import { setTimeout as pause } from 'node:timers/promises'
import { newestMigration, type Standing, standing } from '#db/health.ts'
import { databaseUnreachable, isDatabaseLost, NoConnection } from '#lib/base/database-lost.ts'
import { ProductError } from '#lib/base/errors.ts'
import { server } from './process.ts'

/** Whoever watches this deployment waits no longer for an answer, whatever the database does. */
const LONGEST_MS = 2_500

let asking: Promise<Standing> | null = null
let answeredAt = 0

/** For an error that says that the database is away: the problem, and since when it lasts. */
export function unreachable(error: unknown): ProductError {
  const { env, probe, lostSince } = server()
  const times = [lostSince(), probe.lostSince()].map((since) => since?.getTime() ?? 0)
  const first = Math.min(...times.filter((time) => time > answeredAt))
  const since = Number.isFinite(first) ? new Date(first) : null
  return databaseUnreachable(error, { since, isRestarted: env.embeddedDatabase })
}

/** Throws `database-unreachable`, `database-outdated`. However many ask at once, the database is asked once. */
export async function databaseHealth(): Promise<{ readonly migration: string }> {
  asking ??= ask().finally(() => {
    asking = null
  })
  const { isMigrated, hasQueues } = await asking.catch((error: unknown) => {
    throw isDatabaseLost(error) ? unreachable(error) : error
  })
  answeredAt = Date.now()
  if (!isMigrated) throw outdated(`Its tables are older than ${newestMigration.tag}.`)
  if (!hasQueues) throw outdated('Its job queues are not there, or not all of them.')
  return { migration: newestMigration.tag }
}

async function ask(): Promise<Standing> {
  const answer = await Promise.race([standing(server().probe.db), pause(LONGEST_MS, null, { ref: false })])
  if (answer === null) throw new NoConnection('timeout expired')
  return answer
}

const outdated = (detail: string): ProductError => new ProductError('database-outdated', detail)
