import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { whatFollows } from '#db/mappings/bring-sync.ts'
import { answerLine } from '#lib/inbox/line-answers.ts'

export const PUT = serve(
  'PUT /api/programs/{program}/agreements/{agreementId}/line-answers',
  async ({ principal, path: { program, agreementId }, body }) => {
    const ctx = { ...principal, db: server().db, program: program.slug }
    await answerLine({ ctx, input: { agreementId, ...body } })
    return { follows: await whatFollows(ctx.db, ctx.organisationId, ctx.program, agreementId) }
  },
)
