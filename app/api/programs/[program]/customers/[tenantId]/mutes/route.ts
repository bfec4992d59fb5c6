import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { shownMute } from '#app/views/mutes.ts'
import { mute } from '#lib/inbox/mute.ts'

export const POST = serve(
  'POST /api/programs/{program}/customers/{tenantId}/mutes',
  async ({ principal, path: { program, tenantId }, body }) => {
    const ctx = { ...principal, db: server().db, program: program.slug, now: () => new Date() }
    return { mute: shownMute(await mute({ ctx, input: { ...body, tenantId } })) }
  },
)
