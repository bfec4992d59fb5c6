import { serve } from '#app/http/serve.ts'
import { databaseHealth } from '#app/process/database-health.ts'

/** 503 with what is wrong where it is not well. */
export const GET = serve('GET /api/health', async () => {
  const { migration } = await databaseHealth()
  return { ok: true, database: 'reachable', queue: 'reachable', migration }
})
