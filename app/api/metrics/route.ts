import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { METRICS_TYPE, metricsText } from '#app/views/metrics.ts'
import { figuresOf } from '#db/observation.ts'
import { programs } from '#lib/programs/registry.ts'

/** Read from the tables, so that every process gives the same. */
export const GET = serve('GET /api/metrics', async () => {
  const slugs = programs.map(({ slug }) => slug)
  return new Response(metricsText(await figuresOf(server().db, slugs)), {
    headers: { 'content-type': METRICS_TYPE, 'cache-control': 'no-store' },
  })
})
