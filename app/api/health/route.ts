import { queryOf, reply, route } from '#app/http/route.ts'
import { databaseHealth, workHealth } from '#app/process/database-health.ts'
import { healthQuerySchema, healthSchema } from '../schemas/jobs.ts'

/**
 * Answers 200 where the environment is complete, the database answers and is at this version, and scheduled work goes on; 503
 * with what is wrong where not, within 3 seconds. With `?of=database` work is not looked at: for launchers, for balancers, which
 * would take away the process that could go on with it, and for pages that wait for the database.
 */
export const GET = route(async (request) => {
  const { of } = queryOf(request, healthQuerySchema)
  const { migration } = await databaseHealth()
  const { oldestJob, lastLook } = of === 'everything' ? await workHealth() : notAsked
  return reply(healthSchema, {
    ok: true,
    database: 'reachable',
    queue: 'reachable',
    oldestJobSeconds: oldestJob,
    lastLookSeconds: lastLook,
    migration,
  })
})

const notAsked = { oldestJob: null, lastLook: null }
