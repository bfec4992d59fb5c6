import { serve } from '#app/http/serve.ts'
import { databaseHealth, workHealth } from '#app/process/database-health.ts'
import { version } from '#lib/base/version.ts'

/** 503 with what is wrong where it is not well. */
export const GET = serve('GET /api/health', async ({ query }) => {
  const { migration } = await databaseHealth()
  const { oldestJob, lastLook } = query.of === 'everything' ? await workHealth() : notAsked
  return {
    ok: true,
    version,
    database: 'reachable',
    queue: 'reachable',
    oldestJobSeconds: oldestJob,
    lastLookSeconds: lastLook,
    migration,
  } as const
})

const notAsked = { oldestJob: null, lastLook: null }
