import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { whatFollows } from '#db/mappings/bring-sync.ts'
import { answerBilled, takeBilledBack } from '#lib/inbox/billed-answers.ts'

export const PUT = serve(
  'PUT /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/billed/{through}',
  async ({ principal, path: { program, ...asked }, body: { billed } }) => {
    const ctx = { ...principal, db: server().db, program: program.slug }
    await answerBilled({ ctx, input: { ...asked, billed } })
    const follows = await whatFollows(ctx.db, ctx.organisationId, ctx.program, asked.agreementId)
    return { additionId: asked.additionId, through: asked.through, billed, follows }
  },
)

export const DELETE = serve(
  'DELETE /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/billed/{through}',
  ({ principal, path: { program, ...input } }) => {
    const ctx = { ...principal, db: server().db, program: program.slug }
    return takeBilledBack({ ctx, input })
  },
)
