import { server } from '#app/server/process.ts'
import { reply, route } from '#app/server/route.ts'
import { ping } from '#db/queries/health.ts'
import { healthSchema } from '../schemas/jobs.ts'

/** Answers 200 where the environment is complete and the database answers. */
export const GET = route(async () => {
  await ping(server().db)
  return reply(healthSchema, { ok: true })
})
