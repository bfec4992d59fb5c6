import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { setTermEnd } from '#lib/setup/term-end.ts'

export const PUT = serve(
  'PUT /api/programs/{program}/subscriptions/{subscriptionId}/term-end',
  async ({ principal, path: { program, subscriptionId }, body }) => {
    const ctx = { ...principal, db: server().db, program: program.slug }
    await setTermEnd({ ctx, input: { subscriptionId, endsOn: body.endsOn } })
  },
)
