import { reply, route } from '#app/http/route.ts'
import { databaseHealth } from '#app/process/database-health.ts'
import { healthSchema } from '../schemas/jobs.ts'

/**
 * Answers 200 where the environment is complete, and the database answers and is at this version; 503 with what is wrong
 * where it does not, within 3 seconds.
 */
export const GET = route(async () => {
  const { migration } = await databaseHealth()
  return reply(healthSchema, { ok: true, database: 'reachable', queue: 'reachable', migration })
})
