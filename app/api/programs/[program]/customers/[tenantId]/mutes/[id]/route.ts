import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { unmute } from '#lib/inbox/mute.ts'

export const DELETE = serve(
  'DELETE /api/programs/{program}/customers/{tenantId}/mutes/{id}',
  ({ principal, path: { program, ...input } }) =>
    unmute({ ctx: { ...principal, db: server().db, program: program.slug, now: () => new Date() }, input }),
)
