import { serve } from '#app/http/serve.ts'
import { personOf } from '#app/http/session.ts'
import { server } from '#app/process/process.ts'
import { removeFactor } from '#lib/auth/second-factor.ts'

export const POST = serve('POST /api/session/second-factor/removal', async ({ principal, body }) =>
  removeFactor(server(), await personOf(principal), body.code),
)
