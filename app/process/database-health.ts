/** How the database is, asked beside the work, and whether work goes on; and what is said while not. */
import { setTimeout as pause } from 'node:timers/promises'
import { newestMigration, type Standing, standing } from '#db/health.ts'
import { type WorkStanding, workStanding } from '#db/observation.ts'
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

const MINUTE = 60
/**
 * A job may wait for others, as long as any of them goes on. Looks are asked for every five minutes at the most; one waits for
 * the work of a whole call.
 */
const LONGEST_STANDSTILL_SECONDS = 15 * MINUTE
const LONGEST_WITHOUT_LOOK_SECONDS = 60 * MINUTE

let askingOfWork: Promise<WorkStanding> | null = null

/** Throws `work-stands-still`, `database-unreachable`. However many ask at once, the database is asked once. */
export async function workHealth(): Promise<WorkStanding> {
  askingOfWork ??= workStanding(server().probe.db).finally(() => {
    askingOfWork = null
  })
  const standing = await askingOfWork.catch((error: unknown) => {
    throw isDatabaseLost(error) ? unreachable(error) : error
  })
  const why = whyStill(standing)
  if (why !== null) throw new ProductError('work-stands-still', why)
  return standing
}

/** Why work counts as standing still; `null` where it goes on, or there is none. */
export function whyStill({ oldestJob, lastWork, lastLook }: WorkStanding): string | null {
  const minutes = (seconds: number): string => `${Math.floor(seconds / MINUTE)} minutes`
  const idle = Math.min(oldestJob ?? 0, lastWork ?? Number.POSITIVE_INFINITY)
  if (idle > LONGEST_STANDSTILL_SECONDS)
    return `A job waits for ${minutes(oldestJob ?? 0)}, and none was begun or done for ${minutes(idle)}.`
  if ((lastLook ?? 0) > LONGEST_WITHOUT_LOOK_SECONDS)
    return `Nobody has looked for invoices for ${minutes(lastLook ?? 0)}.`
  return null
}

const outdated = (detail: string): ProductError => new ProductError('database-outdated', detail)
