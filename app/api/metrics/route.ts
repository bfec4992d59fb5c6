import { refuse, requireBearer, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { METRICS_TYPE, metricsText } from '#app/views/metrics.ts'
import { figuresOf } from '#db/observation.ts'
import { programs } from '#lib/programs/registry.ts'

/** The deployment's figures for Prometheus, read from the tables, so that every process gives the same. */
export const GET = route(async (request) => {
  const { db, env } = server()
  if (env.metricsToken === null) throw refuse('not-found', 'This deployment gives nobody its figures.')
  requireBearer(request, env.metricsToken, 'The figures need the bearer secret METRICS_TOKEN.')
  const slugs = programs.map(({ slug }) => slug)
  return new Response(metricsText(await figuresOf(db, slugs)), {
    headers: { 'content-type': METRICS_TYPE, 'cache-control': 'no-store' },
  })
})
